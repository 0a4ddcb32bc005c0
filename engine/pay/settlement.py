"""Settlement: what everybody earns and is paid, line by line, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from engine.comp.carry import heads
from engine.comp.component import Component
from engine.comp.exact import Balance, pay
from engine.comp.spec import CompSpec
from engine.comp.steps import Stepped, stepped
from engine.comp.terms import days_in_seat, in_year
from engine.errors import Fault, VerificationFailed
from engine.inputs import Inputs, IntArray
from engine.pay.audit import violations
from engine.pay.booked import OnDeals, after_booking
from engine.pay.credit import Credits
from engine.pay.lines import CAP, DEAL, FLOOR, OPENING, PERIOD, Lines, joined, nobody
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
    inputs, deals, rule = tables.inputs, tables.deals, scenario.crediting.clawback
    head = heads(inputs.spells, in_year(inputs.calendar, inputs), spec.carry)
    rows = credits.rows(deals, rule is None or rule.quota_credit)
    quota, quotas = tables.quotas.every, tables.quotas.single
    steps = list(stepped(inputs, quota, spec, rows, quotas))
    credits = replace(credits, spell=head[credits.spell])
    named = tuple((plan, part) for plan, block in spec.plans.items() for part in block.components)
    index = {(plan, part.label): k for k, (plan, part) in enumerate(named)}
    shape = (len(named), len(inputs.spells), inputs.calendar.periods)
    own = joined([nobody(), *(_lines(index[one.plan, one.part.label], one, credits) for one in steps)])
    on_deals = after_booking(own, scenario, spec, tables, credits, rows, head, shape)
    opening = tables.balances.opening(inputs, spec, head)
    whole = pay(inputs, quota, spec, rows, quotas=quotas, changes=on_deals.changes, opening=opening)
    wrong = list(violations(inputs, quota, quotas, spec, rows, whole, on_deals.changes, opening))
    if wrong:
        raise VerificationFailed(Fault("V_COMP", sentence) for sentence in wrong)
    rest = _whole_periods(named, whole.earned - on_deals.changes.earned, steps, index)
    return Settlement(
        named, whole.earned, whole.pay, joined([on_deals.lines, rest]), _seats(inputs, head), head,
        on_deals, whole.balances, opening,
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
    """Return the lines of deals, of the opening of periods, of cap and floor."""
    rows = one.lines
    deal = Lines.of(
        component, credits.spell[rows], credits.period[rows], DEAL, one.gross, row=rows, net=one.net,
        counted=one.counted, to_date=one.to_date, quota=one.quota,
    )  # fmt: skip
    rest = [deal]
    for kind, table in ((OPENING, one.opened), (CAP, one.cut), (FLOOR, one.lifted)):
        s, p = np.nonzero(table)
        rest.append(Lines.of(component, one.spells[s], p, kind, table[s, p]))
    return joined(rest)


def _whole_periods(
    named: tuple[tuple[str, Component], ...],
    earned: IntArray,
    steps: Iterable[Stepped],
    index: dict[tuple[str, str], int],
) -> Lines:
    """Return one line a period for what no deal explains: salary, draws, whatever looks at whole periods alone."""
    left = earned.copy()
    for one in steps:
        left[index[one.plan, one.part.label], one.spells] -= one.earned
    c, s, p = np.nonzero(left)
    return Lines.of(c, s, p, PERIOD, left[c, s, p])
