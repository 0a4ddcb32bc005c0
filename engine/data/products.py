"""Products: what is sold."""

from __future__ import annotations

import numpy as np

from engine.data.cells import money, text
from engine.data.currencies import one_currency
from engine.data.identity import identify
from engine.data.rows import Rows, named, words
from engine.inputs import Products

ALL = "all"
"""The single product of a scenario that names none."""


def products(rows: Rows, currency: str) -> Products:
    """Return the products in canonical order."""
    ids = identify(rows)
    one_currency(rows, currency)
    names, price = text(rows, "name"), money(rows, "price", currency)
    order = rows.order(["id"])
    return Products(words(ids, order), named(names, ids, order), price[order])


def single_product() -> Products:
    """Return the one product of a scenario without a table of them."""
    return Products((ALL,), (ALL,), np.zeros(1, dtype=np.int64))
