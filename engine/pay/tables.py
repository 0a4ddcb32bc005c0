"""Reading the tables of a pay file, in the order in which they name each other.

Refused in words: a deal or a split of an unknown seat, a deal twice, shares of one deal that are not 100 %, a negative
amount that reverses no deal, a reversal larger than what is left of its deal or before it, a deal of somebody without a
plan, two plans of a person on a day, a currency without a rate, a quota of 0 all year that a plan compares with,
pay of an earlier year that still changes and that no component of the person's plans takes up.

Taken, and counted in the summary and the report: deals outside the year or from `as_of` on are left out; what a vacant
seat is credited with pays nobody. A reversal concerns whoever was credited with its deal, at the rate of its deal,
whatever seat it names. A quota of 0 in one interval pays nothing that is compared with it there. Credit above a seat's
quota, and overlays of any size, are no fault.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from engine.calendar import Calendar
from engine.crediting.deals import Deals, Rates, Receipts, Shares
from engine.crediting.rollups import circle
from engine.data.files import Files
from engine.data.known import NO_DEALS
from engine.data.loading import load
from engine.data.owed import owed
from engine.data.people import people
from engine.data.products import single_product
from engine.data.references import Axis, reference
from engine.data.rows import Rows
from engine.data.seats import reps
from engine.data.verdicts import Verdicts
from engine.errors import Fault
from engine.inputs import Accounts, Inputs, IntArray, Reps
from engine.owed import Owed
from engine.pay.cashed import with_cash
from engine.pay.deal_pay import DealPay, read_deal_pay
from engine.pay.deals import read_deals
from engine.pay.exceptions import Exceptions, read_exceptions
from engine.pay.people import one_plan_a_day
from engine.pay.quotas import Quotas, read_quotas, read_rates
from engine.pay.receipts import read_receipts
from engine.pay.spec import PayScenario
from engine.pay.splits import no_shares, read_shares


@dataclass(frozen=True)
class Tables:
    """What was read."""

    inputs: Inputs
    """Calendar, currency, seats and people; the rest is empty."""
    managers: IntArray
    """Seat of the manager of each seat, -1 for none; shape (rep,)."""
    deals: Deals
    shares: Shares
    """Of credit, and overlays."""
    payouts: Shares
    """Of what the owner earns."""
    quotas: Quotas
    rates: Mapping[str, Rates]
    counts: frozenset[str]
    """Measures that count."""
    receipts: Receipts
    """Cash of deals."""
    deal_pay: DealPay
    """What earlier years paid on deals."""
    balances: Owed | None
    """What was owed when the plan began."""
    exceptions: Exceptions
    """What was approved beside the plans."""


def read_tables(scenario: PayScenario, calendar: Calendar, base: Path, roots: Sequence[Path] = ()) -> Tables:
    """Read every table of a pay file.

    Raises:
        BadInput: every fault of every table, each with file, row and column.

    """
    verdicts, files, spec, currency = Verdicts(), Files(base, roots), scenario.data, scenario.currency
    seat_rows = load(spec.reps, files, verdicts, ("id",))
    spell_rows = load(spec.spells, files, verdicts, ("person", "rep"))
    deal_rows = load(spec.deals, files, verdicts, ("id", "rep", "date", "amount"))
    quota_rows = load(spec.quotas, files, verdicts, ("rep", "period", "quota"))
    share_rows = load(spec.splits, files, verdicts, ("deal", "rep", "share", "kind"))
    rate_rows = load(spec.rates, files, verdicts, ("currency", "date", "rate"))
    receipt_rows = load(spec.receipts, files, verdicts, ("deal", "date", "amount"))
    pay_rows = load(spec.deal_pay, files, verdicts, ("deal", "person", "component", "earned", "paid"))
    balance_rows = load(spec.balances, files, verdicts, ("person", "component", "amount"))
    exception_rows = load(
        spec.adjustments,
        files,
        verdicts,
        ("person", "component", "period", "amount", "reason", "approved_by"),
    )
    seats, spells = (
        reps(seat_rows, spec.reps, None, currency, people=spec.spells is None) if seat_rows else (None, None)
    )
    axis = Axis("reps", pa.array(seats.id, pa.string()), spec.reps.exclude) if seats else None
    managers = _managers(seat_rows, axis) if seat_rows and axis else np.empty(0, dtype=np.int64)
    if spell_rows:
        spells = people(spell_rows, axis, currency)
        one_plan_a_day(spell_rows)
    deals = read_deals(deal_rows, scenario, axis, calendar) if deal_rows else None
    receipts = read_receipts(receipt_rows, deals, calendar, scenario.as_of) if deals else None
    if deals and deal_rows and receipts is not None and scenario.by_cash:
        if receipt_rows is None and not deal_rows.has("cash"):
            verdicts.faults.append(_never_paid(scenario, deal_rows))
        known = np.datetime64(scenario.as_of, "D") if scenario.as_of else calendar.end
        deals = with_cash(deals, receipts, calendar, known)
    shares, payouts = (
        read_shares(share_rows, deals, axis) if share_rows and deals else (no_shares(), no_shares())
    )
    measures = tuple(scenario.crediting.measures)
    quotas = read_quotas(quota_rows, axis, calendar, measures, scenario.counts, currency)
    rates = read_rates(rate_rows, currency) if rate_rows else {}
    verdicts.settle()
    # What is missing here is a fault, and settle() has raised it.
    assert seats is not None
    assert spells is not None
    assert deals is not None
    assert receipts is not None
    inputs = Inputs(calendar, currency, _nobody(), seats, spells, single_product(), NO_DEALS, NO_DEALS)
    deal_pay = read_deal_pay(pay_rows, deals, inputs, currency)
    balances = owed(balance_rows, inputs.spells, currency) if balance_rows else None
    exceptions = read_exceptions(exception_rows, inputs, currency)
    inputs = replace(inputs, findings=verdicts.settle(), sources=files.sources)
    return Tables(
        inputs, managers, deals.kept, shares, payouts, quotas, rates, scenario.counts, receipts, deal_pay, balances,
        exceptions,
    )  # fmt: skip


def _never_paid(scenario: PayScenario, rows: Rows) -> Fault:
    name = min(scenario.by_cash)
    message = f"measure {name} has basis: cash, and nothing says when cash came"
    hint = "Give the deals a column cash, or a table data.receipts."
    return Fault("E_REQUIRED", message, hint, rows.raw.file, field=f"crediting.measures.{name}.basis")


def _nobody() -> Accounts:
    none, real = np.empty(0, dtype=np.int64), np.empty(0)
    return Accounts((), (), (), real, real, none, none, none)


def _managers(rows: Rows, axis: Axis) -> IntArray:
    """Return the manager of each seat in the order of the seats, and judge circles."""
    found = reference(rows, "manager", axis) if rows.has("manager") else np.full(rows.raw.rows, -1)
    order = rows.order(["id"])
    managers = np.asarray(found[order], dtype=np.int64)
    around = np.zeros(rows.raw.rows, dtype=bool)
    around[order[circle(managers)]] = True
    ids = rows.cells("id")
    rows.fault(
        around, "E_HIERARCHY", "managers lead in a circle", "manager", lambda row: str(ids[row]),
        "Leave the manager of the highest seat blank.",
    )  # fmt: skip
    return managers


def below(managers: IntArray, seat: int) -> IntArray:
    """Return the seats below a seat, at any depth."""
    found, layer = [], np.array([seat])
    while layer.size:
        layer = np.flatnonzero(np.isin(managers, layer))
        found.append(layer)
    return np.sort(np.concatenate(found))


def seats_named(seats: Reps) -> dict[str, int]:
    """Return the index of each seat by id."""
    return {name: i for i, name in enumerate(seats.id)}
