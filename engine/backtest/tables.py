"""Tables of a back-test: every forecast, the scores of groups of them, the candidates, and what estimates rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.backtest.choice import Choice
from engine.backtest.forecasts import BASELINES, Asked, Question
from engine.backtest.scores import LEVELS, inside, pit
from engine.columns import Column, Table
from engine.estimates import mean_of, share_of
from engine.inputs import FloatArray, digest
from engine.streams import Purpose, uniform

if TYPE_CHECKING:
    import pandas as pd

QUANTILES = {"p025": 0.025, "p10": 0.1, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9, "p975": 0.975}
_HELD = tuple(f"in{level * 100:.0f}" for level in LEVELS)
ALL = "all"
CONFIDENCE = 0.95

FORECASTS = (
    Column("origin", "date", "Last day that was known."),
    Column("horizon", "text", "How far: the next month, or to the end of its quarter."),
    Column("end", "date", "Last day of the horizon."),
    Column("by", "text", "total, product or segment."),
    Column("slice", "text", "Which product or segment."),
    Column("estimate", "text", "Candidate by which the pipeline was estimated."),
    Column("came", "money", "What was booked."),
    Column("mean", "money", "Mean of the forecast."),
    Column("deals_came", "whole", "How many deals were won."),
    Column("deals_mean", "real", "Mean number of won deals of the forecast."),
    *(
        Column(name, "money", f"Quantile of the forecast at {level:.1%}.")
        for name, level in QUANTILES.items()
    ),
    Column("crps", "money", "CRPS of the forecast; smaller is better."),
    *(Column(f"crps_{name}", "money", f"CRPS of the baseline {name}.") for name in BASELINES),
    *(Column(f"mean_{name}", "money", f"Mean of the baseline {name}.") for name in BASELINES),
    Column("pit", "real", "Level at which the forecast puts what came, randomised within ties."),
    *(
        Column(name, "flag", f"Whether what came lies in the central {level:.0%} interval.")
        for name, level in zip(_HELD, LEVELS, strict=True)
    ),
)
_FIGURES = (
    Column("forecasts", "whole", "Forecasts in the group."),
    Column("crps", "money", "Mean CRPS of the forecasts."),
    *(Column(f"crps_{name}", "money", f"Mean CRPS of the baseline {name}.") for name in BASELINES),
    *(
        column
        for name in BASELINES
        for column in (
            Column(f"gain_{name}", "money", f"Mean CRPS of the baseline {name} less that of the forecasts."),
            Column(f"gain_{name}_low", "money", "Lower end of its 95 % interval over origins (Student)."),
            Column(f"gain_{name}_high", "money", "Upper end of its 95 % interval over origins."),
        )
    ),
    Column("better", "flag", "Whether the mean CRPS is below that of both baselines."),
    Column("bias", "ratio", "Sum of the means of the forecasts over the sum of what came, less 1."),
    Column("bias_deals", "ratio", "The same of the number of won deals."),
    Column(
        "bias_amount",
        "ratio",
        "The same of the money per won deal; times that of the number it gives that of all.",
    ),
    *(
        column
        for name, level in zip(_HELD, LEVELS, strict=True)
        for column in (
            Column(name, "ratio", f"Share of what came that lies in the central {level:.0%} interval."),
            Column(f"{name}_low", "ratio", "Lower end of its 95 % interval (Wilson)."),
            Column(f"{name}_high", "ratio", "Upper end of its 95 % interval."),
        )
    ),
    Column("pit_mean", "real", "Mean PIT; 0.5 where forecasts are neither too high nor too low."),
)
SCORES = (
    Column("by", "text", "What was forecast: total, product or segment; all together."),
    Column("horizon", "text", "How far; all together."),
    *_FIGURES,
)
SLICES = (
    Column("by", "text", "total, product or segment."),
    Column("slice", "text", "Which product or segment."),
    *_FIGURES,
)
CANDIDATES = (
    Column("origin", "date", "Last day that was known."),
    Column("candidate", "text", "Way to estimate."),
    Column("forecasts", "whole", "Earlier forecasts whose outcome was known by then."),
    Column("crps", "money", "Their mean CRPS; blank where there was none."),
    Column("used", "flag", "Whether the forecasts of this origin are made by it."),
)
ESTIMATES = (
    Column("origin", "date", "Last day that was known."),
    Column("candidate", "text", "Way to estimate."),
    Column("note", "text", "What the estimate rests on."),
)


@dataclass(frozen=True)
class Scored:
    """The questions that count, each with the candidate that was used."""

    asked: Asked
    choices: tuple[Choice, ...]
    seed: int

    @property
    def answered(self) -> tuple[tuple[Question, str], ...]:
        """Each question of the origins proper, and the name of the candidate that answers it."""
        used = {choice.origin: choice.used for choice in self.choices}
        return tuple((one, used[one.origin]) for one in self.asked.questions if one.origin in used)

    def tables(self) -> tuple[Table, ...]:
        """Return every table."""
        forecasts = self._forecasts()
        return (
            Table("forecasts", FORECASTS, forecasts, "Every forecast, and what came."),
            Table("scores", SCORES, scores(forecasts), "Scores by what was forecast and how far."),
            Table("slices", SLICES, by_slice(forecasts), "Scores of each slice over all horizons."),
            Table("candidates", CANDIDATES, self._candidates(), "How candidates had done at each origin."),
            Table("estimates", ESTIMATES, self._estimates(), "What the estimates rest on."),
        )

    def _forecasts(self) -> pd.DataFrame:
        rows = [row for question, name in self.answered for row in self._rows(question, name)]
        return _frame(rows, FORECASTS)

    def _rows(self, question: Question, name: str) -> list[dict[str, Any]]:
        theirs = {baseline: question.crps(baseline) for baseline in BASELINES}
        ours, rows = question.crps(name), list[dict[str, Any]]()
        for place, part in enumerate(self.asked.slices):
            sample, came = question.answers[name][place], float(question.came[place])
            where = f"{question.origin.day}\n{question.horizon}\n{part.by}\n{part.name}"
            level = uniform(self.seed, 0, int(Purpose.PIT), digest([where])[0], 0)
            row: dict[str, Any] = {
                "origin": question.origin.day, "horizon": question.horizon, "end": question.end - 1, "by": part.by,
                "slice": part.name, "estimate": name, "came": came, "mean": sample.mean(), "crps": ours[place],
                "pit": pit(sample, came, level), "deals_came": int(question.deals_came[place]),
                "deals_mean": float(question.deals[name][place]),
            }  # fmt: skip
            row |= dict(zip(QUANTILES, np.quantile(sample, list(QUANTILES.values())), strict=True))
            row |= {held: inside(sample, came, of) for held, of in zip(_HELD, LEVELS, strict=True)}
            for baseline in BASELINES:
                row[f"crps_{baseline}"] = theirs[baseline][place]
                row[f"mean_{baseline}"] = question.baselines[baseline][place].mean()
            rows.append(row)
        return rows

    def _candidates(self) -> pd.DataFrame:
        rows = [
            {
                "origin": choice.origin.day, "candidate": name, "forecasts": choice.forecasts, "crps": crps,
                "used": name == choice.used,
            }
            for choice in self.choices
            for name, crps in choice.crps.items()
        ]  # fmt: skip
        return _frame(rows, CANDIDATES)

    def _estimates(self) -> pd.DataFrame:
        rows = [
            {"origin": fit.origin.day, "candidate": fit.candidate, "note": note}
            for fit in self.asked.fits
            for note in fit.notes
        ]
        return _frame(rows, ESTIMATES)


def scores(forecasts: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of all forecasts, of those of each kind of slice and each horizon, and of both."""
    rows = []
    for by in (ALL, *dict.fromkeys(forecasts["by"])):
        for horizon in (ALL, *dict.fromkeys(forecasts["horizon"])):
            inside = forecasts[forecasts["by"].isin([by]) | (by == ALL)]
            inside = inside[inside["horizon"].isin([horizon]) | (horizon == ALL)]
            if len(inside):
                rows.append({"by": by, "horizon": horizon} | _score(inside))
    return _frame(rows, SCORES)


def by_slice(forecasts: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of the forecasts of each slice."""
    parts = forecasts.groupby(["by", "slice"], sort=False)
    return _frame([{"by": by, "slice": name} | _score(rows) for (by, name), rows in parts], SLICES)


def _score(rows: pd.DataFrame) -> dict[str, Any]:
    crps = rows["crps"].to_numpy(np.float64)
    found: dict[str, Any] = {"forecasts": len(rows), "crps": crps.mean()}
    for name in BASELINES:
        theirs = rows[f"crps_{name}"].to_numpy(np.float64)
        # Forecasts from one origin share their errors: an origin is one observation of the difference.
        by_origin = rows.assign(gain=theirs - crps).groupby("origin")["gain"].mean()
        interval = mean_of(by_origin.to_numpy(np.float64), CONFIDENCE)
        found |= {f"crps_{name}": theirs.mean(), f"gain_{name}": (theirs - crps).mean()}
        found |= {f"gain_{name}_low": interval.low, f"gain_{name}_high": interval.high}
    found["better"] = all(found["crps"] < found[f"crps_{name}"] for name in BASELINES)
    found["bias"] = _over(rows["mean"].sum(), rows["came"].sum())
    found["bias_deals"] = _over(rows["deals_mean"].sum(), rows["deals_came"].sum())
    found["bias_amount"] = _over(1 + found["bias"], 1 + found["bias_deals"])
    for name in _HELD:
        share = share_of(rows[name].to_numpy(np.float64), CONFIDENCE)
        found |= {name: share.value, f"{name}_low": share.low, f"{name}_high": share.high}
    return found | {"pit_mean": float(rows["pit"].mean())}


def _over(said: float, came: float) -> float:
    """Return by how much what was said lies above what came, as a share of it; NaN where nothing came."""
    return float(said) / float(came) - 1 if came else float("nan")


def _frame(rows: Sequence[dict[str, Any]], columns: Sequence[Column]) -> pd.DataFrame:
    """Return rows as a frame of the described types; money in whole minor units, blank where it is not known."""
    import pandas as pd

    frame = pd.DataFrame(rows, columns=[column.name for column in columns])
    for column in columns:
        values = frame[column.name]
        if column.type == "money":
            frame[column.name] = _minor(values.to_numpy(np.float64))
        elif column.type == "date":
            frame[column.name] = values.astype("datetime64[us]")
        elif column.type == "flag":
            frame[column.name] = values.astype(bool)
    return frame


def _minor(values: FloatArray) -> Any:
    import pandas as pd

    if not np.isnan(values).any():
        return np.round(values).astype(np.int64)
    return pd.array([None if np.isnan(value) else round(value) for value in values], dtype="Int64")
