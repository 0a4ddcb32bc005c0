"""Contradiction: in the words of the scenario, which limits would have to give before there are any quotas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.errors import Fault, Infeasible
from engine.quota.planning import Plan
from engine.quota.streets import OPEN
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
    faults = [
        *_sums(plan, instance),
        *(_fault(conflict, plan, instance, unit) for conflict in ranked[:SHOWN]),
    ]
    if len(ranked) > SHOWN:
        rest = f"and {len(ranked) - SHOWN} further limits, by less"
        faults.append(Fault("M_INFEASIBLE", rest, field="quotas.bounds"))
    return Infeasible(faults)


def _sums(plan: Plan, instance: Instance) -> Iterator[Fault]:
    """Yield products of which the seats together must carry more, or may carry less, than there is."""
    if instance.product_lower is None or instance.product_upper is None or instance.company_lower is None:
        return
    goals, currency = instance.company_lower.sum(axis=1), plan.problem.currency
    pinned = {pin.product for pin in plan.pins}
    for product, name in enumerate(plan.shape.products):
        goal, tops = int(goals[product]), instance.product_upper[:, product]
        most = goal if (tops >= OPEN).any() else int(tops.sum())
        for total, beyond, word in (
            (int(instance.product_lower[:, product].sum()), 1, "least"),
            (most, -1, "most"),
        ):
            if beyond * (total - goal) > 0:
                message = (
                    f"{name}: at {word} {amount(total, currency)} by the bounds of all seats and what is set for them; "
                    f"its goal hands down {amount(goal, currency)}: {amount(abs(total - goal), currency)} "
                    f"too {'much' if beyond > 0 else 'little'}"
                )
                where = "adjustments" if product in pinned else f"bounds.products.{name}"
                hint = "Widen these bounds, free what is set, or change the goal."
                yield Fault("M_INFEASIBLE", message, hint, field=f"quotas.{where}")


def _fault(conflict: Conflict, plan: Plan, instance: Instance, unit: int) -> Fault:
    kind, side = conflict.rule.split("_")
    limits = dict(zip(("lower", "upper"), instance.limits.pairs()[kind], strict=True))
    edge, currency = int(limits[side][conflict.index]), plan.problem.currency
    word, verb = ("at least", "fall") if side == "lower" else ("at most", "rise")
    title, field = _named(kind, conflict.index, plan, side)
    given = f"would have to {verb} by {amount(conflict.amount * unit, currency)}"
    by_hand = field == "quotas.adjustments"
    hint = "Change what is set, or the goal." if by_hand else "Widen this bound, or change the goal."
    message = (
        f"{title}: {'set to' if by_hand else word} {amount(edge, currency)}{',' if by_hand else ''} {given}"
    )
    return Fault("M_INFEASIBLE", message, hint, field=field)


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
