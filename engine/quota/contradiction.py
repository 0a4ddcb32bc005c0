"""Contradiction: in the words of the scenario, which limits would have to give before there are any quotas."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import Fault, Infeasible
from engine.quota.planning import Plan
from engine.quota.words import amount
from solvers.quotas import Conflict, Instance

SHOWN = 12
"""Limits named in a message; the rest is counted."""


def contradicted(conflicts: Sequence[Conflict], plan: Plan, instance: Instance, unit: int) -> Infeasible:
    """Return the error for what has to give, the largest amount first.

    Args:
        conflicts: of the instance that was solved, in its units: of nodes, products and periods.
        plan: what was asked for.
        instance: the same instance in minor units, for the limits as they are.
        unit: minor units in a unit of the conflicts.

    """
    ranked = sorted(conflicts, key=lambda conflict: (-conflict.amount, conflict.rule, conflict.index))
    faults = [_fault(conflict, plan, instance, unit) for conflict in ranked[:SHOWN]]
    if len(ranked) > SHOWN:
        rest = f"and {len(ranked) - SHOWN} further limits, by less"
        faults.append(Fault("M_INFEASIBLE", rest, field="quotas.bounds"))
    return Infeasible(faults)


def _fault(conflict: Conflict, plan: Plan, instance: Instance, unit: int) -> Fault:
    kind, side = conflict.rule.split("_")
    limits = dict(zip(("lower", "upper"), instance.limits.pairs()[kind], strict=True))
    edge, currency = int(limits[side][conflict.index]), plan.problem.currency
    word, verb = ("at least", "fall") if side == "lower" else ("at most", "rise")
    title, field = _named(kind, conflict.index, plan, side)
    given = f"would have to {verb} by {amount(conflict.amount * unit, currency)}"
    message = f"{title}: {word} {amount(edge, currency)} {given}"
    return Fault("M_INFEASIBLE", message, "Widen this bound, or change the goal.", field=field)


def _named(kind: str, index: tuple[int, ...], plan: Plan, side: str) -> tuple[str, str]:
    """Return what a limit is called, and the field that it comes from."""
    products, inputs = plan.shape.products, plan.basis.inputs
    if kind == "node":
        limit, node = plan.problem.limits[index[0]], plan.problem.tree.nodes[index[0]]
        rule = limit.low_rule if side == "lower" else limit.high_rule
        street = "" if node.seat >= 0 else ", all seats below it"
        return f"{node.title}{street}", f"quotas.{rule}" if index[0] and rule else "quotas.goal"
    name = inputs.reps.id[index[0]]
    if kind == "product":
        product = products[index[1]]
        pinned = any((pin.seat, pin.product) == index for pin in plan.pins)
        field = "quotas.adjustments" if pinned else f"quotas.bounds.products.{product}"
        return f"{name}, {product}", field
    closed = 0 if plan.standing is None else plan.standing.closed
    return f"{name}, {inputs.calendar.labels[closed + index[1]]}", "quotas.adjustments"
