"""What every backend found in the folder keeps to: it answers as proven, or refuses by a declared feature."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from math import inf

import numpy as np
import pytest

import solvers
from solvers import Refused, SolveOptions, Status, available, names
from solvers.backend import Feature, lacking
from solvers.backends import found
from solvers.model import Model
from tests.solvers import models

TESTED = [name for name in names() if available(name)]


@pytest.fixture(params=TESTED)
def backend(request):
    return request.param


def solve(model, options=None, backend="highs"):
    """Solve; where the backend lacks a feature, see that it refuses, and leave the rest of the test."""
    asked = options or SolveOptions()
    missing = lacking(model.arrays(), asked, found()[backend].features)
    if not missing:
        return solvers.solve(model, asked, backend)
    with pytest.raises(Refused, match=f"'{backend}' cannot take .*{re.escape(missing[0])}"):
        solvers.solve(model, asked, backend)
    pytest.skip(f"{backend} refuses {missing[0]}, as declared")


def test_the_backends_that_come_with_the_installation_are_there():
    assert {"cbc", "cpsat", "highs", "pdlp", "scip"} <= set(TESTED)


def test_a_small_mip_is_solved_to_its_optimum(backend):
    answer = solve(models.change(), backend=backend)
    assert (answer.status, answer.objective, answer.gap) == (Status.OPTIMAL, -8.0, 0.0)
    assert answer.x.tolist() == [0, 1, 2]
    assert answer.ended_by == "proof"


def test_an_lp_is_solved_with_its_offset(backend):
    answer = solve(models.mix(), backend=backend)
    assert answer.status is Status.OPTIMAL
    assert answer.objective == pytest.approx(12.8)
    assert answer.bound == pytest.approx(12.8)
    assert answer.x == pytest.approx([1.2, 1.6])


def test_an_infeasible_mip_is_proved_by_two_routes(backend):
    answer = solve(models.parity(), backend=backend)
    assert (answer.status, answer.x, answer.objective) == (Status.INFEASIBLE, None, inf)
    assert f"proved by {backend}, and by" in answer.message


def test_an_infeasible_lp_is_proved_by_two_routes(backend):
    model = models.mix()
    model.add_rows("room", [0, 0], [0, 1], count=1, upper=1)
    answer = solve(model, backend=backend)
    assert (answer.status, answer.x) == (Status.INFEASIBLE, None)


@pytest.mark.parametrize("integer", [True, False])
def test_a_model_without_end_is_called_unbounded(backend, integer):
    model = Model()
    model.add_columns("x", 2, cost=[-1, 0], upper=inf, integer=integer)
    model.add_rows("tie", [0, 0], [0, 1], [1, -1], count=1, lower=0)
    answer = solve(model, backend=backend)
    assert (answer.status, answer.x, answer.bound) == (Status.UNBOUNDED, None, -inf)


def test_a_model_that_is_both_infeasible_and_without_end_is_not_called_unbounded(backend):
    model = models.parity()
    model.add_columns("away", 1, cost=-1, upper=inf)
    assert solve(model, backend=backend).status is Status.INFEASIBLE


def test_a_free_column_goes_below_zero(backend):
    model = Model()
    model.add_columns("x", 1, cost=1, lower=-inf, upper=inf, integer=False)
    model.add_rows("floor", [0], [0], count=1, lower=-7.5)
    assert solve(model, backend=backend).objective == pytest.approx(-7.5)


def test_a_ranged_row_holds_on_both_sides(backend):
    for sign, best in ((1, 3), (-1, -7)):
        model = Model()
        model.add_columns("x", 1, cost=sign, upper=100)
        model.add_rows("range", [0], [0], [2], count=1, lower=5, upper=15)
        assert solve(model, backend=backend).objective == best


def test_a_ranged_row_of_an_lp_holds_on_both_sides(backend):
    for sign, best in ((1, 2.5), (-1, -7.5)):
        model = Model()
        model.add_columns("x", 1, cost=sign, upper=100, integer=False)
        model.add_rows("range", [0], [0], [2], count=1, lower=5, upper=15)
        assert solve(model, backend=backend).objective == pytest.approx(best)


def test_a_loose_gap_is_honoured_and_proved(backend):
    answer = solve(models.knapsack(), SolveOptions(gap=0.2), backend)
    assert answer.status is Status.OPTIMAL
    assert answer.bound <= answer.objective
    assert answer.gap <= 0.2


@pytest.mark.parametrize("offset", [-1e5, 1e5])
def test_the_gap_is_relative_to_the_objective_with_its_offset(backend, offset):
    model = models.knapsack(6, 25)
    model.offset = offset
    answer = solve(model, SolveOptions(gap=0.01), backend)
    assert answer.status is Status.OPTIMAL
    assert answer.gap <= 0.01 + 1e-9
    assert answer.objective == pytest.approx(offset + model.arrays().cost @ answer.x)


def test_stopping_on_nodes_is_never_called_optimal(backend):
    answer = solve(models.knapsack(), SolveOptions(gap=0.0, node_limit=1), backend)
    assert answer.status in (Status.FEASIBLE, Status.NO_SOLUTION_FOUND)
    assert answer.ended_by == "nodes"
    assert answer.gap > 0


def test_stopping_on_time_without_an_incumbent_hands_out_no_values(backend):
    answer = solve(models.market_split(), SolveOptions(time_limit=0.2), backend)
    assert (answer.status, answer.x, answer.objective) == (Status.NO_SOLUTION_FOUND, None, inf)
    assert answer.ended_by == "time"


def test_a_time_limit_of_zero_finds_no_plan_and_makes_none_up(backend):
    answer = solve(models.market_split(rows=3, columns=20), SolveOptions(time_limit=0.0), backend)
    assert (answer.status, answer.x) == (Status.NO_SOLUTION_FOUND, None)


def test_a_verified_start_is_kept_when_the_time_is_up(backend):
    model = models.knapsack()
    start = np.zeros(model.columns)
    answer = solve(model, SolveOptions(gap=0.0, time_limit=0.0, start=start), backend)
    assert answer.status is Status.FEASIBLE
    assert answer.objective <= 0.0


def test_an_infeasible_start_is_named_and_not_used(backend):
    answer = solve(models.change(), SolveOptions(start=np.array([5.0, 5.0, 5.0])), backend)
    assert answer.objective == -8.0
    assert "start not used: row 0 is 45" in answer.message


def test_the_same_nodes_and_seed_give_the_same_answer(backend):
    asked = SolveOptions(gap=0.0, node_limit=20, seed=3)
    first, second = (solve(models.knapsack(8, 40), asked, backend) for _ in range(2))
    assert replace(first, seconds=0, x=None) == replace(second, seconds=0, x=None)
    assert (first.x is None and second.x is None) or (first.x == second.x).all()


def test_money_in_cents_is_solved_to_the_cent_when_the_gap_asks_for_it(backend):
    rng = np.random.default_rng(7)
    weight = rng.integers(10**8, 10**9, 12)
    model = Model()
    x = model.add_columns("x", 12, cost=weight)
    model.add_rows("need", np.zeros(12), x, weight, count=1, lower=weight.sum() // 2)
    every = (np.arange(4096)[:, None] >> np.arange(12)) & 1
    sums = every @ weight
    best = sums[sums >= weight.sum() // 2].min()
    answer = solve(model, SolveOptions(gap=1e-12), backend)
    assert (answer.status, answer.objective) == (Status.OPTIMAL, float(best))


def test_tenths_are_tenths_for_exact_and_for_real_arithmetic(backend):
    model = Model()
    x = model.add_columns("x", 3, cost=[0.1, 0.2, 0.3], upper=9)
    model.add_rows("need", [0, 0, 0], x, [0.1, 0.2, 0.7], count=1, lower=1.5, upper=1.5)
    answer = solve(model, SolveOptions(gap=1e-9), backend)
    assert (answer.status, answer.objective) == (Status.OPTIMAL, pytest.approx(0.7))


def test_costs_without_a_common_unit_are_proven_to_the_gap(backend):
    rng = np.random.default_rng(3)
    model = models.seats((5, 4, 3, 6, 2, 7), most=15)
    cost = rng.random(12) * np.pi
    model._cost[0][:] = cost
    every = [[0, 1] for _ in range(6)]
    load, best = np.array([5, 4, 3, 6, 2, 7]), inf
    for plan in itertools.product(*every):
        chosen = np.array(plan)
        if max(load[chosen == 0].sum(), load[chosen == 1].sum()) <= 15:
            best = min(best, cost[2 * np.arange(6) + chosen].sum())
    answer = solve(model, SolveOptions(gap=1e-7), backend)
    assert (answer.status, answer.objective) == (Status.OPTIMAL, pytest.approx(best))
    assert answer.bound <= best * (1 + 1e-12)


def test_memory_beyond_its_limit_ends_a_solve_as_memory(backend):
    model = models.mix() if Feature.INTEGER not in found()[backend].features else models.market_split()
    answer = solve(model, SolveOptions(memory_limit=1.0), backend)
    assert (answer.status, answer.x, answer.ended_by) == (Status.NO_SOLUTION_FOUND, None, "memory")
    assert "more than 1 MB" in answer.message


def test_all_backends_agree_within_the_gap():
    model = models.knapsack(6, 25)
    answers = [solvers.solve(model, SolveOptions(gap=1e-4), name) for name in TESTED if takes(name, model)]
    assert len(answers) >= 4
    values = [answer.objective for answer in answers]
    assert all(answer.status is Status.OPTIMAL for answer in answers)
    assert max(values) - min(values) <= 1e-4 * abs(min(values)) + 1e-9
    assert all(answer.bound <= min(values) + 1e-6 for answer in answers)


def test_all_backends_agree_on_an_lp():
    model = models.mix()
    values = [solvers.solve(model, backend=name).objective for name in TESTED if takes(name, model)]
    assert len(values) >= 4
    assert values == pytest.approx([12.8] * len(values), rel=1e-7)


def takes(backend, model):
    return not lacking(model.arrays(), SolveOptions(), found()[backend].features)


def test_a_model_with_a_feature_the_backend_lacks_is_refused(backend, monkeypatch):
    monkeypatch.setattr(found()[backend], "features", frozenset(Feature) - {Feature.INTEGER})
    with pytest.raises(Refused, match="cannot take integer columns"):
        solvers.solve(models.change(), backend=backend)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"integer": np.array([True, False, True])}, "cannot take continuous columns$"),
        (
            {"upper": np.array([5, 5, inf])},
            "cannot take integer columns without two finite bounds below 2\\^53$",
        ),
        ({"upper": np.array([5, 5, 2.0**53])}, "integer columns without two finite bounds"),
        ({"matrix": models.change().arrays().matrix / 3}, "cannot take rows that no common unit turns into"),
    ],
)
def test_cp_sat_refuses_what_whole_numbers_cannot_say(change, says):
    with pytest.raises(Refused, match=says):
        solvers.solve(replace(models.change().arrays(), **change), backend="cpsat")


def test_an_unknown_backend_is_refused_with_the_names_of_those_there_are():
    with pytest.raises(Refused, match="no solver 'higs'; known: cbc, cpsat, highs, pdlp, scip"):
        solvers.solve(models.change(), backend="higs")
    assert not available("higs")


def test_a_backend_that_is_not_installed_is_refused(monkeypatch):
    monkeypatch.setattr(found()["cbc"], "available", lambda: False)
    with pytest.raises(Refused, match="'cbc' is not installed"):
        solvers.solve(models.change(), backend="cbc")


def test_every_backend_says_what_it_is(backend):
    module = found()[backend]
    assert module.name == backend
    assert module.__doc__
    assert module.features <= frozenset(Feature)


def test_row_duals_of_an_lp_are_what_a_unit_more_would_cost(backend):
    duals = solve(models.mix(), backend=backend).row_duals
    assert (duals is None) == (backend not in ("highs", "pdlp"))
    assert duals is None or duals == pytest.approx([0.4, 0.2], abs=1e-6)


def test_a_mip_has_no_row_duals(backend):
    assert solve(models.change(), backend=backend).row_duals is None
