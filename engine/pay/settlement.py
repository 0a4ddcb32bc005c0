"""Settlement: what everybody earns and is paid, line by line, exactly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from engine.comp.carry import heads
from engine.comp.component import Component
from engine.comp.exact import pay
from engine.comp.intervals import Intervals
from engine.comp.spec import CompSpec
from engine.comp.steps import Stepped, stepped
from engine.comp.terms import days_in_seat, in_year
from engine.errors import Fault, VerificationFailed
from engine.inputs import Inputs, IntArray
from engine.pay.audit import violations
from engine.pay.clawbacks import taken_back
from engine.pay.credit import Credits
from engine.pay.lines import CAP, CLAWBACK, DEAL, FLOOR, OPENING, PERIOD, SHARED, Lines, joined
from engine.pay.sharing import shared
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


def settle(scenario: PayScenario, spec: CompSpec, tables: Tables, credits: Credits) -> Settlement:
    """Settle credited lines under some plans.

    Raises:
        BadInput: an unknown plan, an amount out of range.
        VerificationFailed: somebody, paid again plainly, earns something else.

    """
    inputs, deals, rule = tables.inputs, tables.deals, scenario.crediting.clawback
    head = heads(inputs.spells, in_year(inputs.calendar, inputs), spec.carry)
    reversal = deals.reverses[credits.lines.deal] >= 0
    rows = credits.rows(deals, rule is None or rule.quota_credit)
    whole = pay(inputs, tables.quotas.every, spec, rows, quotas=tables.quotas.single)
    steps = list(stepped(inputs, tables.quotas.every, spec, rows, tables.quotas.single))
    credits = replace(credits, spell=head[credits.spell])
    wrong = list(violations(inputs, tables.quotas.every, tables.quotas.single, spec, rows, whole))
    if wrong:
        raise VerificationFailed(Fault("V_COMP", sentence) for sentence in wrong)
    named = tuple((plan, part) for plan, block in spec.plans.items() for part in block.components)
    index = {(plan, part.label): k for k, (plan, part) in enumerate(named)}
    parts = [_lines(index[one.plan, one.part.label], one, credits) for one in steps]
    lines = joined([*parts, _whole_periods(named, whole.earned, steps, index)])
    earned = whole.earned
    given = shared(lines, tables, credits, head)
    if len(given):
        lines, earned = joined([lines, given]), earned.copy()
        np.add.at(earned, (given.component, given.spell, given.period), given.amount)
    if rule is not None and reversal.any():
        lines, more = taken_back(lines, rule, deals, credits, spec.rounding)
        earned = earned.copy()
        np.add.at(earned, (more.component, more.spell, more.period), more.amount)
    released = (
        earned if scenario.crediting.release == "booking" else _released(earned, lines, tables, credits)
    )
    return Settlement(named, earned, _collected(released, named, spec, inputs), lines, _seats(inputs, head))


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


def _released(earned: IntArray, lines: Lines, tables: Tables, credits: Credits) -> IntArray:
    """Move what deals earn to the period in which their cash came in; what has not come is left out."""
    calendar, deals = tables.inputs.calendar, tables.deals
    at = np.flatnonzero(np.isin(lines.kind, (DEAL, CLAWBACK, SHARED)))
    source = credits.lines.deal[lines.row[at]]
    source = np.where(deals.reverses[source] >= 0, deals.reverses[source], source)
    cash = deals.cash[source]
    here = ~np.isnat(cash)
    period = np.searchsorted(calendar.edges, np.where(here, cash, calendar.start), side="right") - 1
    period = np.maximum(period, lines.period[at])
    amount = lines.net[at]
    released = earned.copy()
    np.add.at(released, (lines.component[at], lines.spell[at], lines.period[at]), -amount)
    np.add.at(released, (lines.component[at][here], lines.spell[at][here], period[here]), amount[here])
    return released


def _collected(
    released: IntArray, named: tuple[tuple[str, Component], ...], spec: CompSpec, inputs: Inputs
) -> IntArray:
    intervals = Intervals.of(inputs.calendar.quarter)
    paid = np.zeros_like(released)
    for k, (plan, part) in enumerate(named):
        for a, b in intervals.groups(part.when(spec.plans[plan].pay)).spans:
            paid[k, :, b - 1] = released[k, :, a:b].sum(axis=1)
    return paid
