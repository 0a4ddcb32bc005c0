"""Steps: what each deal adds to a component, so that a statement can show it.

    amount of a line = F(to date with the deal) - F(to date without it), in the order of the lines

Every period is cut into steps: one that opens it and carries its quota and target, then one for each deal of the
busiest person. A component settles these steps with its own rule, as if each were a period of its own, so nothing is
written twice and the amounts of a period add up to what it earns, as running figures telescope.

Rules that hold for whole periods (gates, caps of intervals, a budget) are left out of the steps: what they change is
told by the reasons of the component (`engine.comp.reason`). Components that only look at whole periods, or at what
others earned, have no steps, and tell all they earn by reasons.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple, cast

import numpy as np

from engine import amounts
from engine.comp.apart import Steps
from engine.comp.book import Book, Deals
from engine.comp.component import ByDeal, Component
from engine.comp.exact import Rows
from engine.comp.incentive import Incentive
from engine.comp.intervals import Groups
from engine.comp.quantity import Quantity
from engine.comp.scaled import Scaled
from engine.comp.spec import CompSpec
from engine.comp.terms import Terms, terms
from engine.inputs import BoolArray, Inputs, IntArray
from engine.quota.quotas import PartPeriods

CELLS = 1 << 22
"""(spell, step) cells settled at a time."""


class Held(NamedTuple):
    """Credit, and what it is held against; all of one shape, minor units or counts."""

    counted: IntArray
    """Credit that the component counts."""
    to_date: IntArray
    """The same to date."""
    quota: IntArray
    """Quota; 0 where the component compares with none."""
    target: IntArray
    """Target incentive of the component over the interval of that quota; 0 without one."""


@dataclass(frozen=True)
class Stepped:
    """What a component earns line by line; of some lines, and of the periods of some spells."""

    plan: str
    part: Component
    spells: IntArray
    """Shape (spell,)."""
    lines: IntArray
    """Rows that are credited in a measure of the component, in the order of their spells and periods; shape (line,)."""
    gross: IntArray
    """What each line earns before the rules of periods, minor units; shape (line,)."""
    net: IntArray
    """What it earns after them, but for a floor and a budget, which belong to no deal."""
    counted: IntArray
    """Credit of the line that the component counts, of its first measure."""
    to_date: IntArray
    """Counted credit to date with the line."""
    quota: IntArray
    """Quota that it is held against; 0 where the component compares with none."""
    target: IntArray
    """Target incentive of the component over the interval of that quota; 0 without one."""
    opened: IntArray
    """What the start of a period earns by its quota and target, and by credit that is carried into it, before its
    rules; shape (spell, period)."""
    carried: Held
    """The credit that is carried into each period, and what it is held against; shape (spell, period)."""


def stepped(
    inputs: Inputs,
    quota: IntArray,
    spec: CompSpec,
    rows: Rows,
    quotas: Mapping[str, IntArray] | None = None,
    shares: PartPeriods | None = None,
) -> Iterator[Stepped]:
    """Settle credited deals line by line; the arguments are those of `exact.pay`, the order of `rows` is that of lines.

    `shares` says which part of a period's quota is whose; by its days unless given.

    Yields one value for each component with steps and batch of spells.
    """
    known = terms(
        inputs, quota, spec.proration, spec.rounding, quotas, spec.carry, spec.cutoff_day or 1, shares
    )
    rows = replace(rows, spell=known.head[rows.spell])
    periods = inputs.calendar.periods
    order = np.argsort(rows.spell * periods + rows.period, kind="stable")
    per_spell = np.bincount(rows.spell, minlength=len(inputs.spells))
    start = np.concatenate([[0], np.cumsum(per_spell)])
    for plan, block in spec.plans.items():
        parts = [(part, bare) for part in block.components if (bare := part.of_deals()) is not None]
        members = np.array([i for i, name in enumerate(inputs.spells.plan) if name == plan], dtype=np.int64)
        for batch in _batches(members, per_spell) if parts else ():
            lines = np.concatenate([order[start[s] : start[s + 1]] for s in batch.tolist()])
            table = _Table(inputs, spec, known, batch, rows, lines)
            for part, bare in parts:
                yield table.settle(plan, part, bare)


def _batches(members: IntArray, per_spell: IntArray) -> Iterator[IntArray]:
    """Yield spells of like load together, so that little of a table stays empty."""
    left = members[np.argsort(per_spell[members], kind="stable")]
    while left.size:
        widths = np.maximum(per_spell[left], 1)
        count = int((widths * np.arange(1, left.size + 1) <= CELLS).sum())
        count = max(1, min(count, int((widths <= 2 * widths[0] + 64).sum())))
        yield np.sort(left[:count])
        left = left[count:]


class _Table:
    """Credits of some spells over steps."""

    def __init__(
        self, inputs: Inputs, spec: CompSpec, known: Terms, batch: IntArray, rows: Rows, lines: IntArray
    ) -> None:
        self.inputs, self.spec, self.known, self.batch, self.rows = inputs, spec, known, batch, rows
        self.lines = lines
        periods = inputs.calendar.periods
        member = np.searchsorted(batch, rows.spell[lines])
        cell = member * periods + rows.period[lines]
        count = np.bincount(cell, minlength=batch.size * periods)
        rank = np.arange(lines.size) - np.repeat(np.cumsum(count) - count, count)
        width = 1 + count.reshape(batch.size, periods).max(axis=0)
        self.open = np.concatenate([[0], np.cumsum(width)[:-1]])
        """Step that opens each period."""
        self.period = np.repeat(np.arange(periods), width)
        self.shape = (batch.size, int(width.sum()))
        self.cells = member * self.shape[1] + self.open[rows.period[lines]] + 1 + rank

    def _opening(self, values: IntArray) -> Scaled:
        """Spread amounts by (spell, period) over steps: the step that opens a period carries all of it."""
        spread = np.zeros(self.shape, dtype=np.int64)
        spread[:, self.open] = values
        return Scaled(spread)

    def _scattered(self, values: IntArray) -> IntArray:
        table = np.zeros(self.shape[0] * self.shape[1], dtype=np.int64)
        table[self.cells] = values
        return table.reshape(self.shape)

    @cached_property
    def book(self) -> Book:
        """What components look at, over steps."""
        quarter = self.inputs.calendar.quarter[self.period]
        credits: dict[str, Quantity] = {
            name: Scaled(self._scattered(values[self.lines])) for name, values in self.rows.credit.items()
        }
        lines: dict[str, Quantity] = {
            name: Scaled(values[self.lines]) for name, values in self.rows.credit.items()
        }
        known, batch, rows = self.known, self.batch, self.rows
        # Where no day is known, dates mean whole periods, and any day of the period says as much.
        day = self.inputs.calendar.edges[rows.period] if rows.day is None else rows.day
        return Book(
            credits=credits,
            quota=self._opening(known.quota[batch]),
            target=self._opening(known.target[batch]),
            salary=self._opening(known.salary[batch]),
            shape=self.shape,
            intervals=Steps(tuple(quarter.tolist()), tuple(self.period.tolist())),
            rounding=self.spec.rounding,
            minor=10 ** amounts.decimals(self.inputs.currency),
            lines=Deals(
                lines,
                self.cells,
                day[self.lines],
                labels={name: column.take(self.lines) for name, column in self.rows.labels.items()},
                numbers={name: column.take(self.lines) for name, column in self.rows.numbers.items()},
                origin=None if rows.origin is None else rows.origin[self.lines],
            ),
            quotas={name: self._opening(values[batch]) for name, values in known.quotas.items()},
            annual=lambda amount: self._opening(known.annual(amount, batch)),
            since=known.since[batch][:, self.period],
        )

    def settle(self, plan: str, part: Component, bare: ByDeal) -> Stepped:
        """Settle one component; `bare` is the one without rules of periods."""
        gross = self._earned(bare)
        kept = part.model_copy(update={name: None for name in ("floor", "budget") if hasattr(part, name)})
        limited = cast("ByDeal", kept)
        net = gross if limited == bare else self._earned(limited)
        used = np.zeros(self.lines.size, dtype=bool)
        for measure in part.measures():
            used |= self.rows.credit[measure][self.lines] != 0
        at = self.cells[used]
        held, carried = self._held_against(part, bare, used)
        return Stepped(
            plan, part, self.batch, self.lines[used],
            gross=gross.reshape(-1)[at], net=net.reshape(-1)[at], counted=held.counted, to_date=held.to_date,
            quota=held.quota, target=held.target, opened=gross[:, self.open], carried=carried,
        )  # fmt: skip

    def _earned(self, part: ByDeal) -> IntArray:
        earned = part.earn(self.book)
        assert isinstance(earned, Scaled)
        return earned.minor()

    def _held_against(self, part: Component, bare: ByDeal, used: BoolArray) -> tuple[Held, Held]:
        """Return what the used lines count and are held against, and what the steps that open periods do."""
        measure, word, at = part.measures()[0], getattr(part, "accumulate", "period"), self.cells[used]
        goal = part.goal if isinstance(part, Incentive) and part.needs_quota else None
        held = Fraction(goal is not None or measure in part.held_to_quota())
        quota = self.book.quota_of(measure).times(held)

        def held_against(groups: Groups, whole: bool) -> Quantity:
            return quota.to_date(groups, whole) if goal is None else goal.of(self.book, groups, whole)

        target = self.book.target.times(held * Fraction(getattr(part, "weight", 1)))
        if word == "transaction":
            credit = _minor(bare.counted_deals(self.book)[0])[used]
            member, step = np.divmod(at, self.shape[1])
            step = self.open[self.period[step]]
            nothing = np.zeros((self.shape[0], self.open.size), dtype=np.int64)
            each = _minor(held_against(self.book.intervals.groups("period"), False))
            lines = Held(credit, credit, each[member, step], _minor(target)[member, step])
            return lines, Held(nothing, nothing, nothing, nothing)
        groups = self.book.intervals.groups(word)
        whole = getattr(part, "quota", None) == "interval" or getattr(part, "above", None) == "quota"
        counted = bare.counted(self.book)
        tables = [
            _minor(amount)
            for amount in (
                counted,
                counted.running(groups),
                held_against(groups, whole),
                target.to_date(groups, whole),
            )
        ]
        return Held(*(table.reshape(-1)[at] for table in tables)), Held(
            *(table[:, self.open] for table in tables)
        )


def _minor(amount: Quantity) -> IntArray:
    whole = amount.rounded("half_even")
    assert isinstance(whole, Scaled)
    return whole.minor()
