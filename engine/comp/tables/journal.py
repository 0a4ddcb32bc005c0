"""Table of the journal: debit and credit by period, account and entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.columns import Column, Table
from engine.comp.accounting import Accounts
from engine.comp.accrual import Schedule
from engine.comp.journal import Posting, entries
from engine.comp.tables.frames import table
from engine.inputs import IntArray

COLUMNS = (
    Column("period", "text", "Period."),
    Column("number", "text", "Number of the account."),
    Column("account", "text", "Account."),
    Column("debit", "money", "Debit; 0 for none."),
    Column("credit", "money", "Credit; 0 for none."),
    Column("text", "text", "What the entry is; the lines of one period and text balance."),
)


def journal(
    pay: Schedule,
    on_costs: IntArray,
    accounts: Accounts,
    labels: Sequence[str],
    meaning: str,
    *,
    private: bool,
) -> Table:
    """Return the journal as a table by period and entry."""
    rows = list(_rows(entries(pay, on_costs, accounts), labels))
    return table("journal", meaning, COLUMNS, rows, private=private)


def _rows(
    found: Mapping[str, tuple[Posting, ...]], labels: Sequence[str]
) -> Iterator[tuple[str, str, str, int, int, str]]:
    for p, label in enumerate(labels):
        for text, lines in found.items():
            for line in lines:
                amount, account = int(line.amounts[p]), line.account
                if amount:
                    yield label, account.number, account.name, max(amount, 0), max(-amount, 0), text
