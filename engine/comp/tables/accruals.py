"""Tables of the accrual schedule and of the journal that follows from it, of means over replications."""

from __future__ import annotations

import numpy as np

from engine.columns import Table
from engine.comp.accrual import Schedule, accrue, in_whole_units, schedule
from engine.comp.component import Component
from engine.comp.components.holdback import Holdback
from engine.comp.given import Given
from engine.comp.groups import shown_plans
from engine.comp.ledger import Ledger
from engine.comp.opening import held_before
from engine.comp.tables.journal import journal
from engine.comp.tables.schedule import schedule_table, together
from engine.comp.tables.waiting import left_at_end
from engine.comp.year import Year
from engine.inputs import FloatArray, IntArray

MEANING = (
    "Accrual schedule of mean pay, without on-costs. Expense accrues with credit at the rate of the forecast year, pay "
    "that waits for cash at its end included; salary as it is paid."
)
JOURNAL = (
    "Journal of the accrual schedule of all plans, with mean on-costs; each entry balances in every period."
)


def accruals(year: Year) -> tuple[Table, Table]:
    """Return the schedule, all plans and the components of each that may be shown, and the journal."""
    given, labels, spec = year.given, year.given.inputs.calendar.labels, year.given.spec
    left = {plan: left_at_end(given, plan) if given.waits else {} for plan in spec.plans}
    named = [(plan, part) for plan, block in spec.plans.items() for part in block.components]
    found = {
        (plan, part.label): _of(given, year.ledger, plan, part, left[plan].get(part.label)).changed(
            opening_liability=int(held_before(k, part, given.opening, len(given.inputs.spells)).sum())
        )
        for k, (plan, part) in enumerate(named)
    }
    found |= spec.accounting.before(given.inputs.calendar, given.minor, spec.rounding)
    on_costs = in_whole_units(year.ledger.loading.by_item.sum(axis=2).mean(axis=0))
    return (
        schedule_table("accruals", MEANING, labels, found, shown_plans(given.inputs, spec.plans)),
        journal(together(found), on_costs, spec.accounting.accounts, labels, JOURNAL, private=False),
    )


def _of(given: Given, ledger: Ledger, plan: str, part: Component, left: FloatArray | None = None) -> Schedule:
    """Return the accounts of one component of a plan; `left` is earned and not paid by its end, shape (everybody,)."""
    periods, names = given.inputs.calendar.periods, given.inputs.spells.plan
    cash, accrued = np.zeros(periods), np.zeros(periods)
    for line in ledger.lines:
        if line.label != part.label or not line.spells.size or names[line.spells[0]] != plan:
            continue
        paid, total = line.mean[:, :-1], line.mean[:, -1] + (0.0 if left is None else left[line.spells])
        work, days = _work(given, part, line.spells), _days(given, line.spells)
        cash += paid.sum(axis=0)
        if isinstance(part, Holdback):
            total = _forfeited(given, part, line.spells, total)
        accrued += (paid if part.fixed else accrue(total, work, days)).sum(axis=0)
    rounding = given.spec.rounding
    accounts = schedule(in_whole_units(cash), in_whole_units(accrued), part.capitalise, rounding)
    return accounts if part.fixed else given.spec.accounting.reserved(accounts, rounding)


def _forfeited(given: Given, part: Holdback, spells: IntArray, total: FloatArray) -> FloatArray:
    """Return what is forfeited of what was held, below 0, given what a holdback pays in the year, shape (spell,).

    To hold pay earns and costs nothing; what a holdback takes for good is what somebody who has left leaves behind.
    """
    known = given.known
    stays = np.zeros(len(known.head), dtype=np.bool_)
    np.logical_or.at(stays, known.head, (known.last > known.first)[:, -1])
    return np.where(stays[spells] | (part.leavers == "paid"), 0.0, total)


def _work(given: Given, part: Component, spells: IntArray) -> FloatArray:
    """Return expected credit of the first measure that a component looks at; nothing where it looks at none."""
    measures, shape = part.measures(), (spells.size, given.inputs.calendar.periods)
    if not measures or not given.bookings.replications:
        return np.zeros(shape)
    return given.held.expected(measures[0], spells).astype(np.float64)


def _days(given: Given, spells: IntArray) -> FloatArray:
    return (given.known.last[spells] - given.known.first[spells]).astype(np.float64)
