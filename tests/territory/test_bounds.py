"""The bound of any multipliers holds for every alignment, whatever the rules; integers of calls by plain arithmetic."""

from __future__ import annotations

from dataclasses import replace
from math import floor
from typing import Any

import numpy as np
import pytest

from engine.inputs import IntArray
from engine.territory.declaration import Held
from engine.territory.geography.distance import kilometres
from engine.territory.problem import Named, Problem, gather
from engine.territory.solving.descent import _State, descend
from engine.territory.solving.formulation import Formulation, formulate
from engine.territory.solving.multipliers import price_out
from engine.territory.solving.relaxation import pairs_of
from tests.territory.cases import every_alignment, spec, tiny

RULES: dict[str, list[dict[str, Any]]] = {
    "loads": [
        {"kind": "band", "within": "70%"},
        {"kind": "band", "measure": "count", "within": "60%", "price": 90},
    ],
    "calls": [{"kind": "band", "upper": "90", "calls": {"visits": 4}}, {"kind": "max_moves", "limit": 4}],
    "rows": [
        {"kind": "max_moves", "each": "leaving", "limit": 1},
        {"kind": "max_moves", "each": "entering", "limit": "200k", "measure": "potential"},
        {"kind": "apart", "column": "market"},
    ],
    "ranks": [{"kind": "band", "measure": "count", "within": "0%", "rank": 1}],
}
COSTS = [{"kind": "travel"}, {"kind": "cut_edges", "neighbours": "points", "islands": "join_nearest"}]


def problem_of(name: str) -> Problem:
    """A problem over the tiny world; its rank, if it has one, is held at a distance of 2."""
    problem = gather(tiny(), spec(RULES[name], COSTS))
    ranked = tuple(replace(s.what, rank=0) for s in problem.spreads if s.what.rank)
    if not ranked:
        return problem
    return replace(problem, spreads=(), holds=(Named("rank_1", "", Held(ranked, 2.0)),))


def model_of(problem: Problem) -> Formulation:
    """The model over all pairs."""
    return formulate(problem, *pairs_of(problem.eligible))


@pytest.mark.parametrize("name", RULES)
def test_the_bound_of_any_multipliers_holds_for_every_alignment(name: str) -> None:
    problem = problem_of(name)
    formulation = model_of(problem)
    kept = [rep_of for rep_of in every_alignment(tiny()) if problem.keeps(rep_of)]
    price = np.array([problem.price(rep_of) for rep_of in kept])
    assert 0 < len(kept) < 729
    rng = np.random.default_rng(3)
    plain = price_out(problem, formulation, np.zeros(formulation.model.rows))
    assert plain.bound <= price.min()
    for size in (1.0, 30.0, 400.0, 3000.0):
        for _ in range(10):
            priced = price_out(problem, formulation, size * rng.normal(size=formulation.model.rows))
            assert priced.bound <= price.min() + 1e-6
            used = priced.extra[np.arange(6), np.array(kept)]
            assert (priced.bound + used.max(axis=1) <= price + 1e-6).all()


@pytest.mark.parametrize("name", RULES)
def test_a_descent_knows_what_each_shift_changes(name: str) -> None:
    problem = problem_of(name)
    rng = np.random.default_rng(4)
    for _ in range(5):
        rep_of = rng.integers(0, 3, 6)
        state = _State(problem, rep_of.copy())
        delta = state.deltas()
        base = total(problem, rep_of)
        for i in range(6):
            for j in range(3):
                shifted = rep_of.copy()
                shifted[i] = j
                if problem.eligible[i, j] and problem.eligible[i, rep_of[i]]:
                    change = total(problem, shifted) - base
                    assert delta[i, j] == pytest.approx(change, rel=1e-9, abs=1e-6 * max(abs(base), 1))


def total(problem: Problem, rep_of: np.ndarray) -> float:
    """Cost plus the steep price of what is broken, from the definition of a descent."""
    from engine.territory.problem import row_excess
    from engine.territory.solving.descent import steepness
    from engine.territory.solving.scaling import size_of

    steep = steepness(problem)
    whole = problem.price(rep_of)
    whole += sum(steep * float(np.abs(e).sum()) / size_of(rule.what) for rule, e in problem.excess(rep_of))
    whole += sum(steep * problem.held(h.what, rep_of) / max(h.what.limit, 1.0) for h in problem.holds)
    whole += sum(
        steep * float(np.abs(row_excess(r.what, rep_of)).sum()) / size_of(r.what) for r in problem.rows
    )
    pairs = [a.what.pairs for a in problem.apart]
    return whole + sum(steep * int((rep_of[p[:, 0]] == rep_of[p[:, 1]]).sum()) for p in pairs)


def test_a_swap_of_neighbours_is_priced_as_its_two_moves_together() -> None:
    problem = problem_of("rows")
    rep_of = np.array([0, 1, 0, 1, 0, 1])
    state = _State(problem, rep_of.copy())
    ours, theirs = np.flatnonzero(rep_of == 0), np.flatnonzero(rep_of == 1)
    change = state.neighbours.swaps(rep_of, ours, theirs)
    bare = replace(problem, rows=(), cost=np.zeros_like(problem.cost))

    def linked(seats: np.ndarray) -> float:
        pairs = problem.apart[0].what.pairs
        steep = state.neighbours.weight.max()
        shared = int((seats[pairs[:, 0]] == seats[pairs[:, 1]]).sum())
        return float(bare.price(seats) + steep * shared)

    for a, i in enumerate(ours.tolist()):
        for b, k in enumerate(theirs.tolist()):
            swapped = rep_of.copy()
            swapped[[i, k]] = swapped[[k, i]]
            assert change[a, b] == pytest.approx(linked(swapped) - linked(rep_of), abs=1e-3)


def test_a_descent_ends_with_the_rules_kept_where_shifts_suffice() -> None:
    problem = problem_of("rows")
    plan = descend(problem, np.array([0, 0, 0, 0, 0, 0]))
    assert problem.keeps(plan)


def test_minutes_of_calls_are_those_of_plain_arithmetic() -> None:
    inputs = tiny()
    calls = {"visits_column": "employees", "hours_per_visit": 0.75, "speed_kmh": 80, "round_trip": "false"}
    (band,) = gather(inputs, spec([{"kind": "band", "upper": 100, "calls": calls}])).bands
    values: IntArray = band.what.measure.values
    accounts, reps = inputs.accounts, inputs.reps
    for i in range(6):
        for j in range(3):
            here = float(accounts.latitude[i]), float(accounts.longitude[i])
            km = kilometres(here, (float(reps.latitude[j]), float(reps.longitude[j])))
            visits = int(accounts.extra["employees"][i])
            assert values[i, j] == floor(60 * visits * (0.75 + km / 80) + 0.5)
    assert band.what.upper.tolist() == [6000, 6000, 6000]
    assert band.what.measure.show(6001) == "100.02 hours"
