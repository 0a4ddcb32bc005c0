"""Which units pairs of seats contest: of each pair those of least regret, and so many that every seat can exchange."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.alignment_law import draw
from solvers.alignment import neighbours
from solvers.alignment.multipliers import Multipliers
from solvers.alignment.neighbours import State, contested
from solvers.alignment.pricing import Pricer
from solvers.alignment.trust import reduced_costs


def state(accounts: int, reps: int) -> State:
    instance = draw(accounts, reps, 1, 4)
    pricer = Pricer(instance, 1)
    zero = Multipliers(np.zeros(instance.lower.shape), np.zeros(0))
    _, candidates = pricer.candidates(zero, 8)
    reduced = reduced_costs(pricer, candidates, zero)
    return neighbours.neighbours(candidates, reduced - reduced.min(axis=1)[:, None], pricer.pairs.scaled)


def test_both_seats_of_a_pair_are_candidates_of_its_units() -> None:
    found = state(400, 8)
    pair = np.repeat(np.arange(len(found.pair)), np.diff(found.first))
    assert (found.pair[:, 0] < found.pair[:, 1]).all()
    assert len(np.unique(pair * 400 + found.unit)) == len(found.unit)
    assert np.isfinite(found.regret[found.unit[:, None], found.slot.astype(np.int64)]).all()


def test_a_pair_keeps_its_units_of_least_regret(monkeypatch: pytest.MonkeyPatch) -> None:
    every = state(400, 8)
    monkeypatch.setattr(neighbours, "OF_PAIR", 5)
    some = state(400, 8)
    assert np.diff(some.first).max() == 5

    def regrets(found: State, pair: tuple[int, ...]) -> np.ndarray:
        (at,) = np.flatnonzero((found.pair == pair).all(axis=1))
        here = slice(found.first[at], found.first[at + 1])
        return np.sort(found.regret[found.unit[here, None], found.slot[here].astype(np.int64)].max(axis=1))

    for pair in map(tuple, some.pair.tolist()):
        assert np.allclose(regrets(some, pair), regrets(every, pair)[: len(regrets(some, pair))])


def test_every_seat_can_exchange_however_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "OF_SEAT", 10)
    found = state(2_000, 40)
    touches = np.bincount(np.repeat(found.pair, np.diff(found.first), axis=0).ravel(), minlength=40)
    assert touches.min() >= 10


def test_contested_weight_is_what_the_two_seats_hold() -> None:
    found = state(400, 8)
    for p, (a, b) in enumerate(found.pair.tolist()):
        units = found.unit[found.first[p] : found.first[p + 1]]
        held = [u for u in units.tolist() if found.seat[u] in (a, b)]
        assert contested(found)[p, 0] == pytest.approx(found.scaled[held, 0].sum())
