"""Tables of a re-carve: what each seat has booked, and what it is still to win, before and after."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from engine.columns import Column, Table
from engine.inputs import Inputs, IntArray
from engine.territory.measure import WORKLOAD_SCALE
from engine.territory.planning.table import table_of
from engine.territory.recarve.carving import booked

REP = Column("rep", "text", "Id of the seat")


def status_of(inputs: Inputs, shares: list[Decimal]) -> list[str]:
    """Return how each seat stands on `as_of`.

    filled, new (nobody sat there before the plan), vacant (somebody comes), closed, or open (no person is known).
    """
    spells, today = inputs.spells, inputs.calendar.as_of
    assert today is not None
    found = []
    for seat, share in enumerate(shares):
        mine = spells.rep == seat
        here = mine & (spells.start <= today) & ~(spells.end <= today)
        if not mine.any():
            found.append("open")
        elif share == 0:
            found.append("closed")
        elif here.any():
            found.append("new" if not (spells.start[mine] < inputs.calendar.start).any() else "filled")
        else:
            found.append("vacant" if (spells.end[mine] <= today).any() else "new")
    return found


def recarve_table(inputs: Inputs, left: Inputs, shares: list[Decimal], rep_of: IntArray) -> Table:
    """Return what is left of each seat's accounts, with today's owners and with the new ones.

    Args:
        inputs: the tables of the scenario; their owners are today's.
        left: the same with what is left of each measure.
        shares: what of the rest each seat can work.
        rep_of: the new seat of each account, shape (account,).

    """
    columns = (
        REP,
        Column(
            "status", "text", "filled, new, vacant until somebody comes, closed, or open without a person"
        ),
        Column("share", "ratio", "What a full seat would carry of what is left that this seat can work"),
        Column("accounts_before", "whole", "Accounts held today"),
        Column("accounts", "whole", "Accounts owned from now on"),
        Column("remaining_before", "money", "Potential still to be won among the accounts held today"),
        Column("remaining", "money", "Potential still to be won among the accounts owned from now on"),
        Column(
            "workload_before",
            "real",
            "Work still to be done, accounts held today",
            "as in the table of accounts",
        ),
        Column(
            "workload",
            "real",
            "Work still to be done, accounts owned from now on",
            "as in the table of accounts",
        ),
    )
    owner = inputs.accounts.owner
    ones = np.ones(len(rep_of), dtype=np.int64)
    sums = [
        _sums(values, seats, len(inputs.reps)) / scale
        if scale > 1
        else _sums(values, seats, len(inputs.reps))
        for values, scale in (
            (ones, 1),
            (left.accounts.potential, 1),
            (left.accounts.workload, WORKLOAD_SCALE),
        )
        for seats in (owner, rep_of)
    ]
    values = (inputs.reps.id, status_of(inputs, shares), [float(share) for share in shares], *sums)
    return table_of(
        "recarve", columns, values, "What is left of the plan by seat, before and after the re-carve"
    )


def history_table(inputs: Inputs, shares: list[Decimal]) -> Table:
    """Return what each seat has booked before `as_of`; it keeps that, whoever owns the accounts from now on."""
    assert inputs.actuals is not None
    columns = (
        Column("rep", "text", "Id of the seat that booked it; blank for deals without a seat"),
        Column("status", "text", "How the seat stands on the day of the re-carve"),
        Column("deals", "whole", "Deals won in the plan so far"),
        Column("booked", "money", "Won amounts in the plan so far; credited to this seat"),
        Column("moved_on", "money", "Of it, won at accounts that the seat holds no longer today"),
    )
    deals, seats = inputs.actuals, len(inputs.reps)
    won = deals.outcome == 1
    count = np.bincount(np.where(deals.rep[won] < 0, seats, deals.rep[won]), minlength=seats + 1)
    holder = np.append(inputs.accounts.owner, -1)[deals.account]
    elsewhere = won & (holder != deals.rep)
    gone = np.zeros(seats + 1, dtype=np.int64)
    np.add.at(gone, deals.rep[elsewhere], deals.amount[elsewhere])
    total = booked(inputs, deals.rep, seats)
    rows = seats + int(count[-1] > 0)
    values = (
        [*inputs.reps.id, None][:rows],
        [*status_of(inputs, shares), None][:rows],
        count[:rows].astype(np.int64),
        total[:rows],
        gone[:rows],
    )
    return table_of(
        "history", columns, values, "What was booked before the re-carve, by the seat that booked it"
    )


def _sums(values: IntArray, seats: IntArray, count: int) -> IntArray:
    total = np.zeros(count, dtype=np.int64)
    np.add.at(total, seats[seats >= 0], values[seats >= 0])
    return total
