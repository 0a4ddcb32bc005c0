"""Equal difficulty against every allocation of tiny companies: bounds never lie, and proven answers are the best."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from engine.errors import BadInput, Infeasible
from engine.inputs import IntArray
from engine.pipeline.bookings import Bookings
from engine.progress import Silent
from engine.quota import allocate
from engine.quota.difficulty.ranking import at_total
from engine.quota.quotas import Quotas
from solvers.solution import Status
from tests.quota.counting import Company, Counted, drawn
from tests.quota.setting import aligned

REPLICATIONS = 12


def world(seed: int) -> tuple[Company, IntArray]:
    """A drawn company without bounds by target, and credits of at least a step; minor units, (replication, rep)."""
    company = replace(drawn(seed), methods=[{"kind": "equal_difficulty"}], target=None)
    rng = np.random.default_rng(seed)
    scale = rng.integers(1, 7, len(company.potential)) * 100
    credit = (rng.lognormal(0, 0.6, (REPLICATIONS, len(scale))) * scale).astype(np.int64)
    return company, np.maximum(credit, 100 * company.step)


def counted(company: Company, credit: IntArray) -> Counted:
    street = 100 * company.goal * (1 + Fraction(company.over[0], 100)) * (1 + Fraction(company.over[1], 100))
    claims = at_total(credit, street)
    return Counted(company, [claim / sum(claims, Fraction(0)) for claim in claims])


def answer(company: Company, credit: IntArray) -> Quotas | None:
    bookings = Bookings(
        ("bookings",), credit[:, :, None, None], np.zeros((REPLICATIONS, 0), np.int64), (), ()
    )
    try:
        return allocate(company.inputs, aligned(company.inputs), bookings, company.wanted, progress=Silent())
    except (BadInput, Infeasible):
        return None


def width(every: Counted, credit: IntArray, quotas: tuple[int, ...]) -> int:
    """Return the range of the counts in which seats whose quota is a choice reach it."""
    choice = [s for s, (low, high) in enumerate(every.limits) if not every.fixed[s] and low != high]
    counts = (credit >= np.array(quotas)).sum(axis=0)[choice]
    return int(np.ptp(counts)) if choice else 0


@pytest.mark.parametrize("seed", range(100, 124))
def test_a_bound_on_the_range_of_chances_is_one_and_a_proven_range_is_least(seed: int) -> None:
    company, credit = world(seed)
    every = counted(company, credit)
    ranges = {tuple(quotas): width(every, credit, tuple(quotas)) for quotas in every.answers()}
    found = answer(company, credit)
    assert (found is None) == (not ranges)
    if found is None:
        return
    quotas = tuple(int(value) for value in found.cells.sum(axis=(1, 2)))
    for solve in found.solves:
        if solve.name == "range of chances":
            assert round(solve.objective * REPLICATIONS) == ranges[quotas]
            assert solve.bound * REPLICATIONS <= min(ranges.values()) + 1e-9
            assert solve.status is not Status.OPTIMAL or ranges[quotas] == min(ranges.values())
