"""Why: changes are exact, broken rules are told, multipliers prove what they say, by enumeration on a tiny world."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import Any

import numpy as np
import pytest

from engine.inputs import Inputs
from engine.progress import Silent
from engine.territory import design, violations
from engine.territory.checks import cost_of
from engine.territory.problem import Problem, gather
from engine.territory.solving.formulation import formulate
from engine.territory.solving.relaxation import pairs_of
from engine.territory.solving.search import Answer, Search
from engine.territory.spec import TerritorySpec
from engine.territory.study import Study
from engine.territory.why.answers import chosen, forbidding, next_best
from engine.territory.why.breaks import Breaks
from engine.territory.why.locks import LockCost, lock_costs
from engine.territory.why.moves import changes, ranked
from engine.territory.why.multipliers import Multipliers, multipliers
from engine.territory.why.shadow_prices import shadow_prices
from engine.territory.why.spec import ExplainSpec
from tests.territory.cases import CONSTRAINTS, OBJECTIVES, every_alignment, tiny

RULES: list[dict[str, Any]] = [
    {"kind": "eligible"},
    {"kind": "band", "measure": "count", "lower": 1, "upper": 3},
    {"kind": "band", "within": "45%"},
    {"kind": "max_moves", "limit": 3},
]
COSTS: list[dict[str, Any]] = [
    {"kind": "travel"},
    {"kind": "disruption"},
    {"kind": "deviation", "measure": "workload", "price": 150},
]


def rules(constraints: list[dict[str, Any]], costs: int = 3, **explain: Any) -> TerritorySpec:
    return TerritorySpec.model_validate(
        {"constraints": constraints, "objectives": COSTS[:costs], "solver": {"gap": 0}, "explain": explain}
    )


def refused(problem: Problem, search: Search) -> Answer:
    raise AssertionError("nothing is solved again")


def study(inputs: Inputs, spec: TerritorySpec) -> Study:
    plan = design(inputs, spec, seed=1, progress=Silent())
    search = Search("highs", 0.0, None, inf, 1, Silent())
    whole = plan.solves[0]
    return Study(
        inputs, spec, gather(inputs, spec), plan.rep_of, whole.objective, whole.bound, search, refused
    )


def priced(asked: Study) -> Multipliers:
    found = multipliers(asked)
    assert found is not None
    assert found.converged
    return found


def moved(rep_of: np.ndarray, account: int, rep: int) -> np.ndarray:
    after = rep_of.copy()
    after[account] = rep
    return after


def test_the_change_of_moving_one_account_is_the_recomputed_difference() -> None:
    inputs, spec = tiny(seed=2), rules(RULES)
    problem = gather(inputs, spec)
    rng = np.random.default_rng(np.random.Philox(1))
    for rep_of in rng.integers(0, 3, (5, 6)):
        change = changes(problem, rep_of, np.arange(6))
        now = cost_of(inputs, spec, rep_of)
        for account in range(6):
            for rep in range(3):
                if not problem.eligible[account, rep] and rep != rep_of[account]:
                    assert change[account, rep] == inf
                elif problem.eligible[account, rep]:
                    after = cost_of(inputs, spec, moved(rep_of, account, rep))
                    assert change[account, rep] == pytest.approx(after - now, rel=1e-9, abs=1e-6)


def test_a_move_is_said_to_break_a_rule_exactly_when_the_plain_checks_say_so() -> None:
    inputs = tiny(seed=2)
    spec = rules([*RULES[1:], {"kind": "band", "measure": "workload", "within": "60%"}])
    problem = gather(inputs, spec)
    kept = [rep_of for rep_of in every_alignment(inputs) if not violations(inputs, spec, rep_of)]
    verdicts = set()
    for rep_of in kept:
        breaks = Breaks(problem, rep_of)
        for account in range(6):
            for rep in range(3):
                if rep != rep_of[account]:
                    broken = violations(inputs, spec, moved(rep_of, account, rep))
                    words = breaks.words(account, rep)
                    assert len(words) == len(broken), (words, broken)
                    verdicts.add(bool(words))
    assert verdicts == {False, True}


@pytest.mark.parametrize(
    ("kind", "case"), [(kind, case) for kind, cases in CONSTRAINTS.items() for case in cases], ids=str
)
def test_any_kind_of_rule_is_told_when_one_account_breaks_it(kind: str, case: dict[str, Any]) -> None:
    inputs, spec = tiny(), rules([{"kind": kind, **case}], costs=2)
    problem = gather(inputs, spec)
    alignments = every_alignment(inputs)
    rng = np.random.default_rng(np.random.Philox(2))
    kept = [k for k in alignments[rng.permutation(len(alignments))[:120]] if not violations(inputs, spec, k)]
    for rep_of in kept[:12]:
        breaks, change = Breaks(problem, rep_of), changes(problem, rep_of, np.arange(6))
        for account, rep in zip(*np.nonzero(np.isfinite(change)), strict=True):
            if rep != rep_of[account]:
                broken = violations(inputs, spec, moved(rep_of, account, rep))
                assert bool(breaks.words(int(account), int(rep))) == bool(broken), broken


@pytest.mark.parametrize(
    ("kind", "case"), [(kind, case) for kind, cases in OBJECTIVES.items() for case in cases], ids=str
)
def test_any_kind_of_cost_is_in_the_change(kind: str, case: dict[str, Any]) -> None:
    inputs = tiny()
    spec = TerritorySpec.model_validate({"objectives": [{"kind": kind, **case}], "solver": {"gap": 0}})
    problem = gather(inputs, spec)
    rep_of = np.array([1, 2, 1, 2, 1, 2])
    now, change = problem.price(rep_of), changes(problem, rep_of, np.arange(6))
    for account, rep in zip(*np.nonzero(np.isfinite(change)), strict=True):
        after = problem.price(moved(rep_of, account, rep))
        assert change[account, rep] == pytest.approx(after - now, rel=1e-9, abs=1e-6)


def test_no_plan_with_a_pair_costs_less_than_its_reduced_cost_says() -> None:
    inputs, spec = tiny(seed=2), rules(RULES)
    asked = study(inputs, spec)
    found = priced(asked)
    kept = [rep_of for rep_of in every_alignment(inputs) if not violations(inputs, spec, rep_of)]
    accounts = np.arange(6)
    positive = 0
    for rep_of in kept:
        beyond = found.beyond(accounts, rep_of)
        positive += int((beyond > 1).sum())
        assert cost_of(inputs, spec, rep_of) >= found.priced.bound + beyond.max() - 1e-6
    assert positive


def test_the_next_best_seats_come_in_the_order_of_their_change() -> None:
    change = np.array([[0.0, 5.0, -1.0, np.inf], [np.inf, 0.0, np.inf, np.inf]])
    assert ranked(change, np.array([0, 1]), 3).tolist() == [[2, 1, -1], [-1, -1, -1]]


def test_an_account_without_another_seat_names_the_rule() -> None:
    inputs = tiny(seed=2)
    spec = rules([{"kind": "lock", "name": "key account", "accounts": ["A1"], "rep": "R2"}])
    asked = study(inputs, spec)
    found = list(next_best(asked.problem, asked.rep_of, np.array([1]), 2, None))
    assert [(one.rep, one.breaks) for one in found] == [(-1, ("no other seat may own it (key account)",))]
    assert forbidding(asked.problem, 0) == "there is no other seat"


def test_accounts_are_chosen_by_word_or_by_name() -> None:
    inputs = tiny()
    rep_of = np.where(np.arange(6) == 2, 0, np.maximum(inputs.accounts.owner, 0))
    assert chosen(inputs, ExplainSpec(), rep_of).tolist() == [2]
    assert chosen(inputs, ExplainSpec(accounts="all"), rep_of).tolist() == list(range(6))
    assert chosen(inputs, ExplainSpec(accounts="none"), rep_of).tolist() == []
    assert chosen(inputs, ExplainSpec(accounts=("A4", "A0")), rep_of).tolist() == [4, 0]
    with pytest.raises(ValueError, match="says not which accounts"):
        ExplainSpec(accounts="A4")


def lp(asked: Study, problem: Problem) -> float:
    formulation = formulate(problem, *pairs_of(problem.eligible), integer=False)
    return asked.search.solve(formulation, gap=0.0, quiet=True).objective


def test_a_shadow_price_is_what_the_lp_saves_when_its_bound_gives_a_little() -> None:
    inputs = tiny(accounts=9, seed=5)
    asked = study(inputs, rules([{"kind": "band", "within": "5%"}], costs=2))
    found = priced(asked)
    now = lp(asked, asked.problem)
    assert found.priced.bound == pytest.approx(now, rel=1e-6)
    give, band = 100_000, asked.problem.bands[0]
    dear = [one for one in shadow_prices(asked.problem, found, asked.rep_of) if one.price > 1e-6]
    assert dear
    for one in dear:
        seat = inputs.reps.id.index(one.seat)
        shift = np.where(np.arange(3) == seat, give, 0)
        lower = band.what.lower - (shift if one.side == "lower" else 0)
        upper = band.what.upper + (shift if one.side == "upper" else 0)
        wider = replace(band, what=replace(band.what, lower=lower, upper=upper))
        saved = now - lp(asked, replace(asked.problem, bands=(wider,)))
        assert saved <= one.price * give / 100 + 1e-6
        assert saved == pytest.approx(one.price * give / 100, rel=0.05)


def best(inputs: Inputs, spec: TerritorySpec) -> float:
    return min(
        cost_of(inputs, spec, rep_of)
        for rep_of in every_alignment(inputs)
        if not violations(inputs, spec, rep_of)
    )


def test_the_saving_without_a_lock_lies_between_its_bounds() -> None:
    inputs = tiny(seed=2)
    lock = {"kind": "lock", "accounts": ["A0", "A3"], "rep": "R2"}
    spec = rules([{"kind": "band", "within": "60%"}, lock], locks=2)
    alignment = design(inputs, spec, seed=1, progress=Silent())
    table = next(found.frame for found in alignment.tables if found.name == "lock_costs")
    assert sorted(table["account"]) == ["", "A0", "A3"]
    now = best(inputs, spec)
    for _, row in table.iterrows():
        left = [name for name in ("A0", "A3") if row["account"] not in ("", name)]
        free = [{**lock, "accounts": left}] if left else []
        saving = now - best(inputs, rules([{"kind": "band", "within": "60%"}, *free]))
        assert saving <= row["saving_at_most"] + 1e-4
        if row["cost_without"] == row["cost_without"]:
            assert row["saving_at_least"] == pytest.approx(saving, abs=1e-3)
            assert row["saving_at_most"] == pytest.approx(saving, abs=1e-3)
    assert int(table["cost_without"].notna().sum()) == 2
    assert table["estimate"].is_monotonic_decreasing
    names = [solve.name for solve in alignment.solves[1:]]
    assert len(names) == 2
    assert all(name.startswith("cost without lock on ") for name in names)


def test_locks_are_estimated_without_solving_when_nobody_asks() -> None:
    inputs = tiny(seed=2)
    spec = rules([{"kind": "lock", "accounts": ["A0"], "rep": "R2"}], costs=2)
    asked = study(inputs, spec)
    costs, solves = lock_costs(asked, priced(asked), 0)
    assert not solves
    assert [type(cost) for cost in costs] == [LockCost]
    assert costs[0].estimate == pytest.approx(best(inputs, spec) - best(inputs, rules([], costs=2)), rel=1e-6)
