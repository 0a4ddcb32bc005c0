"""Released: pay on simulated deals that is due when their customers pay.

A deal earns at its booking

    E = F(to date with the deal) - F(to date without it)

in the order of deals, F being the rule of a component without its floor and budget, which belong to no deal. E is due
in the period in which the deal is paid, in whole, or in none of the plan. Quota and target of a period come before its
deals. Real deals go through the same steps (`engine.comp.steps`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np

from engine.comp.apart import apart
from engine.comp.book import Book
from engine.comp.changes import Change
from engine.comp.component import ByDeal, Component
from engine.inputs import IntArray, Words


def waiting(parts: Sequence[Component], book: Book, cash: Words) -> Book:
    """Return a book of simulated deals with what their clock of payment does to the pay of components.

    Args:
        parts: components of the plan.
        book: with the period in which each deal is paid.
        cash: measures that count with the cash; what is paid on them waits no more.

    """
    deals = book.known_deals
    if deals.due is None:
        return book
    waits = [part for part in parts if part.of_deals() is not None and part.measures()[0] not in cash]
    if not waits:
        return book
    steps, cells = apart(replace(book, opening={}), np.ones(deals.cells.size, dtype=np.bool_))
    changes = {part.label: _moved(part, book, (steps, cells), deals.due) for part in waits}
    return replace(book, changes={**book.changes, **changes})


def _moved(part: Component, book: Book, steps: tuple[Book, IntArray], due: IntArray) -> Change:
    """Return what a component pays later than it earns it; `steps` is the book in steps, and the cell of each deal."""
    kept = part.model_copy(update={name: None for name in ("floor", "budget") if hasattr(part, name)})
    each = cast("ByDeal", kept).earn(steps[0]).at(steps[1])
    cells, periods = book.known_deals.cells, book.shape[1]
    nothing = each.minus(each)
    later = np.where(due >= 0, cells - cells % periods + due, 0)
    booked = each.tallied(cells, book.grid)
    paid = each.where(due >= 0, nothing).tallied(later, book.grid)
    return Change(earned=booked.minus(booked), due=paid.minus(booked))
