"""The full route: every eligible pair is a column, and branch and bound proves the bound."""

from __future__ import annotations

from dataclasses import replace

from engine.errors import NoPlan
from engine.inputs import IntArray
from engine.territory.conflict.infeasible import second_route
from engine.territory.problem import Problem
from engine.territory.solving.confirming import confirmed
from engine.territory.solving.descent import cheapest, descend
from engine.territory.solving.formulation import Formulation, formulate
from engine.territory.solving.integrality import least
from engine.territory.solving.narrow import narrow, narrowed
from engine.territory.solving.outer import solve_pairs
from engine.territory.solving.regions import regions
from engine.territory.solving.relaxation import MULTIPLIERS, pairs_of, relax
from engine.territory.solving.search import Answer, Search, answer
from solvers.solution import Solution, Status

WORK = 400_000
"""Pairs times nodes that branch and bound is given where bands are narrow and a plan is known."""
MARGINS = (2, 20, 200, 2000)
"""Integer units by which a search is tightened when a solver's tolerance has broken a rule by a hair."""


def solve_full(problem: Problem, search: Search) -> Answer:
    """Solve a problem over all its pairs.

    Raises:
        Infeasible: no alignment keeps the rules, proved by two routes.
        NoPlan: a limit was reached before there was an alignment that keeps every rule.

    """
    if problem.connected:
        from engine.territory.solving.connected import solve_connected

        return solve_connected(problem, search, solve_full)
    if narrow(problem):
        return solve_narrow(problem, search)
    drawn = regions(problem, search) if problem.edge_costs and not search.found else None
    if drawn is not None:
        search.found.append(drawn)
    guess = descend(problem, cheapest(problem))
    if problem.keeps(guess):
        search.found.append(guess)
    return branched(problem, search)


def solve_narrow(problem: Problem, search: Search) -> Answer:
    """Solve a problem with narrow bands or ranks; branch and bound finds few plans there, and is asked for a bound.

    Raises what `solve_full` raises.
    """
    plan = narrowed(problem, search)
    if not problem.keeps(plan):
        return branched(problem, search)
    search.found.append(plan)
    priced = relax(problem, search, plan).priced.bound
    whole = least(problem) + float(problem.cost.min(axis=1).sum())
    bound, proof = priced, MULTIPLIERS.format(int(problem.eligible.sum()))
    if whole > priced:
        bound, proof = whole, "whole units: loads are multiples of one unit and add up to the total"
    search.prove(bound, proof)
    if search.close(problem.price(plan), bound):
        return answer(problem, plan, bound, search, ended_by="gap", proof=proof)
    nodes = max(WORK // int(problem.eligible.sum()), 1)
    nodes = nodes if search.node_limit is None else min(search.node_limit, nodes)
    found = branched(problem, replace(search, node_limit=nodes))
    return found if found.bound >= bound else replace(found, bound=bound, proof=proof)


def branched(problem: Problem, search: Search) -> Answer:
    """Solve a problem by branch and bound over all its pairs, from the best plan known.

    Raises what `solve_full` raises.
    """
    proof = f"branch and bound over all {int(problem.eligible.sum()):,} pairs ({search.backend})"
    pairs = pairs_of(problem.eligible)
    formulation, solution = solve_pairs(problem, search, *pairs, proves=lambda bound: (bound, proof))
    if solution.status == Status.INFEASIBLE:
        return contradicted(problem, search)
    confirmation = confirmed(problem, search, pairs, solution)
    rep_of = settle(problem, search, formulation, solution)
    proof = f"branch and bound over all {len(formulation.account):,} pairs ({solution.backend})"
    found = answer(problem, rep_of, solution.bound, search, ended_by=solution.ended_by, proof=proof)
    return replace(found, confirmation=confirmation)


def contradicted(problem: Problem, search: Search) -> Answer:
    """Take a backend's word that there is no answer to a second route; return an answer where it was wrong."""
    rep_of = search.found[-1] if search.found else second_route(problem, search)
    search.progress.warn(
        "the solver called the territories infeasible; a second route found a plan all the same."
    )
    polished = descend(problem, rep_of)
    best = polished if problem.keeps(polished) else rep_of
    bound = relax(problem, search, best).priced.bound
    return answer(
        problem, best, bound, search, ended_by="second route", proof="multipliers evaluated on all pairs"
    )


def settle(problem: Problem, search: Search, formulation: Formulation, solution: Solution) -> IntArray:
    """Turn the point of a backend into an alignment that keeps every rule exactly.

    A point within a solver's tolerance may break an integer bound by a hair: then shifts and swaps repair it, and
    where they cannot, the search is repeated with bounds that are tighter by a few units.

    Raises:
        NoPlan: there is no such point, or no repair succeeded.

    """
    plans = list(search.found)
    if solution.x is not None:
        plans += _kept(problem, formulation.alignment(solution.x, len(problem.account_ids)))
        for margin in MARGINS:
            if plans:
                break
            tighter = formulate(problem, formulation.account, formulation.rep, margin=margin)
            again = search.solve(tighter)
            if again.x is not None:
                plans += _kept(problem, tighter.alignment(again.x, len(problem.account_ids)))
    if not plans:
        raise NoPlan(
            f"no plan: the search ended ({solution.ended_by or solution.status}) before an alignment kept every rule."
            f" {solution.message}".rstrip(),
            hint="Raise territories.solver.node_limit or time_limit, or widen a band.",
        )
    best = min(plans, key=problem.price)
    search.found.append(best)
    return best


def _kept(problem: Problem, rep_of: IntArray) -> list[IntArray]:
    return [plan for plan in (rep_of, descend(problem, rep_of)) if problem.keeps(plan)]
