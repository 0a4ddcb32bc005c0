"""The certificate proves what it says, and nothing more when it was tampered with."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from solvers.assignment import Certificate, Effort, Instance, Outcome, proven, recomputed, solve
from solvers.assignment.certificate import Branch
from solvers.assignment.relaxation import SCALE, lagrangian


@pytest.fixture(scope="module")
def solved() -> tuple[Instance, Outcome]:
    """Four agents, twenty-four jobs whose cost falls as their weight grows: the root leaves a gap to close."""
    draw = np.random.Generator(np.random.Philox(7))
    weight = draw.integers(5, 60, (4, 24))
    capacity = (0.8 * weight.sum(axis=1) / 4).astype(np.int64)
    instance = Instance(111 - weight + draw.integers(-10, 11, weight.shape), weight, capacity)
    return instance, solve(instance, Effort(ascent=200, dives=3, relinks=10, turns=1, nodes=2_000))


def test_a_tree_is_replayed_to_the_bound_it_claims(solved):
    instance, outcome = solved
    assert outcome.proven
    assert len(outcome.certificate.branches) > 1
    assert recomputed(instance, outcome.certificate) == outcome.certificate.bound == outcome.objective


def test_a_bound_above_the_recomputed_one_is_refused(solved):
    instance, outcome = solved
    assert proven(instance, outcome.certificate)
    assert not proven(instance, replace(outcome.certificate, bound=outcome.certificate.bound + 1))


def test_tampered_multipliers_prove_less(solved):
    instance, outcome = solved
    bent = [
        Branch(b.parent, b.agent, [u + 40_000 * (np.arange(u.size) % 3 - 1) for u in b.multipliers], b.job)
        for b in outcome.certificate.branches
    ]
    assert not proven(instance, replace(outcome.certificate, branches=bent))


def test_a_branch_left_out_is_noticed(solved):
    instance, outcome = solved
    branches = outcome.certificate.branches
    assert not proven(instance, replace(outcome.certificate, branches=branches[:1]))


def test_a_claim_of_a_cheaper_incumbent_is_not_believed_without_proof(solved):
    instance, outcome = solved
    cheaper = replace(
        outcome.certificate, cost=outcome.certificate.cost + 50, bound=outcome.certificate.bound + 50
    )
    assert not proven(instance, cheaper)


def test_malformed_certificates_are_refused(solved):
    instance, outcome = solved
    u = outcome.certificate.branches[0].multipliers[0]
    for branches in (
        [],
        [Branch(-1, -1, [u[:-1]])],
        [Branch(-1, -1, [u * 1.5])],
        [Branch(-1, -1), Branch(5, 0)],
    ):
        with pytest.raises(ValueError, match=r"branch|multiplier"):
            recomputed(instance, Certificate(SCALE, 1, 10**6, 0, branches))


def test_both_codes_find_the_same_lagrangian_value_below_every_assignment():
    draw = np.random.Generator(np.random.Philox(11))
    instance = Instance(draw.integers(1, 30, (3, 6)), draw.integers(2, 9, (3, 6)), np.array([13, 15, 17]))
    cheapest = min(
        sum(int(instance.cost[i, j]) for j, i in enumerate(x))
        for x in product(range(3), repeat=6)
        if all(
            sum(int(instance.weight[i, j]) for j in range(6) if x[j] == i) <= instance.capacity[i]
            for i in range(3)
        )
    )
    for _ in range(5):
        u = draw.integers(0, 40 * SCALE, 6)
        scaled = lagrangian(instance.data, np.zeros((3, 6), np.int8), u, np.zeros((3, 6), np.int8))
        claim = Certificate(SCALE, 1, 10**6, 0, [Branch(-1, -1, [u])])
        assert recomputed(instance, claim) == -(-scaled // SCALE) <= cheapest
