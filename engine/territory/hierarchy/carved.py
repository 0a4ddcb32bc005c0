"""The alignment of a carving from the top down: the whole with the best bound at hand, then every step with its own."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np

from engine.inputs import Inputs
from engine.proof import Solve
from engine.territory.alignment import Alignment
from engine.territory.certificates import certificate_tables
from engine.territory.checks import verify
from engine.territory.hierarchy.aggregate import NodeBounds
from engine.territory.hierarchy.band import NodeBand
from engine.territory.hierarchy.spec import Hierarchy
from engine.territory.hierarchy.top_down import Carving, SolveProblem, carve
from engine.territory.interrupted import DesignInterrupted
from engine.territory.measure import measured
from engine.territory.problem import Problem
from engine.territory.proofs import solves
from engine.territory.solving.certifying import certificate_of
from engine.territory.solving.relaxation import relax
from engine.territory.solving.search import Answer, Search
from engine.territory.spec import TerritorySpec
from engine.territory.tables import tables
from solvers.solution import relative_gap

IN_ONE_PAIRS = 500_000
"""Pairs up to which the multipliers of the problem in one are sought for a better bound of the whole."""


def affordable(inputs: Inputs, spec: TerritorySpec) -> TerritorySpec:
    """Return the rules of the problem over all levels at once; from the top down and with many pairs without bands.

    A band of nodes is a row over every pair of its seats. What is carved from the top down keeps the bands by itself;
    then the bound of the topmost level stands, and questions to the alignment are not asked.
    """
    top_down = spec.hierarchy is not None and spec.hierarchy.solve == "top_down"
    if not top_down or len(inputs.accounts) * len(inputs.reps) <= IN_ONE_PAIRS:
        return spec
    rules = tuple(rule for rule in spec.constraints if not isinstance(rule, NodeBand))
    return spec if len(rules) == len(spec.constraints) else spec.model_copy(update={"constraints": rules})


def carved(
    inputs: Inputs, spec: TerritorySpec, problem: Problem, search: Search, solve: SolveProblem
) -> Alignment:
    """Carve from the top down and check the whole.

    Raises:
        BadInput, Infeasible, NoPlan, VerificationFailed: as the stage does.
        DesignInterrupted: the user stopped before the lowest level was done; there is no plan to keep.

    """
    hierarchy = spec.hierarchy
    assert hierarchy is not None
    carving = Carving(inputs, hierarchy, _bounds(inputs, spec, hierarchy), solve, search)
    try:
        whole = carve(problem, carving)
        whole = _better_bound(problem, search, whole)
    except KeyboardInterrupt as stop:
        raise DesignInterrupted(None) from stop
    objective = verify(inputs, spec, whole.rep_of, whole.objective)
    proofs = solves([whole], [inputs.reps.id], objective, inputs.currency, spec.solver)
    steps = [_proof(inputs, spec, what, found) for what, found in carving.steps]
    proven = certificate_tables([whole], [inputs.reps.id])
    return Alignment(whole.rep_of, (*proofs, *steps), (*tables(inputs, spec, whole.rep_of), *proven))


def _bounds(inputs: Inputs, spec: TerritorySpec, hierarchy: Hierarchy) -> tuple[NodeBounds, ...]:
    """Return the bounds of the bands of nodes, as the rules state them: a re-carve may have weighed them."""
    bands = [(rule.place(k), rule) for k, rule in enumerate(spec.constraints) if isinstance(rule, NodeBand)]
    return tuple(
        NodeBounds(
            hierarchy.levels.index(band.level),
            band.title,
            place,
            measured(inputs, band.measure),
            band.bounds(inputs),
        )
        for place, band in bands
    )


def _better_bound(problem: Problem, search: Search, whole: Answer) -> Answer:
    """Return the answer with a certificate of the problem in one, where few enough pairs are to price.

    Its bound takes the place of the topmost level's where it is better, and needed.
    """
    enough = relative_gap(whole.objective, whole.bound) <= search.gap
    if problem.eligible.size > IN_ONE_PAIRS:
        return whole
    units = problem.contract()
    first = np.unique(units.unit_of, return_index=True)[1]
    relaxation = relax(units.problem, search.named("all levels, "), whole.rep_of[first])
    certificate = certificate_of(units.problem, relaxation.formulation, relaxation.duals)
    whole, bound = replace(whole, certificate=certificate), relaxation.priced.bound
    if enough or not whole.bound < bound < inf:
        return whole
    proof = "multipliers of all levels in one, evaluated on all pairs"
    return replace(whole, bound=bound, proof=proof, confirmation=None)


def _proof(inputs: Inputs, spec: TerritorySpec, what: str, found: Answer) -> Solve:
    (proof, *_) = solves([found], [()], found.objective, inputs.currency, spec.solver)
    return replace(proof, name=f"cost of the {what}")
