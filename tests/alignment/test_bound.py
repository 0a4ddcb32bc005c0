"""The bound holds for every alignment, and other code evaluates it to the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solvers.alignment.certificate import certified
from solvers.alignment.instance import Instance
from solvers.alignment.multipliers import Multipliers, valid
from solvers.alignment.pricing import Pricer
from tests.alignment.worlds import drawn, optimum


def any_multipliers(instance: Instance, seed: int) -> Multipliers:
    random = np.random.Generator(np.random.Philox(seed))
    band = random.normal(0.0, 0.5, instance.lower.shape)
    return valid(instance, Multipliers(band, np.abs(random.normal(0.0, 0.05, len(instance.limits)))))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("sphere", [False, True])
def test_any_multipliers_bound_every_alignment(seed: int, sphere: bool) -> None:
    instance = drawn(seed, sphere=sphere)
    best, _ = optimum(instance)
    for draw in range(10):
        multipliers = any_multipliers(instance, draw)
        bound = Pricer(instance, 1).bound(multipliers)
        assert bound <= best + 1e-9
        assert certified(instance, multipliers) == pytest.approx(bound, rel=1e-10, abs=1e-10)


def test_candidates_are_the_cheapest_seats_of_each_unit() -> None:
    instance = drawn(3)
    multipliers = any_multipliers(instance, 1)
    _, candidates = Pricer(instance, 2).candidates(multipliers, 2)
    from solvers.alignment.certificate import reduced

    full = np.concatenate(list(reduced(instance, multipliers)))
    best = np.sort(full, axis=1)[:, :2]
    taken = np.take_along_axis(full, np.maximum(candidates.seat, 0).astype(np.int64), axis=1)
    assert np.allclose(np.where(candidates.seat >= 0, taken, np.inf), best)


def test_a_certificate_of_the_wrong_sign_proves_nothing() -> None:
    instance = drawn(1)
    zero = Multipliers(np.zeros(instance.lower.shape), np.zeros(1))
    assert certified(instance, replace(zero, budget=np.array([-0.1]))) == -np.inf
    beyond = np.zeros(instance.lower.shape)
    beyond[1, 0] = 0.2 * instance.scale[1]
    assert certified(instance, replace(zero, band=beyond)) == -np.inf


def test_threads_change_no_bit() -> None:
    instance = drawn(2, units=40, reps=4)
    multipliers = any_multipliers(instance, 3)
    one, many = (Pricer(instance, threads).candidates(multipliers, 3) for threads in (1, 4))
    assert one[0] == many[0]
    assert (one[1].seat == many[1].seat).all()
