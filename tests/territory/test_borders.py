"""Least borders of single seats: by enumeration, and as rows that cut off no alignment."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import inf

import numpy as np
import pytest

from engine.progress import Silent
from engine.territory.problem import Problem, gather, loads
from engine.territory.solving.borders import least_borders, with_borders
from engine.territory.solving.descent import cheapest, descend
from engine.territory.solving.formulation import formulate
from engine.territory.solving.regions import regions
from engine.territory.solving.relaxation import pairs_of
from engine.territory.solving.search import Search
from engine.territory.stage import align
from solvers import check
from tests.territory.cases import spec
from tests.territory.grids import grid

EDGES = {"kind": "cut_edges", "unit": "county", "price": 1000}


def search() -> Search:
    """No clock, and gap 0."""
    return Search("highs", 0.0, 10_000, inf, 1, Silent())


def carved(*rules: dict[str, object], prices: bool = False) -> Problem:
    """Three by four counties and two seats; with `prices` every border has its own."""
    problem = gather(grid(3, 4, 2, ids=True), spec(list(rules), [EDGES]))
    (edge,) = problem.edge_costs
    price = np.random.default_rng(3).uniform(100, 900, len(edge.what.price)) if prices else edge.what.price
    return replace(problem, edge_costs=(replace(edge, what=replace(edge.what, price=price)),))


def least(problem: Problem, seat: int) -> float:
    """The least border of one seat, over all sets that it may own within its bands."""
    (edge,), best = problem.edge_costs, inf
    for mask in product((0, 1), repeat=len(problem.account_ids)):
        inside = np.array(mask)
        if (inside * ~problem.eligible[:, seat]).any():
            continue
        load = [loads(band.what.measure, 1 - inside, 2)[0] for band in problem.bands]
        bands = zip(problem.bands, load, strict=True)
        if all(b.what.lower[seat] <= w <= b.what.upper[seat] for b, w in bands):
            apart = inside[edge.what.edges[:, 0]] != inside[edge.what.edges[:, 1]]
            best = min(best, float(edge.what.price[apart].sum()))
    return best


@pytest.mark.parametrize("prices", [False, True], ids=["equal", "own"])
@pytest.mark.parametrize("within", ["10%", "30%"])
def test_the_least_border_is_that_of_the_best_set_of_all(within: str, *, prices: bool) -> None:
    rules = [
        {"kind": "band", "within": within},
        {"kind": "lock", "accounts": ["c0-0", "c2-3"], "rep": "R1"},
    ]
    problem = carved(*rules, prices=prices)
    found = least_borders(problem, search(), problem.edge_costs[0].what)
    assert found == pytest.approx([least(problem, 0), least(problem, 1)], rel=1e-5)
    assert (found <= np.array([least(problem, 0), least(problem, 1)]) * (1 + 1e-9)).all()


def test_the_rows_hold_for_every_alignment_and_with_equality_for_some() -> None:
    problem = carved({"kind": "band", "measure": "count", "within": "0%"}, prices=True)
    formulation = with_borders(problem, search(), formulate(problem, *pairs_of(problem.eligible)))
    arrays = formulation.model.arrays()
    name, _, first, count = formulation.model.row_blocks[-1]
    assert name == "cut_edges_border"
    room = []
    for chosen in product((0, 1), repeat=12):
        plan = np.array(chosen)
        point = formulation.start(problem, plan)
        if not problem.keeps(plan) or point is None:
            continue
        assert check.feasible(arrays, point)
        room.append((arrays.matrix @ point - arrays.row_lower)[first : first + count].min())
    assert min(room) == pytest.approx(0.0, abs=1e-5)


def test_prices_that_cancel_but_for_their_rounding_leave_no_coefficient() -> None:
    problem = carved({"kind": "band", "measure": "count", "within": "0%"})
    (edge,) = problem.edge_costs
    price = np.resize([0.1, 0.2, 0.3], len(edge.what.price))
    ends, sums = edge.what.edges, np.zeros(12)
    np.add.at(sums, ends[:, 0], -price)
    np.add.at(sums, ends[:, 1], price)
    assert (np.abs(sums[np.abs(sums) < 1e-9]) > 0).any()
    problem = replace(problem, edge_costs=(replace(edge, what=replace(edge.what, price=price)),))
    formulation = with_borders(problem, search(), formulate(problem, *pairs_of(problem.eligible)))
    assert formulation.model.row_blocks[-1][0] == "cut_edges_border"
    assert (np.abs(formulation.model.arrays().matrix.data) > 1e-9).all()
    best = min(
        problem.price(np.array(plan)) for plan in product((0, 1), repeat=12) if problem.keeps(np.array(plan))
    )
    assert search().solve(formulation).objective == pytest.approx(best, rel=1e-9)


def test_without_a_band_nothing_is_claimed() -> None:
    problem = carved()
    assert not least_borders(problem, search(), problem.edge_costs[0].what).any()


def test_a_square_falls_into_its_quarters() -> None:
    inputs = grid(6, 6, 4, ids=True)
    rules = spec([{"kind": "band", "measure": "count", "within": "10%"}], [EDGES])
    whole = align(inputs, rules, seed=1, progress=Silent()).solves[0]
    assert whole.objective == 12_000
    assert whole.bound == pytest.approx(12_000, rel=1e-9)


def test_a_start_is_drawn_from_districts_and_keeps_every_rule() -> None:
    rules = [{"kind": "band", "within": "20%"}, {"kind": "contiguous", "unit": "county"}]
    problem = gather(grid(6, 6, 4, ids=True), spec(rules, [EDGES, {"kind": "travel"}]))
    plan = regions(problem, search())
    assert plan is not None
    assert problem.keeps(plan)


def test_drawn_districts_have_shorter_borders_than_shifts_and_swaps_reach() -> None:
    problem = gather(
        grid(6, 6, 4, ids=True), spec([{"kind": "band", "measure": "count", "within": "10%"}], [EDGES])
    )
    plan = regions(problem, search())
    assert plan is not None
    assert problem.keeps(plan)
    assert problem.price(plan) == 12_000 < problem.price(descend(problem, cheapest(problem)))


def test_no_start_is_drawn_where_no_band_is_the_same_for_all() -> None:
    problem = carved({"kind": "band", "within": "30%", "seats": ["R0"]})
    assert regions(problem, search()) is None
    assert regions(carved(), search()) is None
