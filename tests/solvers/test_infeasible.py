"""Infeasible by two routes or not at all, and what would have to give."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from solvers import SolveOptions, Status, child, explain, infeasible, solve
from solvers.model import Model
from solvers.solution import Solution
from tests.solvers import models


def test_the_false_infeasible_of_cbc_is_what_it_is_and_is_not_believed():
    model = models.false_infeasible()
    assert child.run(model.arrays(), SolveOptions(), "cbc").solution.status is Status.INFEASIBLE
    answer = solve(model, backend="cbc")
    assert (answer.status, answer.objective) == (Status.OPTIMAL, 0.0)
    assert answer.message.startswith("cbc said infeasible, wrongly: highs found a plan")


def said_infeasible(model: Model) -> Solution:
    claimed = Solution(Status.INFEASIBLE, inf, -inf, None, 0.1, "highs", ended_by="proof")
    return infeasible.confirm(model.arrays(), SolveOptions(), claimed)


def test_a_wrong_infeasible_is_refuted_by_the_plan_of_another_backend():
    answer = said_infeasible(models.change())
    assert (answer.status, answer.objective, answer.backend) == (Status.OPTIMAL, -8.0, "cpsat")


def test_a_wrong_infeasible_is_refuted_by_the_elastic_model_alone(monkeypatch):
    monkeypatch.setattr(infeasible, "_installed", lambda arrays, options: ["highs"])
    answer = said_infeasible(models.change())
    assert (answer.status, answer.bound, answer.ended_by) == (Status.FEASIBLE, -inf, "disagreement")


def test_what_no_second_route_proves_is_no_solution_found(monkeypatch):
    monkeypatch.setattr(infeasible, "violation", lambda arrays, options: (-inf, None))
    monkeypatch.setattr(infeasible, "_installed", lambda arrays, options: ["highs"])
    answer = said_infeasible(models.parity())
    assert (answer.status, answer.ended_by) == (Status.NO_SOLUTION_FOUND, "disagreement")


def test_another_backend_proves_it_where_the_elastic_model_does_not(monkeypatch):
    monkeypatch.setattr(infeasible, "violation", lambda arrays, options: (-inf, None))
    answer = said_infeasible(models.parity())
    assert (answer.status, answer.message) == (Status.INFEASIBLE, "proved by highs and by cpsat")


def test_tenths_that_exact_arithmetic_alone_would_call_infeasible_are_feasible():
    model = Model()
    x = model.add_columns("x", 2)
    model.add_rows("third", [0, 0], x, [0.1, 0.2], count=1, lower=0.3, upper=0.3)
    assert solve(model, backend="cpsat").x.tolist() == [1, 1]


def test_one_cent_too_little_is_infeasible_among_hundreds_of_millions():
    model = Model()
    x = model.add_columns("x", 3)
    model.add_rows("money", np.zeros(3), x, [10**10, 10**10, 7], count=1, lower=2 * 10**10 + 8)
    assert solve(model).status is Status.INFEASIBLE


def test_the_limits_that_conflict_are_named_with_how_much_they_would_have_to_give():
    found = explain(models.seats((5, 4, 3), most=3), ["workload"])
    assert {conflict.block for conflict in found} == {"workload"}
    assert {conflict.direction for conflict in found} == {"raise"}
    assert sum(conflict.by_how_much for conflict in found) == 12 - 6
    assert {conflict.label for conflict in found} <= {"rep_01", "rep_02"}
    assert {conflict.limit for conflict in found} == {3.0}


def test_a_minimum_that_is_too_high_has_to_fall():
    model = models.seats((5, 4, 3), most=12)
    model.add_rows("least", [0, 0, 0], [0, 2, 4], [5, 4, 3], count=1, lower=14, labels=["rep_01"])
    (found,) = explain(model, ["least"])
    assert (found.block, found.label, found.by_how_much, found.direction) == ("least", "rep_01", 2.0, "lower")


def test_hard_rows_that_conflict_among_themselves_are_named_too():
    model = models.seats((5, 4, 3), most=12)
    model.add_rows("shut", [0, 1], [0, 1], count=2, upper=0)
    found = explain(model, ["workload"])
    assert found
    assert {conflict.block for conflict in found} <= {"coverage", "shut"}


@pytest.mark.parametrize("relaxable", [(), ("workload",)])
def test_a_feasible_model_has_no_conflicts(relaxable):
    assert explain(models.seats((5, 4, 3), most=8), relaxable) == []
