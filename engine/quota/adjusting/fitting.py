"""What in adjusted products and periods of seats does not fit the plan; told before anything is solved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from engine.amounts import to_minor
from engine.errors import Fault
from engine.inputs import Inputs
from engine.quota.lines import ALL, BoolArray, Pin, pinned
from engine.quota.spec import QuotaSpec
from engine.quota.words import amount

FIELD = "quotas.adjustments"


def pin_faults(
    inputs: Inputs, spec: QuotaSpec, products: tuple[str, ...], pins: Sequence[Pin], open_cells: BoolArray
) -> Iterator[Fault]:
    """Yield every fault.

    Args:
        inputs: the tables.
        spec: the block, with adjusted quotas of whole seats as its locks.
        products: product axis of the quotas.
        pins: what is fixed within seats.
        open_cells: where a seat can carry a quota, shape (rep, product, period).

    """

    def title(pin: Pin) -> str:
        parts = [inputs.reps.id[pin.seat]]
        parts += [products[pin.product]] if pin.product != ALL and len(products) > 1 else []
        return ", ".join([*parts, *([inputs.calendar.labels[pin.period]] if pin.period != ALL else [])])

    shape = open_cells.shape[1], open_cells.shape[2]
    for pin in pins:
        if pin.amount and not (open_cells[pin.seat] & pin.cells(shape)).any():
            message = f"{title(pin)}: set to {amount(pin.amount, inputs.currency)}, but nothing can be carried there"
            hint = "There is no goal for it, or nobody sits in the seat then."
            yield Fault("E_BOUNDS", message, hint, field=FIELD)
    single = {(pin.seat, pin.product, pin.period) for pin in pins}
    for one, other in combinations((pin for pin in pins if ALL in (pin.product, pin.period)), 2):
        crossed = one.seat == other.seat and (one.product == ALL) != (other.product == ALL)
        product, period = max(one.product, other.product), max(one.period, other.period)
        if crossed and (one.seat, product, period) not in single:
            message = f"{title(one)} and {title(other)} are both set, and share a quota that is not"
            hint = f"Set the quota of {products[product]} in {inputs.calendar.labels[period]} as well."
            yield Fault("E_CONFLICT", message, hint, field=FIELD)
    for seat in sorted({pin.seat for pin in pins}):
        name, lock = inputs.reps.id[seat], spec.locks.get(inputs.reps.id[seat])
        total, covered = pinned(pins, seat, open_cells[seat])
        fixed = None if lock is None else to_minor(lock, inputs.currency)
        if fixed is not None and (total > fixed or (covered and total != fixed)):
            message = (
                f"{name} is set to {amount(fixed, inputs.currency)} for the whole plan, its products and periods to "
                f"{amount(total, inputs.currency)}"
            )
            yield Fault("E_CONFLICT", message, "Make them agree, or leave one out.", field=FIELD)
