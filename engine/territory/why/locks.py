"""What each lock costs: an estimate for every lock, and the saving without the dearest ones between two bounds.

Without a lock its unit may go to further seats J', and for the multipliers mu of the plan's problem

    e = min_{j in J} r_ij - min_{j in J'} r_ij >= 0,        L'(mu) = L(mu) - e

so that no plan without the lock costs less than L(mu) - e (Geoffrion 1974, Math. Prog. Study 2:82, sensitivity of the
Lagrangian). With U and L the cost and the bound of the plan, U' and L' those of a solve without the lock, the optimum
falls by at least L - U' and by at most min(U - L', U - L(mu) + e).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, isclose, nan

import numpy as np

from engine.columns import Column, Table
from engine.errors import Fault, VerificationFailed
from engine.inputs import FloatArray, Inputs, IntArray
from engine.proof import Solve
from engine.territory.checks import REAL, cost_of
from engine.territory.constraints.lock import Lock
from engine.territory.declaration import BoolArray, Forbidden
from engine.territory.plain_rows import in_currency, table_of
from engine.territory.problem import Problem
from engine.territory.proofs import STAGE
from engine.territory.solving.multipliers import price_out
from engine.territory.study import Study
from engine.territory.why.multipliers import Multipliers
from solvers.solution import Status, relative_gap

COLUMNS = (
    Column("rule", "text", "Name of the lock"),
    Column("account", "text", "Id of the locked account; blank for all accounts of the rule"),
    Column("rep", "text", "Seat that it is locked to; blank for all accounts of the rule"),
    Column("accounts", "whole", "Accounts that would be free"),
    Column("estimate", "real", "What the LP's bound falls by at most without the lock", "currency"),
    Column("saving_at_least", "real", "Proven least saving without it; blank where not solved", "currency"),
    Column("saving_at_most", "real", "Proven greatest saving without it", "currency"),
    Column("cost_without", "real", "Cost of the plan found without it; blank where not solved", "currency"),
    Column(
        "bound_without", "real", "Proven bound on the cost without it; blank where not solved", "currency"
    ),
)


@dataclass(frozen=True)
class LockCost:
    """One lock, or all locks of one rule."""

    field: str
    rule: str
    accounts: IntArray
    """Accounts that would be free."""
    rep: int
    """Seat of a single account; -1 for a rule."""
    estimate: float
    at_most: float
    at_least: float = nan
    cost: float = nan
    bound: float = nan


def lock_costs(study: Study, found: Multipliers, solved: int) -> tuple[list[LockCost], list[Solve]]:
    """Return every lock, the dearest by its estimate first, the first `solved` of them solved without it.

    Raises:
        VerificationFailed: a plan without a lock does not cost what its search says.

    """
    reduced = _reduced(found)
    slack = max(study.objective - found.priced.bound, 0.0)
    costs = []
    for field, title, accounts, reps in _locks(study.inputs, study):
        single = [(np.array([i]), j) for i, j in zip(accounts.tolist(), reps.tolist(), strict=True)]
        rule = [(accounts, -1)] if len(accounts) > 1 else []
        for freed, rep in (*rule, *single):
            estimate = _estimate(study.problem, found, reduced, field, freed)
            costs.append(LockCost(field, title, freed, rep, estimate, slack + estimate))
    costs.sort(key=lambda cost: -cost.estimate)
    answers = [
        _without(study, cost, k, min(solved, len(costs))) for k, cost in enumerate(costs[:solved], start=1)
    ]
    again = [*(cost for cost, _ in answers), *costs[solved:]]
    return _nested(again), [solve for _, solve in answers]


def _nested(costs: Sequence[LockCost]) -> list[LockCost]:
    """Return the locks within what the others prove: the fewer accounts of a rule are freed, the less is saved."""
    rule = {cost.field: cost.at_most for cost in costs if cost.rep < 0}
    least: dict[str, float] = {}
    for cost in costs:
        if cost.at_least == cost.at_least:
            least[cost.field] = max(cost.at_least, least.get(cost.field, 0.0))
    return [
        replace(cost, at_least=least.get(cost.field, nan))
        if cost.rep < 0
        else replace(cost, at_most=min(cost.at_most, rule.get(cost.field, inf)))
        for cost in costs
    ]


def _locks(inputs: Inputs, study: Study) -> list[tuple[str, str, IntArray, IntArray]]:
    """Return field, title, accounts and seats of each lock rule, in the order of the scenario."""
    rules = []
    for place, rule in enumerate(study.spec.constraints):
        if isinstance(rule, Lock):
            pairs = dict.fromkeys((i, j) for i, j, *_ in rule.locked(inputs))
            accounts = np.array([i for i, _ in pairs], dtype=np.int64)
            reps = np.array([j for _, j in pairs], dtype=np.int64)
            rules.append((f"territories.constraints[{place}]", rule.title, accounts, reps))
    return rules


def _reduced(found: Multipliers) -> FloatArray:
    """Return r_ij of every pair, eligible or not, shape (unit, rep)."""
    problem = found.units.problem
    everywhere = replace(problem, eligible=np.ones_like(problem.eligible))
    priced = price_out(everywhere, found.formulation, found.duals)
    return priced.least[:, None] + priced.extra


def _estimate(
    problem: Problem, found: Multipliers, reduced: FloatArray, field: str, freed: IntArray
) -> float:
    """Return what L(mu) falls by when the lock is gone for these accounts."""
    unit_of, total = found.units.unit_of, 0.0
    mine = np.zeros(len(unit_of), dtype=np.bool_)
    mine[freed] = True
    for unit in dict.fromkeys(unit_of[freed].tolist()):
        members = np.flatnonzero(unit_of == unit)
        allowed = np.logical_and.reduce(_eligible(problem, field, members, mine[members]), axis=0)
        now = problem.eligible[members].all(axis=0)
        total += float(reduced[unit, now].min() - reduced[unit, allowed].min())
    return total


def _eligible(problem: Problem, field: str, accounts: IntArray, freed: BoolArray) -> BoolArray:
    """Return which seats may own some accounts, shape (account, rep), when one rule lets go of the freed ones."""
    allowed = np.ones((len(accounts), len(problem.rep_ids)), dtype=np.bool_)
    for rule in problem.forbidden:
        never = rule.what.pairs[accounts]
        allowed &= ~(never & ~freed[:, None] if rule.field == field else never)
    return allowed


def _without(study: Study, lock: LockCost, turn: int, turns: int) -> tuple[LockCost, Solve]:
    problem, word = _freed(study.problem, lock), f"without lock {turn} of {turns}"
    search = study.searching(word, study.limits, [study.rep_of])
    answer = study.solve(problem, search)
    cost = cost_of(study.inputs, study.spec, answer.rep_of)
    if not problem.keeps(answer.rep_of) or not isclose(cost, answer.objective, rel_tol=REAL, abs_tol=REAL):
        message = f"the plan {word} does not keep the rules, or does not cost {answer.objective:.9g}."
        raise VerificationFailed([Fault("V_CHECK", message, field=lock.field)])
    bound = max(answer.bound, study.objective - lock.at_most)
    found = replace(
        lock,
        at_least=max(study.bound - cost, 0.0),
        at_most=max(study.objective - bound, 0.0),
        cost=cost,
        bound=min(bound, cost),
    )
    gap, demanded = relative_gap(cost, found.bound), study.limits.gap
    status = Status.OPTIMAL if gap <= demanded else Status.FEASIBLE
    name = f"cost {_named(study, lock)}"
    solve = Solve(
        STAGE, name, study.search.backend, status, cost, found.bound, gap, demanded, study.inputs.currency,
        answer.seconds, answer.ended_by, answer.proof,
    )  # fmt: skip
    return found, solve


def _freed(problem: Problem, lock: LockCost) -> Problem:
    """Return the problem without the lock."""
    never = []
    for rule in problem.forbidden:
        pairs = rule.what.pairs
        if rule.field == lock.field:
            pairs = pairs.copy()
            pairs[lock.accounts] = False
        never.append(replace(rule, what=Forbidden.of(pairs)))
    eligible = np.ones_like(problem.eligible)
    for free in never:
        eligible &= ~free.what.pairs
    return replace(problem, forbidden=tuple(never), eligible=eligible)


def _named(study: Study, lock: LockCost) -> str:
    if lock.rep < 0:
        return f"without {lock.rule} on {len(lock.accounts)} accounts"
    return f"without {lock.rule} on {study.inputs.accounts.id[lock.accounts[0]]}"


def table(inputs: Inputs, costs: Sequence[LockCost]) -> Table:
    """Return the table `lock_costs`."""
    rows = [
        (
            cost.rule,
            inputs.accounts.id[cost.accounts[0]] if cost.rep >= 0 else "",
            inputs.reps.id[cost.rep] if cost.rep >= 0 else "",
            len(cost.accounts),
            cost.estimate,
            cost.at_least,
            cost.at_most,
            cost.cost,
            cost.bound,
        )
        for cost in costs
    ]
    return table_of(
        "lock_costs", in_currency(COLUMNS, inputs.currency), rows, "What each lock costs, the dearest first"
    )
