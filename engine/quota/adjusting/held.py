"""What adjusted quotas mean for the model: locks of seats and nodes, and pins within seats."""

from __future__ import annotations

from engine.adjusted import NONE, Adjusted
from engine.amounts import from_minor
from engine.inputs import Inputs
from engine.quota.bounds import NodeBounds
from engine.quota.lines import ALL, Pin
from engine.quota.spec import QuotaSpec


def held(inputs: Inputs, spec: QuotaSpec) -> QuotaSpec:
    """Return the block with the adjusted quotas of whole seats and nodes as locks and bounds, before its own."""
    adjusted = inputs.adjusted
    if adjusted is None or not spec.adjustments:
        return spec
    locks, nodes = dict(spec.locks), dict(spec.bounds.nodes)
    for row in _whole(adjusted):
        name, amount = adjusted.name[row], int(adjusted.amount[row])
        exact = None if amount == NONE else from_minor(amount, inputs.currency)
        if name in inputs.reps.id:
            locks[name] = exact
            nodes.pop(name, None)
        else:
            nodes[name] = NodeBounds(min=exact, max=exact)
    bounds = spec.bounds.model_copy(update={"nodes": nodes})
    return spec.model_copy(update={"locks": locks, "bounds": bounds, "adjustments": ()})


def _whole(adjusted: Adjusted) -> list[int]:
    return [row for row in range(len(adjusted)) if not adjusted.product[row] and not adjusted.period[row]]


def pins(inputs: Inputs, spec: QuotaSpec, products: tuple[str, ...]) -> tuple[Pin, ...]:
    """Return what is fixed for products and periods of seats that carry a quota.

    `products` is the product axis of the quotas.
    """
    adjusted = inputs.adjusted
    if adjusted is None:
        return ()
    whole = set(_whole(adjusted))
    only = 0 if len(products) == 1 else ALL
    return tuple(
        Pin(
            inputs.reps.id.index(adjusted.name[row]),
            products.index(adjusted.product[row]) if adjusted.product[row] in products else only,
            inputs.calendar.labels.index(adjusted.period[row]) if adjusted.period[row] else ALL,
            int(adjusted.amount[row]),
        )
        for row in range(len(adjusted))
        if row not in whole and spec.locks.get(adjusted.name[row], 0) is not None
    )
