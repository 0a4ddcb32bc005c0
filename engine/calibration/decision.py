"""Decision: the stage of no days behind the last one, where the outcome goes with the month of the close."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from engine.calibration.deciding import Deciding, deciding
from engine.calibration.found import Curve, Found
from engine.calibration.outcomes import Ratios, ratios
from engine.calibration.quarters import month_of_quarter
from engine.calibration.spec import CalibrationSpec
from engine.calibration.stages import Estimated
from engine.calibration.visits import BACK, OFF, ON, Visits
from engine.inputs import Inputs
from engine.pipeline.export import days
from engine.pipeline.fits import ratio
from engine.pipeline.laws.fixed import Fixed
from engine.pipeline.processes.uncertainty import StageError
from engine.pipeline.spec import Case, Stage


@dataclass(frozen=True)
class Decided:
    """How the last visits end."""

    visits: Visits
    """Visits to the last stage with days: with a decision behind it, every close is an advance."""
    stage: Estimated | None
    """The decision; None where there is none."""


def decided(
    visits: Visits, inputs: Inputs, segment: NDArray[np.object_], asked: CalibrationSpec, found: Found
) -> Decided:
    """Say whether the last stage needs a decision behind it; `segment` is that of every deal of the export."""
    closed = visits.at((visits.how == ON) | (visits.how == OFF))
    won = closed.how == ON
    if (visits.how == BACK).any() or won.all() or not won.any():
        return Decided(visits, None)
    month = month_of_quarter(inputs.calendar, closed.left)
    told = deciding(won, month, days(closed.left - closed.entered), asked.criterion)
    if int(told.closed.min()) < asked.fewest:
        found.missing(
            asked.decision,
            f"by month of the close: one month has fewer than {asked.fewest} closes",
            "Give more history.",
        )
        return Decided(visits, None)
    _tell(told, asked.decision if told.by_month else visits.stage, asked.criterion, found)
    if not told.by_month:
        return Decided(visits, None)
    names = segment[closed.deal].tolist()
    segments = ratios(won.astype(np.float64), told.chance[month - 1], names, asked.criterion, asked.fewest)
    segments = segments if segments is not None and segments.gain > 0 else None
    closes = replace(visits, how=np.where(visits.how >= 0, ON, visits.how).astype(np.int8))
    return Decided(closes, _stage(told, segments, float(won.mean()), asked, found))


def _tell(told: Deciding, part: str, criterion: str, found: Found) -> None:
    """Say how the outcome goes, under the stage that it stands in."""
    scores = ", ".join(f"{name} {score:,.0f}" for name, score in told.scores.items())
    found.note(part, f"Won or lost, once it closes, by {criterion.upper()}: {scores}.")
    error = np.sqrt(told.chance * (1 - told.chance) / np.maximum(told.closed, 1))
    lines = (
        ("p50", told.chance),
        ("p10", told.chance - 1.645 * error),
        ("p90", told.chance + 1.645 * error),
    )
    found.curves.append(
        Curve(
            part, "Share won of what closes, by month of the quarter", np.arange(1.0, 4.0), lines,
            "month of the quarter", "share won", ("month 1", "month 2", "month 3"),
        )
    )  # fmt: skip


def _stage(
    told: Deciding, segments: Ratios | None, share: float, asked: CalibrationSpec, found: Found
) -> Estimated:
    cases = []
    for at, (chance, closed) in enumerate(zip(told.chance.tolist(), told.closed.tolist(), strict=True)):
        error = 1 / sqrt(max(closed * chance * (1 - chance), 0.5))
        found.chance(
            asked.decision, "advance", f"closed in month {at + 1} of the quarter", (chance, error), closed
        )
        cases.append(Case(months_of_quarter=(at + 1,), advance=ratio(chance)))
    if segments is not None:
        for at, name in enumerate(segments.names):
            effect, error = segments.shrunk.value(at)
            told_of, count = segments.shrunk.told(at), int(segments.count[at])
            found.normal(
                asked.decision,
                "factor on the chance",
                f"segment {name}",
                (effect, error),
                "ratio",
                count,
                told_of,
            )
            cases.append(Case(segments=(name,), advance_times=round(effect, 4)))
    total = int(told.closed.sum())
    odds = 1 / sqrt(max(total * share * (1 - share), 0.5))
    found.chance(asked.decision, "advance", "", (share, odds), total)
    stage = Stage(name=asked.decision, advance=ratio(share), duration=Fixed(value=0), cases=tuple(cases))
    return Estimated(stage, StageError(odds=round(min(odds, 5.0), 4)))
