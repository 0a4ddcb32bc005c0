"""Alternatives: plans within a cost of the best that differ most from it and from each other.

    max z    s.t.  z <= sum_i w_i (1 - x_i,p(i))      for the best plan and each earlier alternative p
                   c x + spreads + cuts <= (1 + within) U        every rule of the problem

with U the cost of the best plan: the least of the distances to the plans so far (in accounts, or in what a measure
weighs them by) is as large as it can be (hop, skip and jump: Brill, Chang and Hopkins 1982, Mgmt Science 28:221).
Column fixing loses nothing: a pair that costs more than (1 + within) U - L beyond the bound L of the multipliers is in
no such plan, so the search over the other pairs is one over all, and its bound on the difference holds for all. It
starts from a plan of local search, which also stands where a solver's plan breaks a rule by its tolerance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import floor, isclose

import numpy as np

from engine.errors import Fault, VerificationFailed
from engine.inputs import IntArray
from engine.proof import Solve
from engine.territory.alternatives.model import Differing, differing_model, differs, of_units, seats_of
from engine.territory.alternatives.search import searched
from engine.territory.alternatives.spec import AlternativesSpec
from engine.territory.checks import REAL, cost_of, violations
from engine.territory.measure import Measured, measured
from engine.territory.proofs import STAGE
from engine.territory.study import Limits, Study
from engine.territory.why.multipliers import Multipliers
from solvers.solution import Solution, Status, relative_gap

LOCAL = "local search"
"""What ended a search whose bound is the LP's."""
WHOLE = 1e-7
"""Relative tolerance of a solver's bound on an integer."""


@dataclass(frozen=True)
class Alternative:
    """A plan beside the best."""

    rep_of: IntArray
    cost: float
    """Currency units."""
    difference: float
    """Least difference from the best plan and the earlier alternatives, in the unit of the measure."""
    bound: float
    """Proven: no plan within the cost differs by more from all of them."""
    status: Status
    seconds: float
    ended_by: str
    proof: str

    @property
    def gap(self) -> float:
        """Distance of difference and bound, as a share of the difference."""
        return relative_gap(self.difference, self.bound)


@dataclass(frozen=True)
class Alternatives:
    """The plans found, in the order in which they were sought."""

    spec: AlternativesSpec
    measure: Measured
    plans: tuple[Alternative, ...]


def differing(study: Study, spec: AlternativesSpec, found: Multipliers) -> Alternatives:
    """Find the alternatives one after the other; fewer than asked for where no further plan is within the cost.

    Raises:
        VerificationFailed: a plain check contradicts a plan.

    """
    measure = measured(study.inputs, spec.measure)
    plans: list[Alternative] = []
    for turn in range(spec.count):
        plan = _next(study, spec, found, [study.rep_of, *(p.rep_of for p in plans)], turn + 1)
        if plan is None:
            break
        plans.append(plan)
    return Alternatives(spec, measure, tuple(plans))


def _next(
    study: Study, spec: AlternativesSpec, found: Multipliers, known: list[IntArray], turn: int
) -> Alternative | None:
    gap = 0.0 if spec.gap is None else float(spec.gap)
    word, limits = f"alternative {turn} of {spec.count}", Limits(gap, max(spec.node_limit, 1))
    limit = study.objective + abs(study.objective) * float(spec.within)
    measure, search = measured(study.inputs, spec.measure), study.searching(word, limits)
    start = _start(found, measure, known, limit)
    plans = [found.units.expand(start)]
    whole = spec.node_limit > 0 or bool((plans[0] == known[0]).all())
    built = differing_model(Differing(found, tuple(known), measure, limit, start, whole))
    solution = search.hand_over(built.model, gap=gap, start=built.start if whole else None, tell=search.tell)
    if solution.x is not None:
        plans.append(found.units.expand(seats_of(built, solution.x)))
    kept = [plan for plan in plans if study.problem.keeps(plan) and study.problem.price(plan) <= limit]
    if not kept:
        return None
    best = max(kept, key=lambda plan: min(differs(measure, plan, other) for other in known))
    bound = _whole(-solution.bound * built.scale, _weight(measure, study.rep_of)) / measure.scale
    return _checked(study, spec, known, best, bound, replace(solution, ended_by=_ended(solution, whole)))


def _weight(measure: Measured, rep_of: IntArray) -> int:
    values = measure.at(np.arange(len(rep_of)), rep_of)
    return int(values.clip(min=0).sum())


def _whole(bound: float, most: int) -> int:
    """Return a bound on a difference in integer units, rounded down; no difference exceeds what all accounts weigh."""
    return most if bound >= most else floor(bound + WHOLE * max(abs(bound), 1.0))


def _start(found: Multipliers, measure: Measured, known: list[IntArray], limit: float) -> IntArray:
    """Return a plan over units that local search makes differ."""
    units = found.units
    plans = [of_units(units.unit_of, plan) for plan in known]
    weight = np.zeros(len(plans[0]))
    np.add.at(weight, units.unit_of, measure.at(np.arange(len(known[0])), known[0]).astype(np.float64))
    return searched(units.problem, plans, weight, limit)


def _ended(solution: Solution, whole: bool) -> str:
    return solution.ended_by if whole or solution.ended_by == "time" else LOCAL


def _checked(
    study: Study,
    spec: AlternativesSpec,
    known: Sequence[IntArray],
    rep_of: IntArray,
    bound: float,
    solution: Solution,
) -> Alternative | None:
    measure = measured(study.inputs, spec.measure)
    difference = min(differs(measure, rep_of, plan) for plan in known) / measure.scale
    if difference <= 0:
        return None
    broken = violations(study.inputs, study.spec, rep_of)
    cost, told = cost_of(study.inputs, study.spec, rep_of), study.problem.price(rep_of)
    if not isclose(cost, told, rel_tol=REAL, abs_tol=REAL):
        broken.append(f"an alternative is said to cost {told:.9g}; recomputed it is {cost:.9g}.")
    if broken:
        raise VerificationFailed(
            Fault("V_CHECK", sentence, field="territories.alternatives") for sentence in broken
        )
    bound = max(bound, difference)
    proven = relative_gap(difference, bound) <= float(spec.gap or 0)
    status = Status.OPTIMAL if proven else Status.FEASIBLE
    how = "the LP" if solution.ended_by == LOCAL else "branch and bound"
    proof = f"{how} ({solution.backend}) over the pairs that can be in such a plan"
    return Alternative(rep_of, cost, difference, bound, status, solution.seconds, solution.ended_by, proof)


def solves(study: Study, found: Alternatives) -> tuple[Solve, ...]:
    """Return what the manifest says of each search; the difference is maximised, so its bound lies above."""
    return tuple(
        Solve(
            STAGE,
            f"difference of alternative {turn}",
            study.search.backend,
            plan.status,
            plan.difference,
            plan.bound,
            plan.gap,
            plan.gap if found.spec.gap is None else float(found.spec.gap),
            found.measure.unit,
            plan.seconds,
            plan.ended_by,
            plan.proof,
        )
        for turn, plan in enumerate(found.plans, start=1)
    )
