"""Which seats contest which units: pairs of seats that are both candidates of a unit, at little regret."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from solvers.alignment.instance import BoolArray, FloatArray, IntArray
from solvers.alignment.pricing import Candidates

CONTESTED = 150
"""Contested units per seat that are aimed at."""
SLOTS = 6


class State(NamedTuple):
    """An alignment under exchange, and the pairs of seats; the compiled code reads it as it is."""

    seat: IntArray
    """Seat of each unit, shape (unit,); changed in place."""
    load: FloatArray
    """Scaled load, shape (rep, row kind); changed in place."""
    scaled: FloatArray
    """Scaled weights, shape (unit, row kind)."""
    regret: FloatArray
    """What a candidate costs beyond the unit's best, shape (unit, slot)."""
    pair: IntArray
    """The two seats, shape (pair, 2)."""
    first: IntArray
    """Where the units of each pair begin, and the end; shape (pair + 1,)."""
    unit: IntArray
    """Contested units, grouped by pair."""
    slot: Any
    """Slots of the pair's two seats among the unit's candidates, int8, shape (contested, 2)."""


def neighbours(candidates: Candidates, regret: FloatArray, scaled: FloatArray) -> State:
    """Return the pairs and an alignment that gives each unit to its best seat; shapes as in `State`."""
    reps = int(candidates.seat.max()) + 1
    seats = candidates.seat[:, :SLOTS]
    close = _close(regret[:, :SLOTS], reps)
    found = [part for part in _contests(seats, close)]
    unit = np.concatenate([part[0] for part in found]) if found else np.empty(0, dtype=np.int64)
    slot = np.concatenate([part[1] for part in found]) if found else np.empty((0, 2), dtype=np.int8)
    ends = np.take_along_axis(seats[unit], slot.astype(np.int64), axis=1).astype(np.int64)
    turned = ends[:, 0] > ends[:, 1]
    ends[turned], slot[turned] = ends[turned][:, ::-1], slot[turned][:, ::-1]
    key = ends[:, 0] * reps + ends[:, 1]
    order = np.argsort(key, kind="stable")
    pairs, first = np.unique(key[order], return_index=True)
    return State(
        seats[:, 0].astype(np.int64),
        np.empty((0, 0)),
        scaled,
        np.ascontiguousarray(regret[:, :SLOTS]),
        np.stack((pairs // reps, pairs % reps), axis=1),
        np.append(first, len(order)).astype(np.int64),
        unit[order],
        np.ascontiguousarray(slot[order]),
    )


def _close(regret: FloatArray, reps: int) -> BoolArray:
    """Say which candidates are contested: those of least regret, so many that seats have enough to exchange."""
    if regret.shape[1] < 2:
        return np.zeros(regret.shape, dtype=np.bool_)
    second = np.sort(regret[:, 1])
    rank = CONTESTED * reps
    limit = second[rank - 1] if rank < len(second) else np.inf
    return np.asarray(np.isfinite(regret) & (regret <= limit))


def _contests(seats: Any, close: BoolArray) -> Iterator[tuple[IntArray, Any]]:
    for a in range(seats.shape[1]):
        for b in range(a + 1, seats.shape[1]):
            unit = np.flatnonzero(close[:, b])
            yield unit, np.tile(np.array([a, b], dtype=np.int8), (len(unit), 1))


def rounds(pair: IntArray, reps: int, order: IntArray) -> list[IntArray]:
    """Deal the pairs, in the given order, into rounds in which no seat appears twice."""
    taken = np.zeros((0, reps), dtype=np.bool_)
    dealt: list[list[int]] = []
    for p in order.tolist():
        a, b = pair[p]
        free = np.flatnonzero(~(taken[:, a] | taken[:, b]))
        if not len(free):
            taken = np.vstack((taken, np.zeros((max(len(taken), 16), reps), dtype=np.bool_)))
            free = np.flatnonzero(~(taken[:, a] | taken[:, b]))
        turn = int(free[0])
        taken[turn, [a, b]] = True
        while len(dealt) <= turn:
            dealt.append([])
        dealt[turn].append(p)
    return [np.array(part, dtype=np.int64) for part in dealt]
