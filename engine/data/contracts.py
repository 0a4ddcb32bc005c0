"""Contracts: the installed base as it stands when the plan starts."""

from __future__ import annotations

import numpy as np

from engine.data.cells import days, money, whole
from engine.data.currencies import one_currency
from engine.data.deals import Axes
from engine.data.identity import identify
from engine.data.references import reference
from engine.data.rows import Rows, words
from engine.inputs import Contracts

YEARLY = 12
"""Months of a term unless given."""


def contracts(rows: Rows, axes: Axes, currency: str) -> Contracts:
    """Return the kept contracts in canonical order."""
    ids = identify(rows)
    one_currency(rows, currency)
    account, rep = reference(rows, "account", axes.accounts), reference(rows, "rep", axes.reps)
    product = np.zeros(rows.raw.rows, dtype=np.int64)
    if not axes.single:
        product = reference(rows, "product", axes.products, blank=False)
    amount = money(rows, "amount", currency)
    renews, months = days(rows, "renews"), whole(rows, "months", YEARLY)

    def say(row: int) -> str:
        return str(ids[row])

    rows.contradiction(np.isnat(renews), "E_REQUIRED", "renews is blank", "renews", say)
    rows.contradiction(months < 1, "E_RANGE", "a term of 0 months", "months", say)
    rows.contradiction(
        (account < 0) & (rep < 0), "E_REQUIRED", "neither an account nor a rep", "account", say
    )
    order = rows.order(["id"])
    return Contracts(
        words(ids, order),
        account[order],
        rep[order],
        product[order],
        amount[order],
        renews[order],
        months[order],
    )
