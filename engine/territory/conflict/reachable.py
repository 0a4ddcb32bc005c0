"""Bands that no set of accounts meets: sums of few accounts are counted, in units of their common divisor.

    { sum_{i in S} w_i : locked accounts of seat j in S, S within those that it may own }  and  [L_j, U_j]

Up to 40 free accounts are split in two halves whose sums are sorted; of more, the sums up to U_j are the set bits of
one integer, each account a shift. Either way the nearest sums below and above are known, and every set is counted.
Measures of few units are left to branch and bound, which also says what each seat would have to give.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.errors import Fault
from engine.inputs import IntArray
from engine.territory.conflict.groups import CODE
from engine.territory.declaration import Band
from engine.territory.problem import Named, Problem
from engine.territory.solving.scaling import unit
from engine.territory.target import SHOWN

NARROW = 0.5
"""Width of a band, in mean accounts, below which its sums are counted."""
FINE = 20
"""Units in a mean account from which sums are counted."""
HALVED = 40
"""Free accounts up to which all sums of two halves are listed."""
BITS = 2_000_000_000
"""Most bits times shifts for more accounts than that."""

Nearest = tuple[int | None, int | None]
"""The nearest sums below and above a band that holds none, in units; None where there is no such sum."""


def unreachable(problem: Problem, band: Named[Band]) -> Iterator[Fault]:
    """Yield a fault for the first seats whose band no set of accounts meets (weights of 0 or more)."""
    what = band.what
    if what.measure.by_seat or (what.measure.values < 0).any() or not len(problem.account_ids):
        return
    divisor, _ = unit(what.measure)
    values = what.measure.values // divisor
    if float(values.mean()) < FINE:
        return
    only = problem.eligible.sum(axis=1) == 1
    known: dict[bytes, Nearest | None] = {}
    found = 0
    for j, seat in enumerate(problem.rep_ids):
        low, high = -(-int(what.lower[j]) // divisor), int(what.upper[j]) // divisor
        may = problem.eligible[:, j]
        if high - low >= NARROW * max(float(values.mean()), 1.0) or found == SHOWN:
            continue
        key = b"".join((may.tobytes(), (may & only).tobytes(), np.array([low, high]).tobytes()))
        if key not in known:
            known[key] = missed(int(values[may & only].sum()), values[may & ~only], low, high)
        near = known[key]
        if near is not None:
            found += 1
            yield _fault(band, seat, j, (near, divisor))


def missed(locked: int, free: IntArray, low: int, high: int) -> Nearest | None:
    """Return the sums nearest to [low, high] when none lies in it; None when one does, or when there are too many.

    Every sum holds `locked`; `free` has shape (account,) and is 0 or more, and only sums up to `high` and the first
    one above are looked at.
    """
    if high < locked:
        return None, locked
    free = free[free > 0]
    if len(free) <= HALVED:
        half = len(free) // 2
        return _between(_sums(free[:half]) + locked, _sums(free[half:]), low, high)
    reach = high - locked + int(free.max(initial=0))
    if reach * len(free) > BITS:
        return None
    return _shifted(free.tolist(), low - locked, high - locked, reach, locked)


def _sums(free: IntArray) -> IntArray:
    """Return the sums of all subsets, sorted."""
    sums = np.zeros(1, dtype=np.int64)
    for value in free.tolist():
        sums = np.concatenate((sums, sums + value))
    return np.sort(sums)


def _between(one: IntArray, two: IntArray, low: int, high: int) -> Nearest | None:
    first = np.searchsorted(two, low - one)
    above = (one + two[np.minimum(first, len(two) - 1)])[first < len(two)]
    if (above <= high).any():
        return None
    below = (one + two[np.maximum(first - 1, 0)])[first > 0]
    return (int(below.max()) if len(below) else None), (int(above.min()) if len(above) else None)


def _shifted(free: list[int], low: int, high: int, reach: int, locked: int) -> Nearest | None:
    bits, mask = 1, (1 << (reach + 1)) - 1
    for value in free:
        bits |= (bits << value) & mask
    low = max(low, 0)
    if high >= low and bits >> low & ((1 << (high - low + 1)) - 1):
        return None
    under = bits & ((1 << low) - 1)
    over = bits >> (high + 1)
    below = under.bit_length() - 1 + locked if under else None
    above = high + 1 + (over & -over).bit_length() - 1 + locked if over else None
    return below, above


def _fault(band: Named[Band], seat: str, j: int, near: tuple[Nearest, int]) -> Fault:
    (below, above), divisor = near
    what, show = band.what, band.what.measure.show
    sides = [show(side * divisor) for side in (below, above) if side is not None]
    nearest = f"the nearest {'sums are' if len(sides) > 1 else 'sum is'} {' and '.join(sides)}"
    message = (
        f"{band.title}: no set of accounts that seat {seat} may own adds up to between {show(int(what.lower[j]))} and"
        f" {show(int(what.upper[j]))}; {nearest}."
    )
    return Fault(CODE, message, "Widen the band until one of them lies in it.", field=band.field)
