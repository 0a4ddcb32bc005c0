"""The benchmark of models, small: the answers of both sides are right, and wrong ones are noticed."""

from __future__ import annotations

from dataclasses import replace

from benchmarks import model
from solvers import SolveOptions, solve


def test_the_small_case_builds_and_solves_on_both_sides():
    rows = model.SUBJECT.run("small", seed=1)
    handed = [f"{name} hand-over seconds" for name in ("highs", "scip", "cpsat") for _ in range(2)]
    assert [row.metric for row in rows] == ["build seconds", *handed, "build and solve seconds"]
    assert all(row.ok and row.ratio > 0 and row.peak_mb > 0 for row in rows)
    assert rows[-1].gap <= model.GAP


def test_a_wrong_plan_is_not_right():
    it = model.world(20, 3, seed=2)
    answer = solve(model.built(it), SolveOptions(gap=model.GAP))
    assert model.right(it, answer)
    moved = answer.x.copy()
    moved[:3] = [0, 0, 0]
    assert not model.right(it, replace(answer, x=moved))
    assert not model.right(it, replace(answer, bound=answer.objective / 2))
    assert not model.right(it, replace(answer, objective=answer.objective + 1))
    assert not model.right(it, replace(answer, x=None))
