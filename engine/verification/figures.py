"""Figures of a plan recomputed from its accounts, account by account, and held to what a table says."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from fractions import Fraction
from math import isclose, isfinite, isnan
from typing import TYPE_CHECKING, Any

import numpy as np

from solvers.solution import relative_gap

if TYPE_CHECKING:
    import pandas as pd

    from engine.inputs import Inputs, IntArray
    from engine.territory.measure import Measured

    Row = Mapping[Hashable, Any]

CLOSE = 1e-9
"""Relative difference allowed between two sums of real costs."""


class Unreadable(Exception):
    """A table that names no account, or no seat, of the inputs; the text says which."""


def plans_in(inputs: Inputs, frame: pd.DataFrame, names: list[str], base: IntArray) -> dict[str, IntArray]:
    """Return the plan in each named column; accounts that the frame leaves out stay with the seats of `base`.

    Raises:
        Unreadable: an account or a seat that does not exist, an account that stands twice, or a missing column.

    """
    place = {account: i for i, account in enumerate(inputs.accounts.id)}
    seats = {seat: j for j, seat in enumerate(inputs.reps.id)}
    lost = [account for account in frame["account"] if account not in place]
    if lost or frame["account"].duplicated().any():
        raise Unreadable(f"its accounts do not exist, or stand twice: {', '.join(map(str, lost[:3]))}")
    rows = [place[account] for account in frame["account"]]
    found = {}
    for name in names:
        if name not in frame or not set(frame[name]) <= set(seats):
            raise Unreadable(f"its column {name} is missing, or names a seat that does not exist")
        found[name] = base.copy()
        found[name][rows] = [seats[seat] for seat in frame[name]]
    return found


def moves(inputs: Inputs, rep_of: IntArray) -> list[int]:
    """Return the accounts that leave their incumbent."""
    seats = zip(inputs.accounts.owner.tolist(), rep_of.tolist(), strict=True)
    return [i for i, (old, new) in enumerate(seats) if old not in (-1, new)]


def weight(measure: Measured, accounts: list[int]) -> Fraction:
    """Return what accounts weigh, in the unit of the measure."""
    return Fraction(sum(int(measure.values[i]) for i in accounts), measure.scale)


def differing(one: IntArray, other: IntArray) -> list[int]:
    """Return the accounts that two plans give to different seats."""
    return np.flatnonzero(one != other).tolist()


def figure_faults(row: Row, recomputed: Mapping[str, float]) -> Iterator[str]:
    """Yield a sentence for each cell that is not what was recomputed; whole numbers must be equal."""
    for name, value in recomputed.items():
        told = float(row[name])
        room = 0.0 if isinstance(value, int) else CLOSE
        if not (isnan(told) and isnan(value)) and not isclose(told, value, rel_tol=room, abs_tol=room):
            yield f"{name} is given as {told:.15g}; recomputed it is {value:.15g}"


def gap_faults(name: str, told: float, objective: float, bound: float) -> Iterator[str]:
    """Yield a sentence when a gap is not the distance of an objective and its bound over the objective."""
    gap = relative_gap(objective, bound)
    if isfinite(gap) == isnan(told) or (
        isfinite(gap) and not isclose(gap, told, rel_tol=CLOSE, abs_tol=CLOSE)
    ):
        yield f"{name} is given as {told:.9g}; {objective:.9g} and {bound:.9g} are {gap:.9g} apart"


def above(value: float, other: float) -> bool:
    """Say whether a value lies above another one by more than rounding."""
    return value > other + CLOSE * max(abs(other), 1.0)
