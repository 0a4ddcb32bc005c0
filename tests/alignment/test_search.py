"""Answers keep every rule, lie above the bound, repeat, and come close to the optimum where it is known."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.alignment_law import draw, rich
from solvers.alignment import Options, align
from solvers.alignment.certificate import certified
from solvers.alignment.instance import broken, cost_of
from tests.alignment.worlds import drawn, optimum


@pytest.mark.parametrize("seed", range(8))
def test_tiny_worlds_against_enumeration(seed: int) -> None:
    instance = drawn(seed)
    best, _ = optimum(instance)
    result = align(instance, Options(gap=0.0, effort=(10, 20)))
    assert result.bound <= best + 1e-9
    if result.rep_of is None:
        return
    assert broken(instance, result.rep_of) == 0.0
    assert cost_of(instance, result.rep_of) == pytest.approx(result.objective, rel=1e-12)
    assert result.objective >= best - 1e-9


def test_most_tiny_worlds_have_a_plan_and_many_of_them_the_optimum() -> None:
    solved, found, feasible = 0, 0, 0
    for seed in range(20):
        instance = drawn(seed)
        best, _ = optimum(instance)
        result = align(instance, Options(gap=0.0, effort=(10, 20), mips=5))
        feasible += best < np.inf
        found += result.rep_of is not None
        solved += best < np.inf and result.objective <= best + 1e-9
    assert feasible >= 10
    assert found >= 0.8 * feasible
    assert solved >= 0.4 * feasible


def test_a_hundred_accounts_a_seat_come_within_half_a_percent() -> None:
    instance = draw(600, 6, 1, 3)
    result = align(instance, Options(gap=0.005, effort=(12, 40)))
    assert result.rep_of is not None
    assert result.gap <= 0.005
    assert certified(instance, result.multipliers) == pytest.approx(result.bound, rel=1e-10)


def test_locks_and_budgets_are_kept() -> None:
    instance = rich(400, 4, 1)
    result = align(instance, Options(gap=0.02, effort=(12, 40)))
    assert result.rep_of is not None
    assert result.gap <= 0.02
    assert instance.kind is not None
    locked = instance.kind > 0
    assert (result.rep_of[locked] == instance.owners[locked]).all()


def test_the_answer_repeats_for_any_number_of_threads() -> None:
    instance = draw(300, 5, 2, 1)
    answers = [align(instance, Options(gap=0.0, effort=(6,), threads=threads)).rounded for threads in (1, 3)]
    assert (answers[0] == answers[1]).all()
    plans = [align(instance, Options(gap=0.0, effort=(8,), threads=threads)) for threads in (1, 3)]
    assert plans[0].objective == plans[1].objective


def test_what_was_found_is_told_before_an_interrupt() -> None:
    instance, seen = draw(600, 6, 1, 3), []

    def stop(what: str, objective: float, bound: float) -> None:
        if seen:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        align(instance, Options(gap=0.0, tell=stop, found=lambda rep_of, bound: seen.append(rep_of)))
    assert broken(instance, seen[-1]) == 0.0


def test_a_first_alignment_comes_before_the_lp() -> None:
    instance, told = draw(600, 6, 1, 3), []
    options = Options(
        gap=0.0,
        effort=(2,),
        mips=0,
        tell=lambda what, objective, bound: told.append((what, objective)),
        found=lambda rep_of, bound: told.append(("found", cost_of(instance, rep_of))),
    )
    align(instance, options)
    words = [what for what, _ in told]
    assert words.index("found") < words.index("pricing")
    assert told[words.index("pricing")][1] == told[words.index("found")][1] < np.inf


def test_a_gap_that_the_first_alignment_reaches_needs_no_lp() -> None:
    instance, told = draw(600, 6, 1, 3), []
    result = align(instance, Options(gap=0.05, tell=lambda what, objective, bound: told.append(what)))
    assert result.ended_by == "gap"
    assert result.gap <= 0.05
    assert "pricing" not in told
    assert certified(instance, result.multipliers) == pytest.approx(result.bound, rel=1e-10)


def test_a_known_alignment_stands_in_for_the_first_one() -> None:
    instance, told = draw(600, 6, 1, 3), []
    known = align(instance, Options(gap=0.05)).rep_of
    assert known is not None
    align(
        instance,
        Options(gap=0.0, effort=(), starts=(known,), tell=lambda what, objective, bound: told.append(what)),
    )
    assert not any(what.startswith("cooling 0") for what in told)
