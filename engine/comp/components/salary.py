"""Salary: base pay, by days in seat."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from engine.comp.component import Component
from engine.comp.reason import Reason

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.intervals import Pay
    from engine.comp.quantity import Quantity


class Salary(Component):
    """Base salary of the person, cut into periods by the plan's proration; paid every period."""

    fixed: ClassVar[bool] = True

    kind: Literal["salary"] = "salary"
    """Base pay."""

    def earn(self, book: Book) -> Quantity:
        """Return the salary of each period; it was cut and rounded with the other terms of the person."""
        return book.salary

    def reasons(self, book: Book) -> Iterator[Reason]:
        """Yield the salary by days in seat."""
        days = (
            book.whole(book.days),
            book.whole(np.broadcast_to(np.diff(book.edges).astype(np.int64), book.shape)),
        )
        yield Reason("salary", book.salary, "in seat for {days} of the period", {"days": days})

    def when(self, plan: Pay) -> Pay:
        """Return `monthly`: a salary does not wait for variable pay."""
        return "monthly"
