"""Which seats contest which units: pairs of seats that are both candidates of a unit, at little regret."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from solvers.alignment.instance import FloatArray, IntArray
from solvers.alignment.pricing import Candidates

SLOTS = 6
OF_PAIR, OF_SEAT = 300, 1500
"""Contested units of a pair, and of a seat over all its pairs, that are kept, those of least regret."""


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


def neighbours(candidates: Candidates, regret: FloatArray, scaled: FloatArray, depth: int = 1) -> State:
    """Return the pairs and an alignment that gives each unit to its best seat; shapes as in `State`.

    `depth` is how many times the usual number of contested units is kept.
    """
    reps = int(candidates.seat.max()) + 1
    seats = candidates.seat[:, :SLOTS]
    contest = _near(_contests(seats, regret), reps, depth)
    pairs, first = np.unique(contest.pair, return_index=True)
    return State(
        seats[:, 0].astype(np.int64),
        np.empty((0, 0)),
        scaled,
        np.ascontiguousarray(regret[:, :SLOTS]),
        np.stack((pairs // reps, pairs % reps), axis=1),
        np.append(first, len(contest.unit)).astype(np.int64),
        contest.unit,
        np.ascontiguousarray(contest.slot),
    )


class _Contests(NamedTuple):
    """Units that two of their candidates contest; arrays of one length, sorted by pair, then by regret."""

    pair: IntArray
    """Lower seat times number of seats, plus the higher seat."""
    unit: IntArray
    slot: Any
    """Slots of the lower and the higher seat, int8, shape (contest, 2)."""
    regret: FloatArray
    """The greater of the two."""

    def of(self, chosen: Any) -> _Contests:
        """Return some of them."""
        return _Contests(*(values[chosen] for values in self))


def _contests(seats: Any, regret: FloatArray) -> _Contests:
    """Return the contests of all pairs of slots."""
    reps, none = int(seats.max()) + 1, np.empty(0, dtype=np.int64)
    parts = [(none, none, np.empty((0, 2), dtype=np.int8), np.empty(0))]
    for a in range(seats.shape[1]):
        for b in range(a + 1, seats.shape[1]):
            unit = np.flatnonzero(np.isfinite(regret[:, b]))
            ends = seats[unit][:, [a, b]].astype(np.int64)
            slot = np.tile(np.array([a, b], dtype=np.int8), (len(unit), 1))
            turned = ends[:, 0] > ends[:, 1]
            slot[turned] = slot[turned, ::-1]
            parts.append((ends.min(axis=1) * reps + ends.max(axis=1), unit, slot, regret[unit, b]))
    return _Contests(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _near(contests: _Contests, reps: int, depth: int) -> _Contests:
    """Keep the contests of least regret: so many of each pair, and of these what is near for one of its seats."""
    of_pair = contests.of(np.lexsort((contests.regret, contests.pair)))
    of_pair = of_pair.of(_rank(of_pair.pair) < depth * OF_PAIR)
    ends = np.concatenate((of_pair.pair // reps, of_pair.pair % reps))
    order = np.lexsort((np.tile(of_pair.regret, 2), ends))
    near = order[_rank(ends[order]) < depth * OF_SEAT] % len(of_pair.unit)
    return of_pair.of(np.unique(near))


def _rank(sorted_groups: IntArray) -> IntArray:
    """Return the place of each entry in its group; the groups are sorted."""
    _, first, size = np.unique(sorted_groups, return_index=True, return_counts=True)
    return np.arange(len(sorted_groups)) - np.repeat(first, size)


def contested(state: State) -> FloatArray:
    """Return the scaled weight that each pair of seats holds and contests, shape (pair, row kind)."""
    pair = np.repeat(np.arange(len(state.pair)), np.diff(state.first))
    held = (state.seat[state.unit][:, None] == state.pair[pair]).any(axis=1)
    return np.stack(
        [
            np.bincount(pair[held], state.scaled[state.unit[held], k], minlength=len(state.pair))
            for k in range(state.scaled.shape[1])
        ],
        axis=1,
    )


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
