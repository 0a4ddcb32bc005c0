"""Owners by date: who held each account from when, so that the incumbent is the last one on the day of the plan."""

from __future__ import annotations

import numpy as np

from engine.calendar import Calendar
from engine.data.cells import days
from engine.data.references import Axis, reference
from engine.data.rows import Rows
from engine.inputs import IntArray


def latest(
    rows: Rows, accounts: Axis | None, seats: Axis | None, calendar: Calendar, owner: IntArray
) -> IntArray:
    """Return the seat of each account on `as_of`, or else on the first day of the plan, shape (account,).

    Args:
        rows: account, rep (blank from when nobody held it) and since, the first day.
        accounts: what the rows may name; None where that table could not be read.
        seats: likewise.
        calendar: the plan.
        owner: seat of each account where the table says nothing of it.

    """
    account = reference(rows, "account", accounts, blank=False)
    rep = reference(rows, "rep", seats)
    since = days(rows, "since")
    today = calendar.today

    def say(row: int) -> str:
        return f"{rows.cells('account')[row]} since {since[row]}"

    rows.contradiction(np.isnat(since), "E_REQUIRED", "since is blank", "since", say)
    rows.drop(since > today, f"begins after {today}", say, "since")
    _one_a_day(rows, account, since)
    at = np.flatnonzero(rows.keep & (account >= 0))
    order = at[np.argsort(since[at], kind="stable")]
    last = owner.copy()
    last[account[order]] = rep[order]
    return last


def _one_a_day(rows: Rows, account: IntArray, since: np.ndarray) -> None:
    at = np.flatnonzero(rows.keep & (account >= 0))
    order = at[np.lexsort((since[at], account[at]))]
    before, after = order[:-1], order[1:]
    twice = np.zeros(rows.raw.rows, dtype=bool)
    twice[after[(account[before] == account[after]) & (since[before] == since[after])]] = True
    rows.contradiction(
        twice, "E_DUPLICATE_ID", "an account has two owners from the same day", "since",
        lambda row: f"{rows.cells('account')[row]} since {since[row]}",
    )  # fmt: skip
