"""Parts, tables, interruption and verification of the stage."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import solvers
from engine.errors import NoPlan, VerificationFailed
from engine.inputs import Inputs
from engine.progress import Silent
from engine.territory import design, violations
from engine.territory.checks import verify
from engine.territory.interrupted import DesignInterrupted
from engine.territory.problem import gather
from engine.territory.solving.duals import dual
from engine.territory.solving.formulation import formulate
from engine.territory.solving.multipliers import price_out
from engine.territory.solving.parts import parts
from engine.territory.solving.relaxation import pairs_of
from engine.territory.stage import align
from solvers.errors import SolveInterrupted
from solvers.model import Arrays, Model
from solvers.solution import Solution, SolveOptions, Status
from tests.territory.cases import every_alignment, spec, tiny
from tests.worlds import world


def two_regions(accounts: int = 40, reps: int = 6) -> Inputs:
    """Accounts belong to the district of their owner, so that two parts never meet."""
    inputs = world(accounts, reps)
    node = np.array([inputs.reps.levels["district"][j] for j in inputs.accounts.owner], dtype=object)
    return replace(inputs, accounts=replace(inputs.accounts, extra={"district": node}))


APART = {"kind": "eligible", "level": "district"}
BAND = {"kind": "band", "within": "25%", "level": "district"}


@pytest.mark.parametrize("many_pairs", [10_000, 0], ids=["full", "priced"])
def test_parts_are_solved_by_themselves_and_add_up_to_the_whole(many_pairs: int) -> None:
    inputs, rules = two_regions(), spec([APART, BAND])
    assert len(parts(gather(inputs, rules))) == 2
    apart = align(inputs, rules, seed=1, progress=Silent(), many_pairs=many_pairs)
    together = align(
        inputs, spec([APART, BAND, {"kind": "max_moves", "limit": 40}]), seed=1, progress=Silent()
    )
    assert [solve.name for solve in apart.solves] == ["cost", "cost of R0, R2, R4", "cost of R1, R3, R5"]
    assert len(together.solves) == 1
    assert apart.solves[0].objective == pytest.approx(together.solves[0].objective, rel=1e-9)
    assert apart.solves[0].bound == pytest.approx(sum(solve.bound for solve in apart.solves[1:]), rel=1e-12)


def test_a_seat_that_may_own_nothing_is_a_part_of_its_own() -> None:
    inputs = world(6, 3)
    serves = (frozenset({"NONE"}), frozenset[str](), frozenset[str]())
    inputs = replace(inputs, reps=replace(inputs.reps, serves=serves))
    rules = spec([{"kind": "eligible"}], [{"kind": "deviation", "measure": "count", "price": 1}])
    alignment = design(inputs, rules, seed=1, progress=Silent())
    assert alignment.solves[0].objective == pytest.approx(4.0)
    assert 0 not in alignment.rep_of.tolist()


def test_multipliers_prove_a_bound_on_every_alignment_and_on_every_pair() -> None:
    inputs = tiny()
    rules = spec(
        [{"kind": "band", "within": "50%"}, {"kind": "max_moves", "limit": 4}, {"kind": "eligible"}],
        [{"kind": "travel"}, {"kind": "deviation", "measure": "workload", "price": 100}],
    )
    problem = gather(inputs, rules)
    formulation = formulate(problem, *pairs_of(problem.eligible), integer=False)
    kept = [rep_of for rep_of in every_alignment(inputs) if not violations(inputs, rules, rep_of)]
    rng = np.random.default_rng(1)
    for scale in (0.0, 1.0, 50.0, 1000.0):
        priced = price_out(problem, formulation, rng.normal(0, scale, formulation.model.rows))
        assert (priced.extra >= 0).all()
        for rep_of in kept:
            dearest = priced.extra[np.arange(len(rep_of)), rep_of].max()
            assert problem.price(rep_of) >= priced.bound + dearest - 1e-6


def test_the_dual_lp_has_the_value_of_the_lp() -> None:
    problem = gather(tiny(), spec([{"kind": "band", "within": "30%"}]))
    model = formulate(problem, *pairs_of(problem.eligible), integer=False).model
    primal, opposite = (solvers.solve(lp, SolveOptions(gap=0)) for lp in (model, dual(model.arrays())))
    assert primal.objective == pytest.approx(-opposite.objective, rel=1e-7)


def test_tables_tell_before_and_after() -> None:
    inputs = tiny()
    alignment = design(
        inputs, spec([{"kind": "band", "measure": "count", "within": "0%"}]), seed=1, progress=Silent()
    )
    tables = {table.name: table.frame for table in alignment.tables}
    assert list(tables)[:4] == ["alignment", "territories", "balance", "moves"]
    assert tables["territories"]["accounts"].tolist() == [2, 2, 2]
    assert tables["territories"]["accounts_before"].tolist() == [2, 2, 1]
    assert int(tables["territories"]["potential"].sum()) == int(inputs.accounts.potential.sum())
    assert tables["alignment"]["incumbent"].isna().tolist() == [False] * 5 + [True]
    assert int(tables["alignment"]["moved"].sum()) == len(tables["moves"])
    assert tables["balance"][["lower", "upper"]].to_numpy().tolist() == [[2.0, 2.0]] * 3
    assert (tables["moves"]["from_rep"] != tables["moves"]["to_rep"]).all()


def test_a_world_without_coordinates_is_balanced_without_travel() -> None:
    inputs = world(12, 3)
    nowhere, homeless = np.full(12, np.nan), np.full(3, np.nan)
    inputs = replace(
        inputs,
        accounts=replace(inputs.accounts, latitude=nowhere, longitude=nowhere),
        reps=replace(inputs.reps, latitude=homeless, longitude=homeless),
    )
    rules = spec([{"kind": "band", "within": "10%"}], [{"kind": "disruption"}])
    alignment = design(inputs, rules, seed=1, progress=Silent())
    assert violations(inputs, rules, alignment.rep_of) == []
    assert alignment.tables[1].frame["travel_km"].isna().all()


def test_ctrl_c_leaves_the_best_verified_alignment(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs, rules = two_regions(), spec([APART, {**BAND, "within": "90%"}])

    def interrupted(model: object, options: SolveOptions, backend: str) -> Solution:
        raise KeyboardInterrupt

    monkeypatch.setattr(solvers, "solve", interrupted)
    with pytest.raises(DesignInterrupted) as caught:
        design(inputs, rules, seed=1, progress=Silent())
    saved = caught.value.alignment
    assert saved is not None
    assert violations(inputs, rules, saved.rep_of) == []
    assert saved.solves[0].ended_by == "interrupt"
    assert saved.solves[0].bound <= saved.solves[0].objective


@pytest.mark.parametrize("many_pairs", [10_000, 0], ids=["full", "priced"])
def test_ctrl_c_keeps_the_incumbent_of_the_solver(monkeypatch: pytest.MonkeyPatch, many_pairs: int) -> None:
    inputs, rules = world(24, 3), spec([{"kind": "band", "within": "2%"}])
    honest = solvers.solve

    def interrupted(model: Model | Arrays, options: SolveOptions, backend: str) -> Solution:
        found = honest(model, options, backend)
        arrays = model.arrays() if isinstance(model, Model) else model
        if not arrays.integer.any():
            return found
        if options.progress:
            options.progress(found.objective, found.bound)
        raise SolveInterrupted(found)

    monkeypatch.setattr(solvers, "solve", interrupted)
    with pytest.raises(DesignInterrupted) as caught:
        align(inputs, rules, seed=1, progress=Silent(), many_pairs=many_pairs)
    saved = caught.value.alignment
    assert saved is not None
    assert violations(inputs, rules, saved.rep_of) == []
    monkeypatch.undo()
    best = design(inputs, rules, seed=1, progress=Silent())
    assert saved.solves[0].objective == pytest.approx(best.solves[0].objective, rel=1e-9)
    assert saved.solves[0].bound <= best.solves[0].objective
    if many_pairs:
        assert saved.solves[0].bound == pytest.approx(best.solves[0].bound, rel=1e-9)
        assert saved.solves[0].proof == best.solves[0].proof
    else:
        assert "each account at its cheapest seat" not in saved.solves[0].proof


@pytest.mark.parametrize(
    ("ranked", "solves"), [({"lower": "1M"}, 1), ({"within": "2%"}, 2)], ids=["in the rank", "in the cost"]
)
def test_ctrl_c_between_ranks_claims_no_bound_that_holds_for_another_goal(
    monkeypatch: pytest.MonkeyPatch, ranked: dict[str, str], solves: int
) -> None:
    """A bound on a rank is no bound on the cost, nor is one on the cost of plans that hold a rank."""
    inputs = world(24, 3)
    rules = spec([{"kind": "band", **ranked, "rank": 1}, {"kind": "band", "within": "60%"}])
    honest, solved = solvers.solve, []

    def interrupted(model: Model | Arrays, options: SolveOptions, backend: str) -> Solution:
        found = honest(model, options, backend)
        solved.append(found)
        if options.progress:
            options.progress(found.objective, found.bound)
        if len(solved) == solves:
            raise SolveInterrupted(found)
        return found

    monkeypatch.setattr(solvers, "solve", interrupted)
    with pytest.raises(DesignInterrupted) as caught:
        align(inputs, rules, seed=1, progress=Silent())
    monkeypatch.undo()
    saved = caught.value.alignment
    assert saved is not None
    free = design(inputs, spec([{"kind": "band", "within": "60%"}]), seed=1, progress=Silent())
    assert solved[-1].bound > 2 * free.solves[0].objective
    assert saved.solves[0].bound <= free.solves[0].objective * (1 + 1e-12)


def test_ctrl_c_without_any_plan_leaves_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(model: object, options: SolveOptions, backend: str) -> Solution:
        raise KeyboardInterrupt

    inputs = world(24, 3)
    monkeypatch.setattr(solvers, "solve", interrupted)
    monkeypatch.setattr("engine.territory.stage.descend", lambda problem, rep_of: np.zeros_like(rep_of))
    monkeypatch.setattr(
        "engine.territory.solving.full.descend", lambda problem, rep_of: np.zeros_like(rep_of)
    )
    with pytest.raises(DesignInterrupted) as caught:
        design(inputs, spec([{"kind": "band", "within": "2%"}]), seed=1, progress=Silent())
    assert caught.value.alignment is None


def test_a_search_that_ends_without_a_plan_is_no_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(model: object, options: SolveOptions, backend: str) -> Solution:
        return Solution(Status.NO_SOLUTION_FOUND, np.inf, -np.inf, None, 0.0, backend, ended_by="nodes")

    monkeypatch.setattr(solvers, "solve", nothing)
    monkeypatch.setattr(
        "engine.territory.solving.full.descend", lambda problem, rep_of: np.zeros_like(rep_of)
    )
    with pytest.raises(NoPlan, match="no plan"):
        design(world(12, 3), spec([{"kind": "band", "within": "5%"}]), seed=1, progress=Silent())


def test_a_false_infeasible_is_overruled_by_a_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    honest, lies = solvers.solve, [True]

    def liar(model: object, options: SolveOptions, backend: str) -> Solution:
        if lies.pop() if lies else False:
            return Solution(Status.INFEASIBLE, np.inf, -np.inf, None, 0.0, backend, ended_by="proof")
        return honest(model, options, backend)  # type: ignore[arg-type]

    inputs, rules = world(12, 3), spec([{"kind": "band", "within": "10%"}])
    monkeypatch.setattr(solvers, "solve", liar)
    alignment = design(inputs, rules, seed=1, progress=Silent())
    assert not lies
    assert violations(inputs, rules, alignment.rep_of) == []


def test_verification_refuses_a_broken_rule_and_a_wrong_cost() -> None:
    inputs, rules = tiny(), spec([{"kind": "band", "measure": "count", "within": "0%"}])
    with pytest.raises(VerificationFailed, match="seat R0 carries 6 accounts"):
        verify(inputs, rules, np.zeros(6, dtype=np.int64), 0.0)
    with pytest.raises(VerificationFailed, match="recomputed"):
        verify(inputs, rules, np.array([0, 0, 1, 1, 2, 2]), 1.0)


def test_money_in_cents_keeps_its_band_to_the_cent() -> None:
    inputs = world(30, 3, seed=11)
    potential = inputs.accounts.potential * 997 + np.arange(30) * 13 + 1
    inputs = replace(inputs, accounts=replace(inputs.accounts, potential=potential))
    rules = spec([{"kind": "band", "within": "0.5%"}], gap="1%")
    alignment = design(inputs, rules, seed=1, progress=Silent())
    load = [sum(int(potential[i]) for i in range(30) if alignment.rep_of[i] == j) for j in range(3)]
    assert all(abs(3 * value - sum(load)) * 200 <= sum(load) for value in load)
