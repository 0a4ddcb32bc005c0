"""Credit: the tables of a pay file turned into credited lines of people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from engine import amounts
from engine.comp.exact import Rows
from engine.comp.spec import CompSpec
from engine.comp.terms import in_year
from engine.crediting.credits import TEAM, Credited, credited, spell_of
from engine.crediting.deals import Deals
from engine.crediting.exchange import converted
from engine.data.raw import BoolArray
from engine.errors import Fault, VerificationFailed
from engine.inputs import Finding, Inputs, IntArray, Spells
from engine.pay.attributes import labels, numbers
from engine.pay.recredited import violations
from engine.pay.spec import PayScenario
from engine.pay.tables import Tables


@dataclass(frozen=True)
class Credits:
    """Credited lines of people, in order of date and deal. Shape (line,)."""

    lines: Credited
    spell: IntArray
    """Spell of the person who is credited."""
    period: IntArray
    numbers: Mapping[str, IntArray]
    """Columns of numbers of the deals, money in the plan's currency, shape (deal,)."""
    findings: tuple[Finding, ...]
    """What was credited to nobody."""

    def rows(self, tables: Tables, spec: CompSpec, quota_credit: bool) -> Rows:
        """Return what plans settle; reversals count nothing where they leave quota credit alone."""
        deals, of = tables.deals, self.lines.deal
        minor = 10 ** amounts.decimals(tables.inputs.currency)
        counts = quota_credit | ~deals.falls[of]
        credit, whole = (
            {name: np.where(counts, values, 0) for name, values in table.items()}
            for table in (self.lines.credit, self.lines.whole)
        )
        return Rows(
            self.spell, self.period, credit, deals.day[of], of, whole,
            labels={name: column.take(of) for name, column in labels(spec, deals).items()},
            numbers={name: column.take(of) for name, column in numbers(spec, deals, self.numbers, minor).items()},
            origin=self._origin(deals) if quota_credit else None,
        )  # fmt: skip

    def _origin(self, deals: Deals) -> IntArray | None:
        """Return a number for each credited line that it shares with those that take it back; None where none does."""
        if not deals.back.any():
            return None
        deal = np.where(deals.cash.rows, np.arange(len(deals)), deals.of)
        deal = np.where(deals.past >= 0, len(deals) + deals.past, deal)[self.lines.deal]
        keys = np.stack([deal, self.lines.rep, self.lines.kind])
        return np.asarray(np.unique(keys, axis=1, return_inverse=True)[1], dtype=np.int64).reshape(-1)


def credits(scenario: PayScenario, tables: Tables) -> tuple[Credits, list[Fault]]:
    """Credit the deals; return the faults of deals that cannot be converted, or that credit somebody without a plan.

    Raises:
        VerificationFailed: a deal, credited again plainly, comes to something else.

    """
    spec, deals, inputs = scenario.crediting, tables.deals, tables.inputs
    rounding = scenario.comp.rounding
    columns, faults = converted(deals, tables.rates, spec, inputs.calendar, scenario.currency, rounding)
    lines = credited(deals, columns, tables.shares, tables.managers, spec, rounding)
    # A reversal and cash concern whoever was credited with the deal, also after they left the seat.
    spell = spell_of(inputs.spells, lines.rep, deals.held[lines.deal].astype(np.int64))
    wrong = [] if faults else list(violations(spec, tables, lines, spell, rounding))
    if wrong:
        raise VerificationFailed(Fault("V_COMP", sentence) for sentence in wrong)
    without = _unplanned(inputs.spells, spell)
    shares = tables.payouts
    taking = spell_of(inputs.spells, shares.rep, deals.held[shares.deal].astype(np.int64))
    faults += _no_plan(tables, lines.deal, spell, np.flatnonzero(without & (lines.kind != TEAM)))
    faults += _no_plan(tables, shares.deal, taking, np.flatnonzero(_unplanned(inputs.spells, taking)))
    nobody = lines.deal[(spell < 0) & (lines.kind != TEAM)]
    found = (
        *_planless(inputs),
        *_vacant(deals, "credited to nobody: the seat was vacant", nobody),
        *_vacant(deals, "share of payout left with the owner: the seat was vacant", shares.deal[taking < 0]),
    )
    kept = np.flatnonzero((spell >= 0) & ~without)
    lines = lines.take(kept)
    return Credits(lines, spell[kept], deals.period[lines.deal], columns, found), faults


def _unplanned(spells: Spells, spell: IntArray) -> BoolArray:
    """Return which spells, -1 for none, are of people without a plan."""
    planned = np.array([*(bool(plan) for plan in spells.plan), True])
    return ~planned[spell]


def _vacant(deals: Deals, what: str, of: IntArray) -> Iterator[Finding]:
    if of.size:
        shown = tuple(f"row {deals.line[i]}: {deals.id[i]}" for i in of[:5].tolist())
        yield Finding("deals", what, of.size, "kept", shown)


def _planless(inputs: Inputs) -> Iterator[Finding]:
    """Yield who holds a seat in the year without a plan."""
    here = np.flatnonzero(in_year(inputs.calendar, inputs)).tolist()
    who = [inputs.spells.id[spell] for spell in here if not inputs.spells.plan[spell]]
    if who:
        yield Finding("people", "have no plan, and are paid nothing", len(who), "kept", tuple(who[:5]))


def _no_plan(tables: Tables, of: IntArray, spell: IntArray, bad: IntArray) -> Iterator[Fault]:
    _, first, count = np.unique(spell[bad], return_index=True, return_counts=True)
    for at, many in zip(bad[first].tolist(), count.tolist(), strict=True):
        deal = of[at]
        who = tables.inputs.spells.id[spell[at]]
        credit = f" and {many - 1:,} more credit" if many > 1 else " credits"
        yield Fault(
            "E_REFERENCE",
            f"deal {tables.deals.id[deal]}{credit} {who}, who has no plan",
            "Give the person a plan in the table of people, or the deal another rep.",
            tables.deals.file,
            int(tables.deals.line[deal]),
            field="rep",
        )
