"""Reversals: rows that take a deal back, held to the deal."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from engine.calendar import DateArray
from engine.crediting.spec import Clawback
from engine.data.rows import Rows, filled
from engine.errors import Fault
from engine.inputs import IntArray
from engine.pay.money import money


def judge(
    rows: Rows,
    ids: pa.Array,
    reverses: IntArray,
    amount: IntArray,
    day: DateArray,
    currency: pa.Array,
    term: IntArray,
    rule: Clawback | None,
    others: Mapping[str, IntArray],
) -> None:
    """Judge negative amounts without a deal, and reversals that do not go with theirs.

    Args:
        rows: the table of deals; all arrays are by its rows.
        ids: ids of deals.
        reverses: row that each takes back, -1 for none.
        amount: amounts, minor units of the row's currency.
        day: days of deals.
        currency: currencies of deals.
        term: months over which each is earned; 0 where unknown.
        rule: what a reversal takes; None where nothing says.
        others: further columns that measures count.

    """
    back = reverses >= 0
    of = np.maximum(reverses, 0)
    codes = np.asarray(currency.dictionary_encode().indices)
    taken = np.zeros(len(ids), dtype=np.int64)
    np.add.at(taken, of[back], -amount[back])

    def say(row: int) -> str:
        return str(ids[row])

    def more(row: int) -> str:
        return f"{ids[row]} of {ids[of[row]]}"

    def worth(row: int, values: IntArray) -> str:
        code = str(currency[row])
        return f"{money(int(values[row]), code)} {code}"

    rows.fault(
        ~back & (amount < 0) & ~rows.refused, "E_RANGE", "a negative amount that reverses no deal", "amount", say,
        "Name the deal that it takes back in `reverses`; a correction of pay on no deal stands in data.adjustments.",
    )  # fmt: skip
    rows.contradiction(
        back & (amount >= 0), "E_RANGE", "a reversal whose amount is not negative", "amount", say
    )
    rows.contradiction(
        back & (reverses[of] >= 0), "E_REFERENCE", "a reversal of a reversal", "reverses", more
    )
    rows.contradiction(back & (day < day[of]), "E_DATE", "a reversal before its deal", "date", more)
    rows.contradiction(
        back & (codes != codes[of]),
        "E_CURRENCY",
        "a reversal in another currency than its deal",
        "currency",
        more,
    )
    rows.fault(
        back & (taken[of] > amount[of]) & ~rows.refused, "E_RANGE", "a clawback larger than its deal", "amount",
        lambda row: f"{more(row)}, which is worth {worth(of[row], amount)}, and {worth(of[row], taken)} is taken back",
        "Lower the amount: all that reverses a deal takes back its amount at most; or correct `reverses`.",
    )  # fmt: skip
    if rule is not None and rule.quota_credit:
        for column, values in others.items():
            _held_to_deal(rows, column, values, ids, reverses)
    if back.any() and rule is None:
        row = int(np.flatnonzero(back)[0])
        message = f"deal {ids[row]} takes one back, and nothing says what that does to pay"
        hint = "Give crediting.clawback: {quota_credit: true, take: full}, say."
        rows.verdicts.faults.append(
            Fault("E_REQUIRED", message, hint, rows.raw.file, row + 2, field=rows.source("reverses"))
        )
    if rule is not None and rule.take == "unearned":
        rows.contradiction(
            back & (term[of] == 0), "E_REQUIRED", "the term of a reversed deal is not known", "reverses", more
        )


def _held_to_deal(rows: Rows, column: str, values: IntArray, ids: pa.Array, reverses: IntArray) -> None:
    """Judge a column that is credited: a reversal takes between nothing and all that is left of its deal's."""
    back, of = reverses >= 0, np.maximum(reverses, 0)
    taken = np.zeros(len(ids), dtype=np.int64)
    np.add.at(taken, of[back], -values[back])
    sign, whole = np.where(values[of] < 0, -1, 1), np.abs(values[of])

    def more(row: int) -> str:
        return f"{ids[row]} of {ids[of[row]]}"

    rows.contradiction(
        back & ~filled(rows.cells(column)),
        "E_REQUIRED",
        f"a reversal that does not say its {column}",
        column,
        more,
    )
    rows.contradiction(
        back & (values * sign > 0),
        "E_RANGE",
        f"a reversal that adds to the {column} of its deal",
        column,
        more,
    )
    rows.contradiction(
        back & (taken[of] * sign > whole),
        "E_RANGE",
        f"a clawback larger than the {column} of its deal",
        column,
        more,
    )
