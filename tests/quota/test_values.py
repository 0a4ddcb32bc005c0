"""Values of nodes: the least total deviation under over-assignment, against counting and against branch and bound."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from engine.progress import Silent
from engine.quota import values
from engine.quota.least import least_worst
from engine.quota.limits import Limit
from engine.quota.search import answered
from engine.quota.settle import outside, total, worst
from engine.quota.spec import QuotaSolver
from engine.quota.split import Problem, total_model
from engine.quota.targets import of_nodes
from engine.quota.tree import grow, handed_down
from engine.quota.values import TooMuch, Values
from tests.quota.setting import seats, spec


def drawn(seed: int, count: int, step: int, high: int | None = None) -> Problem:
    """Seats in two or more districts, each level over-assigned, goal and targets in cents."""
    rng = np.random.default_rng(seed)
    potential = [int(value) for value in rng.integers(20, 60, count)]
    districts = max(count // 4, 2)
    inputs = seats(potential, district=[f"D{k % districts}" for k in range(count)])
    wanted = spec(
        "1", over_assignment={"district": f"{rng.integers(-4, 9)}.3%", "rep": f"{rng.integers(-4, 9)}.7%"}
    )
    whole = sum(potential)
    tree = grow(inputs, wanted, [Fraction(value, whole) for value in potential])
    goal = int(whole * step * rng.uniform(0.08, 0.12))
    limits = tuple(Limit(high=high if node.seat == 0 else None) for node in tree.nodes)
    return Problem(tree, goal, step, tuple(of_nodes(tree, goal)), limits)


def ties_out(problem: Problem, quota: list[int]) -> bool:
    tree = problem.tree
    return all(
        sum(quota[child] for child in below) == handed_down(quota[node], tree.street(node))
        for node, below in enumerate(tree.children)
        if below
    )


@pytest.mark.parametrize("seed", range(12))
def test_nothing_counted_out_is_better(seed: int) -> None:
    problem, held = drawn(seed, 4, 100), Fraction(1, 2)
    tree, best = problem.tree, None
    free = [node for node in range(1, len(tree.nodes)) if not tree.nodes[node].carrier]
    spans = []
    for node in free:
        target = problem.targets[node]
        spans.append(range(int(target / 2) // 100 * 100, int(target * 3 / 2) + 200, 100))
    for chosen in product(*spans):
        quota = _settled(problem, dict(zip(free, chosen, strict=True)))
        if min(quota) >= 0 and worst(tree, quota, problem.targets, problem.limits) <= held:
            found = total(tree, quota, problem.targets, problem.limits)
            best = found if best is None else min(best, found)
    least = Values(problem, held).least()
    assert (least is None) == (best is None)
    if least is not None and best is not None:
        assert total(tree, least[0], problem.targets, problem.limits) == best
        assert least[1] == pytest.approx(float(best))


def _settled(problem: Problem, chosen: dict[int, int]) -> list[int]:
    """Hand the goal down by the definition alone: carriers take what is left."""
    tree, quota = problem.tree, [problem.goal] + [0] * (len(problem.tree.nodes) - 1)
    for node, below in enumerate(tree.children):
        rest = int(tree.street(node) * quota[node] + Fraction(1, 2)) if below else 0
        for child in below:
            if child in chosen:
                quota[child] = chosen[child]
                rest -= chosen[child]
        for child in below:
            if child not in chosen:
                quota[child] = rest
    return quota


@pytest.mark.parametrize("high", [None, 300_000])
def test_branch_and_bound_finds_no_less_and_proves_no_more(high: int | None) -> None:
    problem, solver = drawn(3, 24, 100_000, high), QuotaSolver(node_limit=200)
    least = least_worst(problem)
    assert least is not None
    held = Fraction(least[1]) * Fraction(11, 10)
    found = Values(problem, held).least()
    other = answered(problem, solver, Silent(), lambda margin: total_model(problem, held, margin))
    assert found is not None
    assert other is not None
    quota, value = found
    assert ties_out(problem, quota)
    assert not outside(quota, problem.limits)
    assert worst(problem.tree, quota, problem.targets, problem.limits) <= held + Fraction(1, 10**5)
    by_program = total(problem.tree, other[0], problem.targets, problem.limits)
    assert value <= float(by_program) + 1e-6
    rounded = len(problem.tree.nodes) / 2
    assert other[1].bound * problem.step <= value + rounded


def test_what_is_left_out_at_the_company_is_in_no_better_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = drawn(5, 40, 100_000)
    least = least_worst(problem)
    assert least is not None
    pruned = Values(problem, Fraction(least[1]) * 2).least()
    monkeypatch.setattr(values, "_near", lambda one, above, room, step: one)
    whole = Values(problem, Fraction(least[1]) * 2).least()
    assert pruned is not None
    assert whole is not None
    assert pruned[1] == pytest.approx(whole[1], rel=1e-12)


def test_too_many_sums_are_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "WORK", 10)
    with pytest.raises(TooMuch):
        Values(drawn(1, 8, 100), Fraction(1, 10)).least()
