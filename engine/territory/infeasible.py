"""The second route: a backend's "infeasible" is believed only when the elastic problem proves it too.

Rules become wishes and only their total violation is minimised. When a bound on that is above zero, no alignment
keeps all rules; the alignment with the least violation found tells how much each rule would have to give. When the
least violation is zero, its alignment keeps every rule and the first word was wrong.
"""

from __future__ import annotations

import numpy as np

from engine.errors import Fault, Infeasible, NoPlan
from engine.inputs import IntArray
from engine.territory.contradictions import CODE
from engine.territory.declaration import Band, Budget
from engine.territory.descent import descend
from engine.territory.formulation import Elastic, formulate, size_of
from engine.territory.problem import Named, Problem, loads
from engine.territory.relaxation import pairs_of, relax
from engine.territory.search import Search

PROVEN = 1e-7
"""Least violation, as a share of a rule's size, that counts as above zero."""
LARGE = 20_000
"""Pairs up to which the least violation is sought by branch and bound."""
LISTED = 12
EXPLAIN_GAP = 0.02


def second_route(problem: Problem, search: Search) -> IntArray:
    """Return an alignment that keeps every rule, although a first route found none.

    Raises:
        Infeasible: proved a second time; the faults name each rule that gives, the seat, and by how much.
        NoPlan: neither an alignment nor a second proof was found within the limits.

    """
    nearest, bound = _least_violation(problem, search)
    if problem.keeps(nearest):
        return nearest
    if bound > PROVEN:
        raise Infeasible(_faults(problem, nearest))
    raise NoPlan(
        "no plan: a solver calls the territories infeasible, but a second route could not confirm it.",
        hint="Raise territories.solver.node_limit, or widen the narrowest band.",
    )


def _least_violation(problem: Problem, search: Search) -> tuple[IntArray, float]:
    """Return the alignment of least violation found, and a bound on any alignment's violation."""
    guess = descend(problem, np.argmax(problem.eligible, axis=1))
    relaxation = relax(problem, search, guess, pairs=False)
    rounded = descend(problem, relaxation.rounded)
    bound = relaxation.priced.bound
    plans = [guess, rounded]
    if int(problem.eligible.sum()) <= LARGE:
        formulation = formulate(problem, *pairs_of(problem.eligible), elastic=Elastic(False, 1.0))
        solution = search.solve(formulation, gap=EXPLAIN_GAP, quiet=True)
        bound = max(bound, solution.bound)
        if solution.x is not None:
            plans.append(formulation.alignment(solution.x, len(problem.account_ids)))
    return min(plans, key=lambda plan: violation(problem, plan)), bound


def violation(problem: Problem, rep_of: IntArray) -> float:
    """Return how far an alignment breaks the rules, each against its own size."""
    return sum(float(np.abs(excess).sum()) / size_of(rule.what) for rule, excess in problem.excess(rep_of))


def _faults(problem: Problem, nearest: IntArray) -> list[Fault]:
    found: list[tuple[float, Fault]] = []
    for rule, excess in problem.excess(nearest):
        size = size_of(rule.what)
        for j in np.flatnonzero(excess).tolist():
            found.append((-abs(int(excess[j])) / size, _fault(problem, rule, nearest, j, int(excess[j]))))
    found.sort(key=lambda pair: pair[0])
    rules = " and ".join(
        dict.fromkeys(f"{fault.message.split(':')[0]} ({fault.field})" for _, fault in found)
    )
    head = Fault(
        CODE,
        f"no alignment of {len(problem.account_ids)} accounts to {len(problem.rep_ids)} seats keeps every rule"
        f" (proved twice). The nearest one breaks {rules}.",
        "Let the rules below give by what is named.",
        field=found[0][1].field,
    )
    return [head, *(fault for _, fault in found[:LISTED])]


def _fault(problem: Problem, rule: Named[Band] | Named[Budget], plan: IntArray, j: int, excess: int) -> Fault:
    show = rule.what.measure.show
    if isinstance(rule.what, Budget):
        message = f"{rule.title}: {show(rule.what.limit + excess)} would have to move, {show(excess)} above the limit."
        return Fault(CODE, message, f"Raise the limit of {show(rule.what.limit)}.", field=rule.field)
    seat, load = problem.rep_ids[j], int(loads(rule.what.measure, plan, len(problem.rep_ids))[j])
    side, bound = ("above", rule.what.upper) if excess > 0 else ("below", rule.what.lower)
    message = (
        f"{rule.title}: seat {seat} would carry {show(load)}, {show(abs(excess))} {side} its"
        f" {'upper' if excess > 0 else 'lower'} bound of {show(int(bound[j]))}."
    )
    return Fault(CODE, message, f"Let the band of seat {seat} give by {show(abs(excess))}.", field=rule.field)
