"""Exact: real credits settled to the minor unit, in integers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from engine.calendar import DateArray
from engine.comp.adjustment import Adjustment
from engine.comp.asking import Columns
from engine.comp.book import Book, Labels, Numbers
from engine.comp.changes import Changes, share_of
from engine.comp.component import paid
from engine.comp.dealt import dealt
from engine.comp.faults import demand
from engine.comp.opening import of_plan
from engine.comp.quantity import Quantity
from engine.comp.scaled import Scaled
from engine.comp.spec import CompSpec, Plan
from engine.comp.terms import terms
from engine.errors import BadInput, Fault
from engine.inputs import Inputs, IntArray


@dataclass(frozen=True)
class Rows:
    """Credited deals, one row each. Shape (row,)."""

    spell: IntArray
    """Spell of the person who is credited."""
    period: IntArray
    """Period into which the deal falls."""
    credit: Mapping[str, IntArray] = field(default_factory=dict)
    """Credit by measure: minor units, or a count; negative for a reversal."""
    day: DateArray | None = None
    """Day of the deal, within its period; None where it is not known."""
    deal: IntArray | None = None
    """Number of the deal, the same for all who are credited with it; None where each row is a deal of its own."""
    whole: Mapping[str, IntArray] = field(default_factory=dict)
    """Credit of the whole deal by measure, the same in all its rows; where `deal` is given."""
    origin: IntArray | None = None
    """Number that a row shares with the rows that take it back; None where no row takes another one back."""
    labels: Mapping[str, Labels] = field(default_factory=dict)
    """Columns of words, by name."""
    numbers: Mapping[str, Numbers] = field(default_factory=dict)
    """Columns of numbers, by name."""
    replication: IntArray | None = None
    """Replication of the row, from 0, where deals are simulated; None where they are real."""
    replications: int | None = None
    """How many there are; None where deals are real."""
    due: IntArray | None = None
    """Period in which the deal is paid, -1 where that is after the plan; None where pay does not wait for it."""

    def on_grid(
        self, row: IntArray, of: IntArray, count: int, periods: int
    ) -> tuple[IntArray, tuple[int, ...]]:
        """Return flat cells of some rows on the grid ([replication,] group, period), and the shape of the grid.

        Args:
            row: indices of the rows, shape (some,).
            of: group of each of them, shape (some,).
            count: number of groups.
            periods: number of periods.

        """
        cells = of * periods + self.period[row]
        if self.replication is None or self.replications is None:
            return cells, (count, periods)
        return cells + self.replication[row] * (count * periods), (self.replications, count, periods)


@dataclass(frozen=True)
class Balance:
    """What a component holds of people, or is owed by them, minor units; shapes (spell, period)."""

    added: IntArray
    """What each period added to it."""
    taken: IntArray
    """What each period took off it."""
    closing: IntArray
    """What it was after each period."""

    def spread(self, members: IntArray, spells: int) -> Balance:
        """Return that of all spells, given that of some; 0 for the others."""
        shape = (spells, self.closing.shape[1])
        tables = np.zeros((3, *shape), dtype=np.int64)
        tables[:, members] = self.added, self.taken, self.closing
        return Balance(*tables)


@dataclass(frozen=True)
class Settled:
    """What every person is paid, in minor units."""

    components: tuple[tuple[str, str], ...]
    """(plan, component) along the first axis of `pay`."""
    pay: IntArray
    """Shape (component, spell, period); 0 where a spell has another plan, or is settled in another's row."""
    earned: IntArray
    """What was earned in each period, before it became due and was collected to the end of a paying interval; same
    shape."""
    books: Mapping[str, Book] = field(default_factory=dict)
    """What the components of each plan looked at, with what they earned; of the spells that have the plan."""
    balances: Mapping[int, Balance] = field(default_factory=dict)
    """Of components that owe or hold something, by their place along the first axis of `pay`."""


def pay(
    inputs: Inputs,
    quota: IntArray,
    spec: CompSpec,
    rows: Rows,
    *,
    quota_measure: str = "",
    quotas: Mapping[str, IntArray] | None = None,
    changes: Changes | None = None,
    opening: Mapping[int, IntArray] | None = None,
) -> Settled:
    """Settle real credits exactly.

    Args:
        inputs: calendar, currency and spells.
        quota: quota by (rep, period), minor units.
        spec: the plans.
        rows: credited deals; a measure without rows pays nothing.
        quotas: quotas of single measures, by (rep, period); `quota` holds for every other one.
        quota_measure: measure of `quota`; when given, plans that compare one without a quota are refused.
        changes: what is added to the pay of components, in the order of `Settled.components`; nothing unless given.
        opening: balances from before the plan, by the place of their component in that order, shape (spell, period).

    Raises:
        BadInput: an unknown plan, a row outside the table of people or the calendar, an amount out of range.

    """
    said = Columns(dict.fromkeys(rows.labels), frozenset(rows.numbers))
    having = (quota_measure, *(quotas or ())) if quota_measure else ()
    demand(inputs, spec, quota_measures=having, days=rows.day is not None, columns=said)
    _within(rows, len(inputs.spells), inputs.calendar.periods)
    known = terms(inputs, quota, spec.proration, spec.rounding, quotas, spec.carry, spec.cutoff_day or 1)
    named = tuple((plan, part.label) for plan, block in spec.plans.items() for part in block.components)
    result = np.zeros((len(named), *known.quota.shape), dtype=np.int64)
    earned = np.zeros_like(result)
    books: dict[str, Book] = {}
    balances: dict[int, Balance] = {}
    for plan, block in spec.plans.items():
        members = np.array([i for i, name in enumerate(inputs.spells.plan) if name == plan], dtype=np.int64)
        measures = {measure for part in block.components for measure in part.measures()}
        places = {part.label: named.index((plan, part.label)) for part in block.components}
        book = books[plan] = replace(
            dealt(Scaled, inputs, spec, known, members, rows, tuple(sorted(measures))),
            changes=changes.own(places, members) if changes else {},
            others=changes.others(spec, plan, members) if changes else {},
            opening=of_plan(opening or {}, spec, plan, members, Scaled),
        )
        pays = paid(block.components, book, block.pay)
        for part in block.components:
            result[places[part.label], members] = _minor(pays[part.label])
            earned[places[part.label], members] = _minor(part.earned_in(book))
        for k, (other, label) in enumerate(named):
            if share_of(other, label) in book.others:
                result[k, members] = _minor(book.paid[share_of(other, label)])
                earned[k, members] = _minor(book.earned[share_of(other, label)])
        for place, balance in _balances(block, places, book):
            balances[place] = balance.spread(members, len(inputs.spells))
    return Settled(named, result, earned, books, balances)


def _balances(block: Plan, places: Mapping[str, int], book: Book) -> Iterator[tuple[int, Balance]]:
    """Yield the balances that components of a settled plan keep, with the places of the components."""
    for part in block.components:
        flows = part.flows(book) if isinstance(part, Adjustment) else None
        if flows is not None:
            assert isinstance(part, Adjustment)
            yield places[part.label], Balance(*map(_minor, (*flows, part.balance(book))))


def _minor(amount: Quantity) -> IntArray:
    assert isinstance(amount, Scaled)
    return amount.minor()


def _within(rows: Rows, spells: int, periods: int) -> None:
    bad = np.flatnonzero(
        (rows.spell < 0) | (rows.spell >= spells) | (rows.period < 0) | (rows.period >= periods)
    )
    if bad.size:
        message = f"{bad.size} credited deals belong to no spell or period of the plan; the first is row {bad[0] + 1}"
        raise BadInput(
            [Fault("E_REFERENCE", message, "Credit people who are in the table, within the plan.")]
        )
