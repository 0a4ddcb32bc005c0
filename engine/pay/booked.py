"""After booking: what shares of payouts, clawbacks and the clock of cash make of what deals earned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.comp.changes import Changes
from engine.comp.exact import Rows
from engine.comp.spec import CompSpec
from engine.inputs import BoolArray, IntArray
from engine.pay.clawbacks import taken_back, taken_from_before
from engine.pay.credit import Credits
from engine.pay.lines import CLAWBACKS, DEAL, SHARED, Lines, joined, nobody
from engine.pay.release import Entries, Waiting, released, together
from engine.pay.sharing import shared
from engine.pay.spec import PayScenario
from engine.pay.tables import Tables
from engine.pay.taken import asked, replaced, taken
from engine.pay.whole_periods import taken_from_periods


@dataclass(frozen=True)
class OnDeals:
    """What deals earn and when it is due."""

    lines: Lines
    """Lines of statements, with shares and clawbacks among them."""
    earned: Waiting
    """What each deal earned people, before clawbacks."""
    claws: Entries
    due: Entries
    changes: Changes
    """What all this adds to the pay of components."""
    before: IntArray
    """What deals of earlier years earned and had not paid when the plan began, shape (component, spell)."""


def after_booking(
    own: Lines,
    scenario: PayScenario,
    spec: CompSpec,
    tables: Tables,
    credits: Credits,
    rows: Rows,
    head: IntArray,
    shape: tuple[int, int, int],
) -> OnDeals:
    """Return what follows from the lines that components earn by their own rules.

    Args:
        own: those lines.
        scenario: the rules.
        spec: the plans.
        tables: deals, and what came before the plan.
        credits: credited lines, by the row in which they are settled.
        rows: the same, by the spell in which they were credited.
        head: row in which each spell is settled.
        shape: (component, spell, period) of pay.

    """
    by_cash = _by_cash(scenario, spec)
    deals, rule, edges = tables.deals, scenario.crediting.clawback, tables.inputs.calendar.edges
    shares = shared(own, tables, credits, head)
    lines, more = joined([own, shares]), shares
    before = tables.deal_pay.placed(tables.inputs, spec, head)
    early, entry, of_periods = nobody(), np.empty(0, dtype=np.int64), nobody()
    if rule is not None and deals.falls.any():
        lines, back = taken_back(lines, rule, deals, credits, spec.rounding)
        early, entry = taken_from_before(before, rule, deals, credits, spec.rounding, by_cash)
        given = lines.take(np.flatnonzero(np.isin(lines.kind, CLAWBACKS)))
        of_periods = taken_from_periods(rule, spec, tables, credits, rows, own, given)
        more = joined([more, back, early, of_periods])
    line_of = deals.line[deals.of]
    gains, claws = (
        _entries(lines.take(np.flatnonzero(np.isin(lines.kind, kinds))), credits, line_of)
        for kinds in ((DEAL, SHARED), CLAWBACKS)
    )
    claws = together(claws, _at(early, before.deals.line[before.deal[entry]]))
    past, none = before.waiting(entry), np.zeros(gains.amount.size, dtype=np.int64)
    waiting = Waiting(
        together(gains, past.earned), np.concatenate([none, past.taken]), np.concatenate([none, past.paid])
    )
    cash = tables.receipts if scenario.crediting.release == "cash" else None
    # What follows the cash by its measure does not wait for it once more.
    due = together(
        *(
            released(
                waiting.of(some),
                claws.take(np.flatnonzero(some[claws.component])),
                clock,
                edges,
                spec.rounding,
                shape,
            )
            for some, clock in ((~by_cash, cash), (by_cash, None))
        )
    )
    restated = rule is not None and asked(spec)
    earned = np.zeros(shape, dtype=np.int64)
    np.add.at(earned, (more.component, more.spell, more.period), more.amount)
    booked = together(gains, claws).table(shape)
    owed = np.zeros(shape[:2], dtype=np.int64)
    np.add.at(owed, (before.component, before.spell), before.earned - before.taken - before.paid)
    return OnDeals(
        joined([lines, early, of_periods]),
        waiting,
        claws,
        due,
        Changes(
            earned,
            earned - booked + due.table(shape),
            taken(due, claws, of_periods, tables, credits, shape) if restated else None,
            replaced(spec) if restated else None,
        ),
        owed,
    )


def _by_cash(scenario: PayScenario, spec: CompSpec) -> BoolArray:
    """Return which components credit cash, shape (component,)."""
    parts = [part for block in spec.plans.values() for part in block.components]
    return np.array(
        [bool(scenario.by_cash.intersection(part.measures()[:1])) for part in parts], dtype=np.bool_
    )


def _entries(lines: Lines, credits: Credits, line_of: IntArray) -> Entries:
    return _at(lines, line_of[credits.lines.deal[np.maximum(lines.row, 0)]])


def _at(lines: Lines, line: IntArray) -> Entries:
    return Entries(lines.component, lines.spell, line, lines.period, lines.net)
