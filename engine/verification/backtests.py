"""A back-test by its tables alone: intervals hold what they are told to, and scores are means of the forecasts."""

from __future__ import annotations

from pathlib import Path

from engine.errors import Fault

_HELD = {"in50": ("p25", "p75"), "in80": ("p10", "p90"), "in95": ("p025", "p975")}
_ROUNDED = 1
"""Minor units by which a rounded quantile, or a mean of rounded scores, may differ."""
_MEANS = ("crps", "crps_pipeline", "crps_trailing")


def backtest_faults(folder: Path) -> list[Fault]:
    """Return what contradicts itself between the forecasts and their scores; none means that they hold."""
    import pandas as pd

    forecasts = pd.read_parquet(folder / "tables" / "forecasts.parquet")
    scores = pd.read_parquet(folder / "tables" / "scores.parquet")
    faults = []
    for held, (low, high) in _HELD.items():
        inner = forecasts["came"].between(forecasts[low] + _ROUNDED, forecasts[high] - _ROUNDED)
        outer = forecasts["came"].between(forecasts[low] - _ROUNDED, forecasts[high] + _ROUNDED)
        wrong = int(((inner & ~forecasts[held]) | (~outer & forecasts[held])).sum())
        if wrong:
            text = f"{wrong} forecasts say otherwise in {held} than their quantiles"
            faults.append(Fault("V_TOTALS", text, file="tables/forecasts.parquet"))
    for row in scores.to_dict("records"):
        mine = forecasts
        for column in ("by", "horizon"):
            mine = mine if row[column] == "all" else mine[mine[column] == row[column]]
        told = (row["forecasts"], row["in80"], *(row[name] for name in _MEANS))
        found = (len(mine), mine["in80"].mean(), *(mine[name].mean() for name in _MEANS))
        close = (0, 1e-9, *(_ROUNDED for _ in _MEANS))
        if any(abs(a - b) > limit for a, b, limit in zip(told, found, close, strict=True)):
            text = f"the scores of {row['by']}, {row['horizon']} do not follow from the forecasts"
            faults.append(Fault("V_TOTALS", text, file="tables/scores.parquet"))
    return faults
