"""The structured route: bands and budgets over many pairs go to the solver that knows their shape.

It takes hard and priced bands whose measures belong to the account, and budgets; its bound is that of multipliers
over all pairs. Where its gap is not small enough and the pairs are few enough, the same multipliers choose the pairs
of a restricted MIP (priced.py), with its alignment as a start.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.territory.conflict.infeasible import refuse_conflicts
from engine.territory.declaration import Band, Spread
from engine.territory.problem import Named, Problem
from engine.territory.solving.certifying import certificate_of
from engine.territory.solving.descent import cheapest, descend
from engine.territory.solving.formulation import Formulation, formulate, tightened
from engine.territory.solving.multipliers import price_out
from engine.territory.solving.priced import restricted, solve_priced
from engine.territory.solving.relaxation import MULTIPLIERS, Relaxation, pairs_of
from engine.territory.solving.search import Answer, Search, answer
from solvers.alignment import Instance, Options, Result, align

MIP_PAIRS = 2_000_000
"""Pairs up to which a gap that is still too wide is taken to a restricted MIP."""
SMALL_EFFORT = (12, 40, 80)
"""Sweeps where a restricted MIP can take over."""


def fits(problem: Problem) -> bool:
    """Say whether the structured solver can take a problem as it is."""
    others = (
        problem.apart,
        problem.connected,
        problem.rows,
        problem.edge_costs,
        problem.holds,
        problem.together,
        problem.gains,
    )
    rules: tuple[Named[Band] | Named[Spread], ...] = (*problem.bands, *problem.spreads)
    measures = [rule.what.measure for rule in rules]
    plain = not any(m.by_seat or (m.values < 0).any() for m in measures)
    ranked = any(spread.what.rank for spread in problem.spreads)
    return bool(measures) and plain and not ranked and not any(others)


def solve_structured(problem: Problem, search: Search) -> Answer:
    """Solve a problem of many pairs; raises what `solve_priced` raises."""
    instance, pairs = instance_of(problem), int(problem.eligible.sum())
    proof = MULTIPLIERS.format(pairs)
    small = pairs <= MIP_PAIRS
    guess = descend(problem, cheapest(problem)) if small else cheapest(problem)
    if small and not search.found and not problem.keeps(guess):
        refuse_conflicts(problem, search)
    options = Options(
        gap=search.gap,
        effort=SMALL_EFFORT if small else Options.effort,
        seed=search.seed,
        deadline=search.deadline,
        starts=(*search.found, guess),
        tell=lambda what, objective, bound: search.tell(objective, search.prove(bound, proof)),
        found=lambda rep_of, bound: search.found.append(rep_of),
    )
    result = align(instance, options)
    formulation = formulate(problem, *pairs_of(np.zeros_like(problem.eligible)), integer=False)
    duals = row_duals(problem, instance, formulation, result)
    priced = price_out(problem, formulation, duals)
    relaxation = Relaxation(priced, result.rounded, result.rep_of is None, formulation, duals)
    bound = relaxation.priced.bound
    if result.rep_of is None:
        return solve_priced(problem, search)
    best = min((plan for plan in search.found if problem.keeps(plan)), key=problem.price)
    if search.close(problem.price(best), bound) or not small:
        found = answer(problem, best, bound, search, ended_by=result.ended_by, proof=proof)
    else:
        found = restricted(problem, search, relaxation)
    return replace(found, certificate=certificate_of(problem, formulation, duals))


def instance_of(problem: Problem) -> Instance:
    """Return the problem as the structured solver reads it; the pairs' costs as a table."""
    rules: list[Named[Band] | Named[Spread]] = [*problem.bands, *problem.spreads]
    sides = [_sides(rule.what) for rule in rules]
    price = [np.inf if isinstance(rule.what, Band) else rule.what.price for rule in rules]
    kinds, kind = np.unique(np.packbits(problem.eligible, axis=1), axis=0, return_inverse=True)
    allowed = np.unpackbits(kinds, axis=1, count=len(problem.rep_ids)).astype(np.bool_)
    budgets = [budget.what for budget in problem.budgets]
    return Instance(
        np.stack([rule.what.measure.values for rule in rules]),
        np.stack([low for low, _ in sides]),
        np.stack([high for _, high in sides]),
        table=np.where(problem.eligible, problem.cost, 0.0),
        price=np.array(price),
        taken=np.stack([problem.use(budget) for budget in budgets]).astype(np.float64) if budgets else None,
        limit=np.array([budget.limit for budget in budgets], dtype=np.int64) if budgets else None,
        kind=kind.reshape(-1).astype(np.int64),
        allowed=allowed,
    )


def _sides(rule: Band | Spread) -> tuple[FloatArray | IntArray, FloatArray | IntArray]:
    return tightened(rule) if isinstance(rule, Band) else (rule.lower, rule.upper)


def row_duals(problem: Problem, instance: Instance, formulation: Formulation, result: Result) -> FloatArray:
    """Return the multipliers as duals of the rows of a formulation: per unit of a row, of the opposite sign."""
    duals = np.zeros(formulation.model.rows)
    places = list(formulation.rows)
    bands, budgets = len(problem.bands), len(problem.budgets)
    scale = instance.scale
    for k, (rows, unit) in enumerate([*places[:bands], *places[bands + budgets :]]):
        duals[rows] = -result.multipliers.band[k] / scale[k] * unit
    for b, (rows, unit) in enumerate(places[bands : bands + budgets]):
        duals[rows] = -result.multipliers.budget[b] * unit
    return duals
