"""Axes of a frontier: how a thing is minimised, limited and measured, in the kinds that a scenario has anyway.

    disruption   sum_i w_i moved_i                                      in the unit of the measure w
    travel       sum over the travel objectives                         currency units
    balance      max_j |sum_i w_i x_ij - t_j| / t_j                     a ratio; t_j is the target of a band

A limited point is a scenario of its own: its rules are declared, solved and checked like any other's.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from math import fsum, nan

import numpy as np

from engine.inputs import Inputs, IntArray
from engine.territory.constraint import Constraint
from engine.territory.constraints.band import Band
from engine.territory.constraints.max_moves import MaxMoves
from engine.territory.declaration import Cost
from engine.territory.frontier.spec import FrontierSpec
from engine.territory.frontier.travel import TravelBudget
from engine.territory.measure import measured
from engine.territory.objective import Objective
from engine.territory.objectives.travel import Travel
from engine.territory.problem import loads
from engine.territory.spec import TerritorySpec

STEP = Decimal("0.0001")
"""Widths of bands are rounded up to this."""


def template(spec: TerritorySpec, measure: str) -> Band:
    """Return the scenario's band on a measure, for its targets; one around the mean of the seats without any."""
    for constraint in spec.constraints:
        if isinstance(constraint, Band) and constraint.measure == measure and _relative(constraint):
            return constraint
    return Band(measure=measure, within=Decimal(1))


def _relative(band: Band) -> bool:
    """Say whether a band is a rule around a target, and neither absolute nor a wish with a price or a rank."""
    return band.within is not None and band.price is None and not band.rank


def balanced(spec: TerritorySpec) -> tuple[str, ...]:
    """Return the measures whose worst deviation is told: the frontier's, and those of the scenario's bands."""
    own = [c.measure for c in spec.constraints if isinstance(c, Band) and _relative(c)]
    first = [spec.frontier.measure] if spec.frontier and spec.frontier.against == "balance" else []
    return tuple(dict.fromkeys([*first, *own]))


def deviation(inputs: Inputs, band: Band, rep_of: IntArray) -> Fraction:
    """Return the worst relative distance of a seat that the band holds for from its target; targets of 0 aside."""
    measure = measured(inputs, band.measure)
    load = loads(measure, rep_of, len(inputs.reps)).tolist()
    targets = band.targets(inputs, measure.values)
    held = [not band.seats or seat in band.seats for seat in inputs.reps.id]
    apart = [
        abs(value - target) / abs(target)
        for value, target, holds in zip(load, targets, held, strict=True)
        if holds and target
    ]
    return max(apart, default=Fraction(0))


def moved(inputs: Inputs, name: str, rep_of: IntArray) -> Decimal:
    """Return what leaves its incumbent, in the unit of the measure."""
    measure = measured(inputs, name)
    gone = np.flatnonzero((inputs.accounts.owner >= 0) & (inputs.accounts.owner != rep_of))
    return Decimal(int(measure.at(gone, rep_of[gone]).sum())) / measure.scale


def travel(inputs: Inputs, spec: TerritorySpec, rep_of: IntArray) -> float:
    """Return the cost of travel, currency units; NaN where the scenario has none."""
    ways = [
        objective.cost_of(inputs, rep_of) for objective in spec.objectives if isinstance(objective, Travel)
    ]
    return fsum(ways) if ways else nan


def reached(inputs: Inputs, spec: TerritorySpec, frontier: FrontierSpec, rep_of: IntArray) -> Decimal:
    """Return what a plan comes to on the limited axis, rounded up to what a limit can say."""
    if frontier.against == "balance":
        worst = deviation(inputs, template(spec, frontier.measure), rep_of)
        return _up(Decimal(worst.numerator) / Decimal(worst.denominator), STEP)
    if frontier.against == "disruption":
        return moved(inputs, frontier.moved, rep_of)
    return TravelBudget.of(spec, Decimal(0)).used(inputs, rep_of)


def _up(value: Decimal, step: Decimal) -> Decimal:
    return value.quantize(step, rounding=ROUND_CEILING)


def limited(spec: TerritorySpec, frontier: FrontierSpec, limit: Decimal | None) -> TerritorySpec:
    """Return the scenario with a limit on the second axis instead of its own; None lifts it."""
    kept = [constraint for constraint in spec.constraints if not _gives_way(constraint, frontier)]
    if limit is not None:
        kept.append(_limit(spec, frontier, limit))
    return spec.model_copy(update={"constraints": tuple(kept)})


def _gives_way(constraint: Constraint, frontier: FrontierSpec) -> bool:
    if isinstance(constraint, Band):
        relative = _relative(constraint) and constraint.measure == frontier.measure
        return frontier.against == "balance" and relative
    if isinstance(constraint, MaxMoves):
        whole = constraint.measure == frontier.moved and not constraint.each
        return frontier.against == "disruption" and whole
    return False


def _limit(spec: TerritorySpec, frontier: FrontierSpec, limit: Decimal) -> Constraint:
    if frontier.against == "balance":
        return template(spec, frontier.measure).model_copy(update={"within": limit})
    if frontier.against == "disruption":
        return MaxMoves(name="frontier", measure=frontier.moved, limit=limit)
    return TravelBudget.of(spec, limit)


def minimising(inputs: Inputs, spec: TerritorySpec, frontier: FrontierSpec) -> TerritorySpec:
    """Return the scenario with the first axis as its only objective; rules with a price are left out."""
    if frontier.of == "cost":
        return spec
    rules = tuple(rule for rule in spec.constraints if not isinstance(rule.declare(inputs), Cost))
    return spec.model_copy(update={"constraints": rules, "objectives": _objectives(spec, frontier)})


def _objectives(spec: TerritorySpec, frontier: FrontierSpec) -> tuple[Objective, ...]:
    from engine.territory.frontier.moved import Moved

    if frontier.of == "travel":
        return tuple(objective for objective in spec.objectives if isinstance(objective, Travel))
    return (Moved(measure=frontier.moved, beside=spec.objectives),)


def held(inputs: Inputs, spec: TerritorySpec, frontier: FrontierSpec, rep_of: IntArray) -> TerritorySpec:
    """Return the scenario with the first axis held at what a plan comes to, so that its cost can be minimised."""
    if frontier.of == "travel":
        budget = TravelBudget.of(spec, Decimal(0))
        limit: Constraint = TravelBudget.of(spec, budget.used(inputs, rep_of))
    else:
        limit = MaxMoves(name="frontier", measure=frontier.moved, limit=moved(inputs, frontier.moved, rep_of))
    return spec.model_copy(update={"constraints": (*spec.constraints, limit)})


def unit(inputs: Inputs, frontier: FrontierSpec) -> str:
    """Return the unit of the first axis."""
    if frontier.of == "disruption" and frontier.moved != "potential":
        return measured(inputs, frontier.moved).unit
    return inputs.currency


def words(frontier: FrontierSpec) -> str:
    """Return what is minimised: `moved potential`, `moved accounts`, `travel`, `cost`."""
    if frontier.of != "disruption":
        return frontier.of
    return "moved accounts" if frontier.moved == "count" else f"moved {frontier.moved}"


def limit_words(inputs: Inputs, frontier: FrontierSpec, limit: Decimal | None) -> str:
    """Return a limit in words: `potential within 8%`, `moved count up to 120 accounts`."""
    if frontier.against == "balance":
        what = f"{frontier.measure} within"
    else:
        what = f"moved {frontier.moved} up to" if frontier.against == "disruption" else "travel up to"
    if limit is None:
        return f"{what} anything"
    if frontier.against == "balance":
        return f"{what} {float(100 * limit):.4g}%"
    return f"{what} {limit:,f} {limit_unit(inputs, frontier)}"


def limit_unit(inputs: Inputs, frontier: FrontierSpec) -> str:
    """Return the unit of a limit that is no ratio."""
    return measured(inputs, frontier.moved).unit if frontier.against == "disruption" else inputs.currency
