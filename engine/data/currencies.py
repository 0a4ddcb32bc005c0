"""A column of currencies: amounts of a table are in the plan's currency, or refused."""

from __future__ import annotations

import re

import numpy as np
import pyarrow.compute as pc

from engine import amounts
from engine.data.cells import keys
from engine.data.dictionary import READ
from engine.data.rows import Rows, filled


def one_currency(rows: Rows, currency: str) -> None:
    """Judge rows in another currency than the plan's."""
    if not rows.has("currency"):
        return
    cells = keys(rows, "currency")
    money = [column.name for column in READ[rows.table] if column.type == "money" and rows.has(column.name)]

    def say(row: int) -> str:
        code = cells[row].as_py()
        if not re.fullmatch("[A-Z]{3}", code):
            return f"'{code}' is no ISO code"
        places = amounts.decimals(code)
        longer = [text for text in (str(rows.cells(name)[row]) for name in money) if _decimals(text) > places]
        return f"{code}, which has {places} decimals, not {longer[0]}" if longer else code

    wrong = filled(cells) & np.asarray(pc.not_equal(cells, currency))
    rows.fault(
        wrong, "E_CURRENCY", f"amounts are not in {currency}, the plan's currency", "currency", say,
        "Convert them, or leave the rows out.",
    )  # fmt: skip


def _decimals(text: str) -> int:
    return len(text.partition(".")[2])
