from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np
import pytest

from solvers.location.check import violations
from solvers.location.dual import Ascent
from solvers.location.exact import prove
from solvers.location.instance import Location, Plan
from solvers.location.locate import Effort, locate
from solvers.solution import SolveOptions
from tests.location.small import optimum, random_problem

QUICK = Effort(work=2e7, walks=2, rounds=150, whole_rounds=40)
CASES = [(seed, measures, lower) for seed in range(5) for measures in (1, 2) for lower in (False, True)]


@pytest.mark.parametrize(("seed", "measures", "lower"), CASES)
def test_bounds_hold_and_the_proof_ends_at_the_optimum(seed, measures, lower):
    problem = random_problem(seed, measures=measures, lower=lower)
    best = optimum(problem)
    found = locate(problem, QUICK)
    assert found.lagrangian <= best + 1e-9
    assert found.bound <= best + 1e-6
    if best == inf:
        assert found.plan is None
        assert found.bound == inf
    else:
        assert found.plan is not None
        assert violations(problem, found.plan) == []
        assert found.plan.cost == pytest.approx(best, abs=1e-6)
        assert found.gap <= 1e-6


@pytest.mark.parametrize("seed", range(8))
def test_what_the_bound_leaves_holds_every_better_plan(seed):
    problem = random_problem(seed, lower=seed % 2 == 1)
    best = optimum(problem)
    if best == inf:
        pytest.skip("no plan at all")
    ascent = Ascent(problem, whole=seed % 4 == 0)
    bound = ascent.climb(best, 100)
    left = bound.pairs_within(problem, best - bound.value + 1e-6)
    narrowed = replace(problem, cost=np.where(left, problem.cost, inf))
    assert optimum(narrowed) == pytest.approx(best)
    assert left.sum() < np.isfinite(problem.cost).sum()


@pytest.mark.parametrize("seed", range(8))
def test_groups_with_numbers_of_their_own_are_bounded_and_proven(seed):
    given = random_problem(seed, lower=seed % 2 == 1)
    problem = replace(given, group=np.array([0, 0, 1, 1]), quota=np.array([1, 1]), keep=given.keep & False)
    best = optimum(problem)
    ascent = Ascent(problem)
    bound = ascent.climb(best if best < inf else 100.0, 100)
    assert bound.value <= best + 1e-9
    assert sorted(bound.open // 2) == [0, 1]
    if best < inf:
        left = bound.pairs_within(problem, best - bound.value + 1e-6)
        assert optimum(replace(problem, cost=np.where(left, problem.cost, inf))) == pytest.approx(best)
        proven = prove(problem, bound, None, SolveOptions(gap=0))
        assert proven.plan is not None
        assert violations(problem, proven.plan) == []
        assert proven.plan.cost == pytest.approx(best)


def test_a_group_without_enough_sites_has_no_plan():
    given = random_problem(1)
    problem = replace(given, group=np.array([0, 1, 1, 1]), quota=np.array([2, 0]))
    assert Ascent(problem).climb(100.0, 5).value == inf
    plan = Plan(np.array([0, 1]), np.zeros(given.points, dtype=np.int64), 0.0)
    assert any("group 0 has 1 open" in sentence for sentence in violations(problem, plan))


def test_an_answer_repeats_for_a_seed_and_reads_no_clock():
    problem = clustered(120, 6)
    effort = replace(QUICK, exact_pairs=0, work=1e8)
    first, second = locate(problem, effort), locate(problem, effort)
    assert first.plan is not None
    assert second.plan is not None
    assert first.plan.cost == second.plan.cost
    assert first.bound == second.bound
    assert (first.plan.site_of == second.plan.site_of).all()
    assert first.gap < 0.06


def clustered(points: int, count: int) -> Location:
    random = np.random.Generator(np.random.Philox(7))
    here = random.normal(random.integers(0, 3, (points, 1)) * 5.0, 1.5, (points, 2))
    cost = np.hypot(*(here[:, None] - here[None, :]).transpose(2, 0, 1))
    weight = random.integers(1, 20, (1, points))
    each = int(np.ceil(weight.sum() / count * 1.15))
    none = np.zeros(points)
    upper = np.full((1, points), each)
    return Location(cost, weight, upper * 0, upper, none, none.astype(np.bool_), count)


def test_the_check_sees_every_kind_of_breach():
    problem = random_problem(2)
    best = locate(problem, QUICK).plan
    assert best is not None
    closed = next(j for j in range(problem.sites) if j not in best.open)
    wrong = {
        "closed": replace(best, site_of=np.full(problem.points, closed)),
        "sites are open": replace(best, open=best.open[:1]),
        "must be open": replace(best, open=np.array([1, 2])),
        "not": replace(best, cost=best.cost - 1),
        "points have a site": replace(best, site_of=best.site_of[:-1]),
        "carries": Plan(best.open, np.full(problem.points, best.open[0]), best.cost),
    }
    for words, plan in wrong.items():
        assert any(words in sentence for sentence in violations(problem, plan)), words


def test_forbidden_pairs_are_seen():
    problem = random_problem(3)
    best = locate(problem, QUICK).plan
    assert best is not None
    never = np.where(np.arange(problem.sites)[:, None] == best.site_of[0], inf, problem.cost)
    assert any("must not" in sentence for sentence in violations(replace(problem, cost=never), best))


def test_sites_that_cannot_carry_everything_are_counted_out():
    problem = random_problem(1)
    found = locate(replace(problem, upper=problem.upper // 4))
    assert found.plan is None
    assert found.bound == inf
    assert "together" in found.proof


def test_shapes_and_numbers_that_do_not_fit_are_refused():
    problem = random_problem(1)
    for change in (
        {"weight": problem.weight[:, :-1]},
        {"weight": -problem.weight},
        {"cost": problem.cost * np.nan},
        {"count": 9},
        {"opening": np.full(problem.sites, inf)},
    ):
        with pytest.raises(ValueError, match=r"shape|below 0|not a number|sites of"):
            replace(problem, **change)
