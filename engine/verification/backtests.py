"""A back-test by its tables alone: intervals hold what they are told to, and scores are means of the forecasts."""

from __future__ import annotations

from pathlib import Path

from engine.errors import Fault

_HELD = {"in50": ("p25", "p75"), "in80": ("p10", "p90"), "in95": ("p025", "p975")}
_ROUNDED = 1
"""Minor units by which a rounded quantile, or a mean of rounded scores, may differ."""
_GROUPS = {"scores": ("by", "horizon"), "slices": ("by", "slice")}
"""Tables of scores, and what their rows are of."""
_MEANS = ("crps", "crps_pipeline", "crps_trailing")


def backtest_faults(folder: Path) -> list[Fault]:
    """Return what contradicts itself between the forecasts and their scores; none means that they hold."""
    import pandas as pd

    forecasts = pd.read_parquet(folder / "tables" / "forecasts.parquet")
    faults = []
    for held, (low, high) in _HELD.items():
        inner = forecasts["came"].between(forecasts[low] + _ROUNDED, forecasts[high] - _ROUNDED)
        outer = forecasts["came"].between(forecasts[low] - _ROUNDED, forecasts[high] + _ROUNDED)
        wrong = int(((inner & ~forecasts[held]) | (~outer & forecasts[held])).sum())
        if wrong:
            text = f"{wrong} forecasts say otherwise in {held} than their quantiles"
            faults.append(Fault("V_TOTALS", text, file="tables/forecasts.parquet"))
    for name, keys in _GROUPS.items():
        scores = pd.read_parquet(folder / "tables" / f"{name}.parquet")
        for row in scores.to_dict("records"):
            mine = forecasts
            for key in keys:
                mine = mine if row[key] == "all" else mine[mine[key] == row[key]]
            told = (row["forecasts"], row["in80"], *(row[mean] for mean in _MEANS))
            found = (len(mine), mine["in80"].mean(), *(mine[mean].mean() for mean in _MEANS))
            close = (0, 1e-9, *(_ROUNDED for _ in _MEANS))
            if any(abs(a - b) > limit for a, b, limit in zip(told, found, close, strict=True)):
                text = f"the scores of {row[keys[0]]}, {row[keys[1]]} do not follow from the forecasts"
                faults.append(Fault("V_TOTALS", text, file=f"tables/{name}.parquet"))
    return faults
