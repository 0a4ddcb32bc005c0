"""Settlement: what everybody earns and is paid, line by line, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from engine.comp.carry import heads
from engine.comp.component import Component
from engine.comp.components.spif import Spif
from engine.comp.exact import Balance, Rows, pay
from engine.comp.opening import opening as balances_before
from engine.comp.spec import CompSpec
from engine.comp.steps import Stepped, stepped
from engine.comp.terms import days_in_seat, in_year
from engine.errors import Fault, VerificationFailed
from engine.inputs import Inputs, IntArray
from engine.pay.audit import violations
from engine.pay.booked import OnDeals, after_booking
from engine.pay.credit import Credits
from engine.pay.lines import CARRIED, DEAL, EVENT, OPENING, PERIOD, Lines, joined, nobody
from engine.pay.reasons import reasons_of
from engine.pay.spec import PayScenario
from engine.pay.tables import Tables


@dataclass(frozen=True)
class Settlement:
    """What a set of plans pays. Shapes (component, spell, period), minor units."""

    components: tuple[tuple[str, Component], ...]
    """(plan, component) along the first axis."""
    earned: IntArray
    paid: IntArray
    lines: Lines
    """What was earned, deal by deal; they add up to `earned`."""
    seat: IntArray
    """Seat that the person of each row holds in each period, shape (spell, period)."""
    rows: Rows
    """Credited deals that were settled."""
    head: IntArray
    """Row in which each spell is settled, shape (spell,)."""
    on_deals: OnDeals
    """What deals earned, what was taken back, and what became due."""
    balances: Mapping[int, Balance]
    """Of components that owe or hold something, by their place along the first axis of `paid`."""
    opening: Mapping[int, IntArray]
    """Balances from before the plan, likewise; shape (spell, period)."""


def settle(scenario: PayScenario, spec: CompSpec, tables: Tables, credits: Credits) -> Settlement:
    """Settle credited lines under some plans.

    First what deals earn, line by line; then what shares of payouts, clawbacks and cash make of that; then, on what is
    due, everything that looks at whole periods or at other pay.

    Raises:
        BadInput: an unknown plan, an amount out of range.
        VerificationFailed: somebody, paid again plainly, earns something else.

    """
    inputs, rule = tables.inputs, scenario.crediting.clawback
    head = heads(inputs.spells, in_year(inputs.calendar, inputs), spec.carry)
    rows = credits.rows(tables, spec, rule is None or rule.quota_credit)
    quota, quotas = tables.quotas.every, tables.quotas.single
    steps = stepped(inputs, quota, spec, rows, quotas)
    credits = replace(credits, spell=head[credits.spell])
    named = tuple((plan, part) for plan, block in spec.plans.items() for part in block.components)
    index = {(plan, part.label): k for k, (plan, part) in enumerate(named)}
    shape = (len(named), len(inputs.spells), inputs.calendar.periods)
    own = joined([nobody(), *(_lines(index[one.plan, one.part.label], one, credits) for one in steps)])
    on_deals = after_booking(own, scenario, spec, tables, credits, rows, head, shape)
    opening = balances_before(tables.balances, inputs, spec, head)
    whole = pay(inputs, quota, spec, rows, quotas=quotas, changes=on_deals.changes, opening=opening)
    wrong = list(violations(inputs, quota, quotas, spec, rows, on_deals.changes, opening, whole))
    if wrong:
        raise VerificationFailed(Fault("V_COMP", sentence) for sentence in wrong)
    plans = np.array(inputs.spells.plan, dtype=object)
    reasons = (
        reasons_of(k, part, whole.books[plan], np.flatnonzero(plans == plan), inputs.currency)
        for k, (plan, part) in enumerate(named)
    )
    lines = joined([on_deals.lines, *reasons])
    return Settlement(
        named, whole.earned, whole.pay, joined([lines, _unexplained(whole.earned, lines)]), _seats(inputs, head), rows,
        head, on_deals, whole.balances, opening,
    )  # fmt: skip


def _seats(inputs: Inputs, head: IntArray) -> IntArray:
    """Return the seat of each row in each period: that of its own spell, or of the last one settled with it."""
    first, last = days_in_seat(inputs.calendar, inputs)
    seat = np.repeat(inputs.spells.rep[:, None], inputs.calendar.periods, axis=1)
    for spell in np.argsort(inputs.spells.start, kind="stable").tolist():
        if head[spell] != spell:
            seat[head[spell], int(np.argmax(last[spell] > first[spell])) :] = inputs.spells.rep[spell]
    return seat


def _lines(component: int, one: Stepped, credits: Credits) -> Lines:
    """Return the lines of deals, and of the opening of periods."""
    rows, kind = one.lines, EVENT if isinstance(one.part, Spif) else DEAL
    deal = Lines.of(
        component, credits.spell[rows], credits.period[rows], kind, one.gross, row=rows, net=one.net,
        counted=one.counted, to_date=one.to_date, quota=one.quota, target=one.target,
    )  # fmt: skip
    carries = one.carried.counted != 0
    s, p = np.nonzero((one.opened != 0) & ~carries)
    opening = Lines.of(component, one.spells[s], p, OPENING, one.opened[s, p])
    s, p = np.nonzero(carries)
    counted, to_date, quota, target = (table[s, p] for table in one.carried)
    carried = Lines.of(
        component, one.spells[s], p, CARRIED, one.opened[s, p], counted=counted, to_date=to_date, quota=quota,
        target=target,
    )  # fmt: skip
    return joined([deal, opening, carried])


def _unexplained(earned: IntArray, lines: Lines) -> Lines:
    """Return one line a period for what no other line tells."""
    left = earned.copy()
    np.subtract.at(left, (lines.component, lines.spell, lines.period), lines.amount)
    c, s, p = np.nonzero(left)
    return Lines.of(c, s, p, PERIOD, left[c, s, p])
