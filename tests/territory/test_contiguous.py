"""Territories of one piece: proven optima by enumeration, cuts, checks that agree, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.errors import BadInput, Infeasible
from engine.geography import Adjacency
from engine.inputs import Inputs
from engine.progress import Silent
from engine.territory.checks import violations
from engine.territory.problem import Problem, gather
from engine.territory.solving.full import solve_full
from engine.territory.solving.search import Search
from engine.territory.stage import align
from tests.territory.cases import every_alignment, spec
from tests.territory.grids import grid

CONTIGUOUS = {"kind": "contiguous"}


def search() -> Search:
    return Search("highs", 0.0, None, float("inf"), 1, Silent())


def scattered(inputs: Inputs) -> Inputs:
    """The same world with potentials that pull against the map, so that contiguity costs something."""
    rng = np.random.default_rng(7)
    potential = rng.integers(1, 60, len(inputs.accounts)) * 100
    return replace(inputs, accounts=replace(inputs.accounts, potential=potential))


def best_of(problem: Problem, alignments: np.ndarray) -> float:
    """The price of the first alignment, by price, that keeps every rule."""
    price = problem.cost[np.arange(alignments.shape[1]), alignments].sum(axis=1)
    order = np.argsort(price, kind="stable")
    return next(float(price[k]) for k in order if problem.keeps(alignments[k]))


@pytest.mark.parametrize(("seed", "rounds"), [(3, "1 rounds"), (4, "5 rounds"), (8, "6 rounds")])
def test_the_optimum_is_that_of_enumeration_and_cuts_find_it(seed: int, rounds: str) -> None:
    inputs = scattered(grid(3, 3, 3, seed=seed, ids=True))
    rules = [{"kind": "band", "measure": "potential", "within": "20%"}]
    free, tied = gather(inputs, spec(rules)), gather(inputs, spec([*rules, CONTIGUOUS]))
    alignments = every_alignment(inputs)
    found, best = solve_full(tied, search()), best_of(tied, alignments)
    assert tied.keeps(found.rep_of)
    assert found.objective == pytest.approx(best)
    assert found.bound == pytest.approx(best)
    assert (best_of(free, alignments) < best - 1) == (rounds != "1 rounds")
    assert f"without them at least {best_of(free, alignments):,.2f}" in found.proof


@pytest.mark.parametrize(
    "case",
    [{"unit": "county"}, {"unit": "county", "neighbours": "points"}, {"unit": "county", "islands": "keep"}],
    ids=str,
)
def test_the_declaration_and_the_plain_check_agree(case: dict[str, Any]) -> None:
    inputs = grid(2, 3, 2, each=2, seed=3)
    rules = spec([{**CONTIGUOUS, **case}])
    problem, kept = gather(inputs, rules), 0
    for rep_of in every_alignment(inputs)[::5]:
        declared = problem.keeps(rep_of)
        kept += declared
        assert declared == (not violations(inputs, rules, rep_of))
    assert 0 < kept < 4096 // 5


def test_a_breach_is_told_in_words() -> None:
    inputs = grid(1, 3, 2, ids=True)
    told = violations(inputs, spec([CONTIGUOUS]), np.array([0, 1, 0]))
    assert told == ["contiguous: seat R0 is in pieces: no chain of its units leads from c0-0 to c0-2."]


def test_no_contiguous_plan_is_infeasible() -> None:
    """Three counties in a row; R0 must own both ends and R1 the middle."""
    inputs = grid(1, 3, 2, ids=True)
    locks = [{"kind": "lock", "accounts": ["c0-0", "c0-2"], "rep": "R0"}]
    locks.append({"kind": "lock", "accounts": ["c0-1"], "rep": "R1"})
    problem = gather(inputs, spec([*locks, CONTIGUOUS]))
    with pytest.raises(Infeasible, match="contiguous"):
        solve_full(problem, search())


@pytest.mark.parametrize("many_pairs", [20, 10_000])
def test_units_of_several_accounts_go_whole_and_hang_together_by_either_route(many_pairs: int) -> None:
    """Counties of two accounts each; priced over few pairs, or solved whole."""
    inputs = grid(4, 4, 3, each=2, seed=4)
    unit, hangs = {"kind": "unit", "column": "county"}, {**CONTIGUOUS, "unit": "county"}
    band = {"kind": "band", "measure": "count", "within": "15%"}
    rules = spec([band, unit, hangs], gap="1%")
    found = align(inputs, rules, seed=1, progress=Silent(), many_pairs=many_pairs)
    county = inputs.accounts.extra["county"]
    assert violations(inputs, rules, found.rep_of) == []
    assert all(len(set(found.rep_of[county == name].tolist())) == 1 for name in set(county.tolist()))
    assert "cuts for contiguity" in found.solves[0].proof


def faults_of(inputs: Inputs, **case: Any) -> str:
    with pytest.raises(BadInput) as refused:
        gather(inputs, spec([{**CONTIGUOUS, **case}]))
    return "\n".join(f"{fault.code} {fault.message} {fault.hint}" for fault in refused.value.faults)


def cut_off(inputs: Inputs) -> Inputs:
    """The last column of counties touches nothing else."""
    assert inputs.adjacency is not None
    rows = zip(inputs.adjacency.unit, inputs.adjacency.neighbour, strict=True)
    kept = [(a, b) for a, b in rows if not (a.endswith("-1") and b.endswith("-2"))]
    return replace(inputs, adjacency=Adjacency(tuple(a for a, _ in kept), tuple(b for _, b in kept)))


def test_islands_are_refused_or_joined_or_kept() -> None:
    inputs = cut_off(grid(2, 3, 2, ids=True))
    assert "E_ISLANDS the units fall into 2 islands" in faults_of(inputs)
    assert "c0-2, c1-2" in faults_of(inputs)
    whole = np.zeros(6, dtype=np.int64)
    joined = gather(inputs, spec([{**CONTIGUOUS, "islands": "join_nearest"}]))
    kept = gather(inputs, spec([{**CONTIGUOUS, "islands": "keep"}]))
    assert joined.keeps(whole)
    assert not kept.keeps(whole)


def test_an_island_without_a_place_cannot_be_joined() -> None:
    inputs = cut_off(grid(2, 3, 2, ids=True))
    latitude = inputs.accounts.latitude.copy()
    latitude[2] = np.nan
    lost = replace(inputs, accounts=replace(inputs.accounts, latitude=latitude))
    assert "no coordinates for 1 unit: c0-2." in faults_of(lost, islands="join_nearest")
    assert "no coordinates for 1 unit: c0-2." in faults_of(lost, neighbours="points")


def test_unknown_units_tables_and_columns_are_refused() -> None:
    inputs = grid(2, 3, 2)
    assert "does not name 6 units of the accounts: A0, A1" in faults_of(inputs)
    assert "no column 'country'. Did you mean 'county'?" in faults_of(inputs, unit="country")
    assert "there is no table of neighbours" in faults_of(replace(inputs, adjacency=None), unit="county")
    assert "max_km says nothing about a table" in faults_of(inputs, unit="county", max_km=10)
    blank = inputs.accounts.extra["county"].copy()
    blank[0] = ""
    extra = {**inputs.accounts.extra, "county": blank}
    lost = replace(inputs, accounts=replace(inputs.accounts, extra=extra))
    assert "no unit in column 'county' for 1 account: A0." in faults_of(lost, unit="county")
