"""Stages: from visits to the stages of a pipeline, with cases, errors, and the fit against the data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from engine.calibration.choosing import choose
from engine.calibration.circumstances import Groups, by_group, by_part, told_by_chance
from engine.calibration.found import Curve, Found
from engine.calibration.quarters import plan_day
from engine.calibration.spec import CalibrationSpec
from engine.calibration.stage_fit import Fitted
from engine.calibration.visits import BACK, OFF, Visits
from engine.inputs import Inputs
from engine.pipeline.competing_risks import incidence
from engine.pipeline.fits import ratio
from engine.pipeline.law import Law
from engine.pipeline.laws.empirical import Empirical
from engine.pipeline.months import Parts
from engine.pipeline.processes.uncertainty import StageError
from engine.pipeline.spec import Case, Recycle, Stage

_THIRDS = (11, 21)
"""Days of the month at which its second and last third begin."""


@dataclass(frozen=True)
class Estimated:
    """A stage, and how well it is known."""

    stage: Stage
    error: StageError


def estimated(
    visits: Visits,
    stages: Sequence[str],
    inputs: Inputs,
    asked: CalibrationSpec,
    segments: Sequence[str],
    found: Found,
) -> Estimated:
    """Fit a stage.

    Args:
        visits: those to the stage.
        stages: names of all stages in order.
        inputs: the tables.
        asked: how to estimate.
        segments: segment of each visit, '' where unknown.
        found: what there is to say goes there.

    """
    settings = (asked.laws, asked.criterion, asked.give_up)
    pooled = choose(visits.observed, *settings)
    _tell(visits, pooled, found)
    cases = _when(visits, pooled, inputs, asked, found)
    groups = None
    if told_by_chance(visits, segments, found):
        groups = by_group(visits, segments, pooled, asked.criterion, asked.fewest)
    if groups is not None and groups.gain > 0:
        cases += _segments(visits, pooled, groups, found)
    elif groups is not None:
        found.note(visits.stage, f"No difference by segment that the {asked.criterion.upper()} would keep.")
    on, off = laws(pooled, len(pooled.curves[0]), asked.give_up)
    recycle = _recycle(visits, stages, pooled.chance, found)
    chance = min(pooled.chance, 1 - float(recycle.chance)) if recycle else pooled.chance
    stage = Stage(
        name=visits.stage, advance=ratio(chance), recycle=recycle, duration=on, duration_lost=off, cases=tuple(cases)
    )  # fmt: skip
    return Estimated(stage, StageError(odds=_error(pooled.odds_error), days=_error(pooled.days_error)))


def laws(fitted: Fitted, ages: int, give_up: int) -> tuple[Law, Law | None]:
    """Return the laws of a stage; deals of which none was seen to be lost are so evenly up to `give_up`."""
    if fitted.off is not None or not fitted.on_only or fitted.chance > 1 - 1e-4:
        return fitted.on, fitted.off
    last = float(ages)
    return fitted.on, Empirical(values=(last, max(float(give_up), last)), at=(Decimal(0), Decimal(1)))


def _error(value: float) -> float:
    return min(round(value, 4), 5.0)


def _tell(visits: Visits, fitted: Fitted, found: Found) -> None:
    name, seen = visits.stage, int((visits.how >= 0).sum())
    found.try_all(name, fitted.tried)
    found.chance(name, "advance", "", (fitted.chance, fitted.odds_error), len(visits))
    own, other = (float(np.sqrt(max(fitted.error[i, i], 0.0))) for i in (1, 2))
    found.positive(name, "mean days, advancing", "", (_mean(fitted.on), own), "days", seen)
    if fitted.off is not None and not fitted.on_only:
        found.positive(name, "mean days, others", "", (_mean(fitted.off), other), "days", seen)
    counted = incidence(visits.observed)
    ages = np.arange(len(counted.won), dtype=np.float64)
    on, off = (curve[: len(ages)] for curve in fitted.curves)
    lines = [("advanced, counted", counted.won), ("advanced, fitted", fitted.chance * on)]
    if not fitted.on_only:
        lines += [
            ("lost or back, counted", counted.lost),
            ("lost or back, fitted", (1 - fitted.chance) * off),
        ]
    title = f"{name}: how deals leave it by age"
    found.curves.append(Curve(name, title, ages, tuple(lines), "days in the stage", "share of deals"))
    naive = float((visits.how == 1).sum()) / max(seen, 1)
    found.note(
        name,
        f"{fitted.chance:.1%} advance, by competing risks over {seen:,} exits and {len(visits) - seen:,} deals still "
        f"there; exits alone would say {naive:.1%}.",
    )
    if counted.undecided > 0.02:
        found.warn(
            name,
            f"{counted.undecided:.1%} of deals outlive the oldest observed exit, of {len(ages) - 1} days.",
            "What becomes of them is an assumption: see give_up.",
        )


def _mean(law: Law) -> float:
    from engine.pipeline.law import mean

    return mean(law.knots())


def _when(visits: Visits, pooled: Fitted, inputs: Inputs, asked: CalibrationSpec, found: Found) -> list[Case]:
    """Return cases by month of the quarter, or by thirds of its months, where the criterion wants them."""
    settings, day = (asked.laws, asked.criterion, asked.give_up), plan_day(inputs.calendar, visits.entered)
    best: tuple[Parts, tuple[Fitted, ...], float] | None = None
    for parts in (Parts(inputs.calendar, ()), Parts(inputs.calendar, _THIRDS)):
        fits, gain = by_part(visits, parts.at(day), pooled, settings, asked.fewest)
        if not fits or len(fits) < parts.count:
            found.missing(
                visits.stage,
                f"{parts.count} parts of the quarter: one has fewer than {asked.fewest} exits",
                "Give a longer history.",
            )
            break
        if gain > (best[2] if best else 0.0):
            best = (parts, fits, gain)
    criterion = asked.criterion.upper()
    if best is None:
        found.note(visits.stage, f"No difference by month of the quarter that the {criterion} would keep.")
        return []
    parts, fits, gain = best
    found.note(
        visits.stage, f"Cases by {len(fits)} parts of the quarter lower the {criterion} by {gain:,.0f}."
    )
    return [_case(visits.stage, parts, at, fitted, asked, found) for at, fitted in enumerate(fits)]


def _case(stage: str, parts: Parts, at: int, fitted: Fitted, asked: CalibrationSpec, found: Found) -> Case:
    month, day = parts.month(at), parts.day(at)
    last = at + 1 == parts.count or parts.month(at + 1) != month
    ends = "" if not parts.cuts else f", day {day} to " + ("the last" if last else str(parts.day(at + 1) - 1))
    of = f"entered in month {month} of the quarter{ends}"
    found.chance(stage, "advance", of, (fitted.chance, fitted.odds_error), fitted.chosen.deals)
    on, off = laws(fitted, len(fitted.curves[0]), asked.give_up)
    return Case(
        months_of_quarter=(month,), day_from=day if day > 1 else None, day_below=None if last else parts.day(at + 1),
        advance=ratio(fitted.chance), duration=on, duration_lost=off,
    )  # fmt: skip


def _segments(visits: Visits, pooled: Fitted, groups: Groups, found: Found) -> list[Case]:
    cases = []
    odds = pooled.chance / (1 - pooled.chance)
    for at, name in enumerate(groups.names):
        there = odds * float(np.exp(groups.odds.effect[at]))
        chance = there / (1 + there)
        times = float(np.exp(groups.days.effect[at]))
        of, raw = f"segment {name}", odds * float(np.exp(groups.odds.raw[at]))
        kept = (float(groups.odds.kept[at]), raw / (1 + raw))
        found.chance(visits.stage, "advance", of, (chance, float(groups.odds.error[at])), len(visits), kept)
        found.positive(
            visits.stage, "factor on the days", of, (times, float(groups.days.error[at])), "ratio", len(visits),
            (float(groups.days.kept[at]), float(np.exp(groups.days.raw[at]))),
        )  # fmt: skip
        cases.append(
            Case(segments=(name,), advance_times=round(chance / pooled.chance, 4), days_times=round(times, 4))
        )
    return cases


def _recycle(visits: Visits, stages: Sequence[str], chance: float, found: Found) -> Recycle | None:
    """Return how deals go back: the share of it among those that do not advance, to where most go."""
    back, lost = int((visits.how == BACK).sum()), int((visits.how == OFF).sum())
    if not back:
        return None
    targets = Counter(visits.to[visits.how == BACK].tolist())
    to, most = min(targets.items(), key=lambda item: (-item[1], item[0]))
    if most < back:
        found.note(
            visits.stage, f"{back - most} of {back} deals that went back went elsewhere than to {stages[to]}."
        )
    share = (1 - chance) * back / (back + lost)
    error = float(np.sqrt(1 / back + 1 / max(lost, 1)))
    found.chance(visits.stage, f"back to {stages[to]}", "", (share, error), back)
    return Recycle(to=stages[to], chance=ratio(share))
