"""Standing: quotas of periods that are over stay as they are; what is left of the goal is spread over the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from engine.errors import BadInput, Fault
from engine.inputs import Inputs, IntArray
from engine.quota.limits import Limit
from engine.quota.lines import ALL, Pin
from engine.quota.shape import Shape, normalised
from engine.quota.spread import Spread
from engine.quota.tree import Tree
from engine.quota.words import amount

FIELD = "quotas.previous"
RULE = "closed periods"


@dataclass(frozen=True)
class Standing:
    """What stands. Money in minor units."""

    closed: int
    """Periods that are over."""
    cells: IntArray
    """Quotas in force there, 0 in all other periods; shape (rep, product, period)."""

    @property
    def seats(self) -> IntArray:
        """What stands of each seat, shape (rep,)."""
        return np.asarray(self.cells.sum(axis=(1, 2)))

    def shares(self, street: Fraction, of_rest: Sequence[Fraction], currency: str) -> list[Fraction]:
        """Return each seat's share of the goal: what stands, and its share of the rest; shape (rep,).

        Args:
            street: what all seats are to carry in the plan.
            of_rest: share of the rest of each seat, summing to 1.
            currency: for messages.

        """
        rest = street - int(self.cells.sum())
        if rest < 0:
            message = f"the periods that are over already carry {amount(-rest, currency)} more than the goal hands down"
            raise BadInput(
                [Fault("E_RANGE", message, "Raise the goal, or leave out `previous`.", field=FIELD)]
            )
        return [(int(s) + rest * share) / street for s, share in zip(self.seats, of_rest, strict=True)]

    def limits(self, found: Sequence[Limit], tree: Tree, open_year: Sequence[Fraction]) -> list[Limit]:
        """Return limits by node in which no seat carries less than what stands of it.

        What is fixed of open products and periods comes on top; a seat that carries nothing any more keeps what stands.
        """
        held, faults = list(found), []
        for node in tree.seats():
            seat, limit = tree.nodes[node].seat, found[node]
            stands = int(self.seats[seat])
            low = limit.low + stands if limit.low_rule == "adjustments" and not limit.fixed else limit.low
            high = limit.high
            if high is not None and limit.high_rule == "adjustments" and not limit.fixed:
                high += stands
            if limit.fixed and limit.low_rule not in ("vacant", ""):
                if limit.low < stands or (not open_year[seat] and limit.low != stands):
                    message = (
                        f"{tree.nodes[node].name} is fixed by {limit.low_rule} at another amount than the periods that "
                        "are over leave it"
                    )
                    hint = "Fix the year at what stands and what is to come, or leave it free."
                    faults.append(Fault("E_CONFLICT", message, hint, field=FIELD))
            elif not open_year[seat]:
                held[node] = Limit(stands, stands, RULE, RULE, fixed=True)
            else:
                held[node] = replace(limit, low=low, high=high).at_least(stands, RULE)
        if faults:
            raise BadInput(faults)
        return held

    def pins(self, pins: Sequence[Pin]) -> tuple[Pin, ...]:
        """Return what is fixed of the rest: a product's year without what stands of it."""
        return tuple(
            replace(pin, amount=max(pin.amount - int(self.cells[pin.seat, pin.product].sum()), 0))
            if pin.period == ALL
            else pin
            for pin in pins
        )

    def rest(self, task: Spread) -> Spread:
        """Return the spread of what is to come over the periods that are open."""
        stands = self.cells.sum(axis=2)
        limits = tuple(
            {
                k: replace(
                    limit,
                    low=max(limit.low - int(stands[seat, k]), 0),
                    high=None if limit.high is None else max(limit.high - int(stands[seat, k]), 0),
                )
                for k, limit in single.items()
            }
            for seat, single in enumerate(task.limits)
        )
        seats = tuple(quota - int(s) for quota, s in zip(task.seats, self.seats, strict=True))
        pins = tuple(
            replace(pin, period=pin.period - self.closed if pin.period != ALL else ALL)
            for pin in task.pins
            if pin.period == ALL or pin.period >= self.closed
        )
        carried = [row[self.closed :] for row in task.carried]
        shape = self._shape(task.shape, sum(task.seats))
        return replace(task, seats=seats, limits=limits, pins=pins, carried=carried, shape=shape)

    def whole(self, cells: IntArray) -> IntArray:
        """Return all cells, given those of the periods that are open."""
        found = self.cells.copy()
        found[:, :, self.closed :] = cells
        return found

    def _shape(self, form: Shape, street: int) -> Shape:
        """Return how what is to come falls on products and periods."""
        stands = [int(value) for value in self.cells.sum(axis=(0, 2))]
        width = len(form.shares[0]) - self.closed
        shares = normalised([share for row in form.shares for share in row[self.closed :]])
        by_product = form.by_product and tuple(
            max(given * street - s * form.goal, 0) for given, s in zip(form.by_product, stands, strict=True)
        )
        return replace(
            form,
            shares=tuple(shares[k : k + width] for k in range(0, len(shares), width)),
            by_product=by_product,
            by_period=form.by_period and form.by_period[self.closed :],
            by_cell=form.by_cell and tuple(row[self.closed :] for row in form.by_cell),
            unset=frozenset((k, p - self.closed) for k, p in form.unset if p >= self.closed),
        )


def standing(inputs: Inputs, form: Shape, street: Fraction, seats: Sequence[bool]) -> Standing | None:
    """Return what stands; None where no run is in force, or no period is over.

    Args:
        inputs: the tables, with the quotas in force.
        form: how the goal falls on products and periods.
        street: what all these seats are to carry in the plan, minor units.
        seats: whose quotas are shared out, shape (rep,).

    Raises:
        BadInput: the run has other products, quotas of seats that are gone, or other goals of what is over.

    """
    closed = inputs.calendar.closed
    if inputs.in_force is None or not closed:
        return None
    frame = inputs.in_force.tables["quotas"]
    labels = inputs.calendar.labels
    others = [rep for rep, mine in zip(inputs.reps.id, seats, strict=True) if not mine]
    frame = frame[frame["period"].isin(labels[:closed]) & frame["quota"].fillna(0).ne(0)]
    frame = frame[~frame["rep"].isin(others)]
    wrong = [
        f"the run in force has quotas of {name}, the plan has none"
        for name in sorted(set(frame["product"]) - set(form.products))
    ]
    wrong += [
        f"{name} has quotas in periods that are over, and is no seat any more"
        for name in sorted(set(frame["rep"]) - set(inputs.reps.id))
    ]
    if closed == len(labels) or not any(share for row in form.shares for share in row[closed:]):
        wrong.append("no period with a goal is open any more")
    cells = np.zeros((len(inputs.reps), len(form.products), len(labels)), dtype=np.int64)
    if not wrong:
        for rep, product, period, quota in frame.itertuples(index=False):
            place = inputs.reps.id.index(rep), form.products.index(product), labels.index(period)
            cells[place] = int(quota)
        wrong += _other_goals(inputs, form, street, cells)
    if wrong:
        hint = (
            "Keep seats, products and goals of periods that are over as they were, or leave out `previous`."
        )
        raise BadInput([Fault("E_CONFLICT", message, hint, field=FIELD) for message in wrong])
    return Standing(closed, cells)


def _other_goals(inputs: Inputs, form: Shape, street: Fraction, cells: IntArray) -> list[str]:
    """Return periods that are over whose goals are given, and are not what the quotas in force carry."""
    given = form.by_period
    if form.by_cell is not None:
        given = tuple(sum(column) for column in zip(*form.by_cell, strict=True))
    if given is None:
        return []
    found = [int(value) for value in cells.sum(axis=(0, 1))]
    return [
        f"quotas in force carry {amount(found[p], inputs.currency)} in {inputs.calendar.labels[p]}, "
        f"its goal hands down {amount(given[p] * street / form.goal, inputs.currency)}"
        for p in range(inputs.calendar.closed)
        if abs(found[p] - given[p] * street / form.goal) >= 1 + len(form.products)
    ]
