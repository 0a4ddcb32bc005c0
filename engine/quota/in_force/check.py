"""A plain check of quotas against those in force: what is over stands to the minor unit."""

from __future__ import annotations

from collections.abc import Iterator

from engine.inputs import Inputs, IntArray
from engine.quota.words import amount


def stood(inputs: Inputs, products: tuple[str, ...], cells: IntArray) -> Iterator[str]:
    """Yield quotas of periods that are over which are not those in force; `cells` by (rep, product, period)."""
    if inputs.in_force is None:
        return
    labels = inputs.calendar.labels[: inputs.calendar.closed]
    frame = inputs.in_force.tables["quotas"]
    held = {
        (rep, product, period): int(quota)
        for rep, product, period, quota in frame[frame["quota"].notna()].itertuples(index=False)
    }
    for seat, rep in enumerate(inputs.reps.id):
        for k, product in enumerate(products):
            for p, label in enumerate(labels):
                found, before = int(cells[seat, k, p]), held.get((rep, product, label), 0)
                if found != before:
                    told = f"{amount(found, inputs.currency)}, {amount(before, inputs.currency)} is in force"
                    yield f"{rep}, {product}, {label} is over: {told}"
