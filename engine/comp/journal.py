"""Journal: the accounts of pay as entries of double entry, each of which balances.

    pay earned         expense, contract costs     to   accrued compensation
    pay paid           accrued compensation        to   cash
    amortisation       amortisation                to   contract costs
    impairment         impairment                  to   contract costs
    on-costs           employer on-costs           to   on-costs payable
    expected take-back reserve                     to   expense

An amount below 0 stands on the other side. When on-costs are handed over is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.comp.accounting import Account, Accounts
from engine.comp.accrual import Schedule
from engine.inputs import IntArray


@dataclass(frozen=True)
class Posting:
    """A line of an entry: what an account is debited with; below 0 it is credited."""

    account: Account
    amounts: IntArray
    """Minor units, shape (period,)."""


def entries(pay: Schedule, on_costs: IntArray, accounts: Accounts) -> dict[str, tuple[Posting, ...]]:
    """Return the lines of each kind of entry, by its text; in every period they add up to 0.

    Args:
        pay: accounts of everybody's pay.
        on_costs: due on the payments of each period, minor units, shape (period,).
        accounts: what is posted to.

    """
    expensed, added = pay.accrued - pay.additions, pay.reserved
    return {
        "Pay earned": (
            Posting(accounts.expense, expensed),
            Posting(accounts.asset, pay.additions),
            Posting(accounts.accrued, -pay.accrued),
        ),
        "Pay paid": (Posting(accounts.accrued, pay.cash), Posting(accounts.cash, -pay.cash)),
        "Amortisation of capitalised pay": (
            Posting(accounts.amortisation, pay.amortisation),
            Posting(accounts.asset, -pay.amortisation),
        ),
        "Impairment: customers lost": (
            Posting(accounts.impairment, pay.impairment),
            Posting(accounts.asset, -pay.impairment),
        ),
        "On-costs due on pay": (
            Posting(accounts.on_costs, on_costs),
            Posting(accounts.payable, -on_costs),
        ),
        "Expected take-back of pay": (Posting(accounts.reserve, added), Posting(accounts.expense, -added)),
    }
