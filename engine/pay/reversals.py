"""Reversals: rows that take a deal back, held to the deal."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from engine.calendar import DateArray
from engine.crediting.spec import Clawback
from engine.data.rows import Rows
from engine.errors import Fault
from engine.inputs import IntArray


def judge(
    rows: Rows,
    ids: pa.Array,
    reverses: IntArray,
    amount: IntArray,
    day: DateArray,
    currency: pa.Array,
    term: IntArray,
    rule: Clawback | None,
) -> None:
    """Judge negative amounts without a deal, and reversals that do not go with theirs; arrays are by row."""
    back = reverses >= 0
    of = np.maximum(reverses, 0)
    codes = np.asarray(currency.dictionary_encode().indices)
    taken = np.zeros(len(ids), dtype=np.int64)
    np.add.at(taken, of[back], -amount[back])

    def say(row: int) -> str:
        return str(ids[row])

    def more(row: int) -> str:
        return f"{ids[row]} of {ids[of[row]]}"

    rows.contradiction(
        ~back & (amount < 0), "E_RANGE", "a negative amount that reverses no deal", "amount", say
    )
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
    rows.contradiction(
        back & (taken[of] > amount[of]), "E_RANGE", "a clawback larger than what was paid for", "amount", more
    )
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
