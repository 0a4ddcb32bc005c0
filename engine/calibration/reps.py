"""Reps: how much seats differ in winning and in amounts beyond chance, each drawn toward what was expected of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.calibration.found import Found
from engine.calibration.outcomes import ratios
from engine.calibration.shrinking import Shrunk, shrink
from engine.calibration.spec import CalibrationSpec
from engine.inputs import FloatArray, IntArray
from engine.pipeline.processes.rep_factor import RepFactor

_CHANCE = 0.01
"""Probability by chance below which seats are taken to differ."""


@dataclass(frozen=True)
class Closed:
    """Closed deals with what was expected of them; arrays of shape (deal,)."""

    rep: Sequence[str]
    """Id of the seat, '' where unknown."""
    won: FloatArray
    expected: FloatArray
    """Probability of a win of a deal of its segment that closed in its month."""
    amount: FloatArray
    """Currency units; NaN where it was not won."""
    product: IntArray


def rep_factor(closed: Closed, asked: CalibrationSpec, found: Found) -> RepFactor | None:
    """Return the factor of seats, on wins or on amounts, whichever chance explains less; None if it explains both."""
    kinds: dict[str, Shrunk] = {}
    wins = ratios(closed.won, closed.expected, closed.rep, asked.criterion, asked.fewest)
    if wins is None:
        found.missing(
            "reps",
            f"differences in winning: fewer than two seats have {asked.fewest} closed deals",
            "Give more history.",
        )
    else:
        kinds["wins"] = wins.shrunk
        _tell("wins over expected", wins.names, wins.shrunk, wins.count, found)
    sized = _amounts(closed, asked)
    if sized is not None:
        names, count, kinds["amounts"] = sized
        _tell("amount over expected", names, kinds["amounts"], count, found)
    for kind, shrunk in kinds.items():
        found.note(
            "reps",
            f"Seats differ in {kind} with a standard deviation of {shrunk.sd:.3f}; as much spread by chance alone has "
            f"the probability {shrunk.probability:.3f}.",
        )
    telling = {kind: one for kind, one in kinds.items() if one.probability < _CHANCE and one.sd > 0}
    if not telling:
        return None
    chosen = min(telling, key=lambda kind: telling[kind].probability)
    if len(telling) > 1:
        found.missing(
            "reps",
            f"the factor on {next(k for k in telling if k != chosen)}: a pipeline has one factor of seats",
        )
    return RepFactor(applies_to=chosen, sd=round(min(telling[chosen].sd, 2.0), 4))


def _tell(name: str, seats: Sequence[str], shrunk: Shrunk, count: IntArray, found: Found) -> None:
    for at, seat in enumerate(seats):
        found.normal("reps", name, f"seat {seat}", shrunk.value(at), "ratio", int(count[at]), shrunk.told(at))


def _amounts(closed: Closed, asked: CalibrationSpec) -> tuple[tuple[str, ...], IntArray, Shrunk] | None:
    """Return effects on the amount over the mean of its product, by seat."""
    known = np.isfinite(closed.amount) & (closed.amount > 0)
    if not known.any():
        return None
    mean = np.bincount(closed.product[known], closed.amount[known]) / np.maximum(
        np.bincount(closed.product[known]), 1
    )
    ratio = closed.amount[known] / mean[closed.product[known]]
    label = np.array(closed.rep, dtype=object)[known]
    names = [
        name for name in sorted(set(label.tolist()) - {""}) if int((label == name).sum()) >= asked.fewest
    ]
    if len(names) < 2:
        return None
    groups = [ratio[label == name] for name in names]
    # One spread for all seats: a seat's own would make those with few large deals look well known.
    spread = float(np.sqrt(np.mean([group.var(ddof=1) for group in groups])))
    effect = np.array([group.mean() for group in groups])
    count = np.array([len(group) for group in groups])
    if spread == 0:
        return None
    return tuple(names), count, shrink(effect, spread**2 / count, 1.0)
