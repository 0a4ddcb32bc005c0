"""A sample of an instance: every so many units, with their own costs, and multipliers that serve all of them."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.alignment_law import draw
from solvers.alignment import ascent
from solvers.alignment.ascent import ascend
from solvers.alignment.certificate import certified, reduced
from solvers.alignment.instance import Instance, sampled
from solvers.alignment.multipliers import Multipliers
from solvers.alignment.pricing import Pricer
from tests.alignment.worlds import drawn


def costs(instance: Instance) -> np.ndarray:
    zero = Multipliers(np.zeros(instance.lower.shape), np.zeros(len(instance.limits)))
    return np.concatenate(list(reduced(instance, zero)))


@pytest.mark.parametrize("every", [1, 3])
@pytest.mark.parametrize("sphere", [False, True])
def test_a_pair_costs_in_the_sample_what_it_costs_in_the_whole(every: int, sphere: bool) -> None:
    instance = drawn(5, units=40, reps=4, sphere=sphere)
    sample = sampled(instance, every)
    assert np.allclose(costs(sample), costs(instance)[::every])
    assert (sample.weights == instance.weights[:, ::every]).all()


def test_bands_of_a_sample_are_in_proportion_to_what_it_carries() -> None:
    instance = draw(3_000, 5, 2, 1)
    sample = sampled(instance, 10)
    share = sample.weights.sum(axis=1) / instance.weights.sum(axis=1)
    assert (np.abs(sample.lower - instance.lower * share[:, None]) <= 1).all()
    assert (np.abs(sample.upper - instance.upper * share[:, None]) <= 1).all()


def test_the_ascent_reaches_the_same_bound_by_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = draw(5_000, 5, 2, 2)
    bound, multipliers = ascend(Pricer(instance, 1))
    monkeypatch.setattr(ascent, "THINNED", 10**9)
    whole, _ = ascend(Pricer(instance, 1))
    assert bound == pytest.approx(whole, rel=5e-4)
    assert certified(instance, multipliers) == pytest.approx(bound, rel=1e-10)
