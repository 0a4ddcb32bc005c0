"""ratchet: whether a good year comes back as a harder quota."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import ClassVar

import numpy as np

from engine.fairness.book import Book
from engine.fairness.finding import Check, Finding, between, percent, verdict
from engine.fairness.spec import FairnessSpec
from engine.fairness.statistics import least_squares, student


class Ratchet(Check):
    """How much of what a seat sold beyond its measure last year is put on its quota this year.

        log(quota / base) = a + up max(x, 0) + down min(x, 0),    x = log(bookings last year / base) - its median

    The base is last year's quota where it is known, else the potential. `ratchet up`, the answer to a better year than
    that of the middle seat, is 0 when the past has no say and 100 % when all of it comes back; limit: `ratchet`.
    `ratchet one way` is up - down: above 0, quotas rise after good years more than they fall after bad ones (Leone,
    Misra & Zimmerman).
    Least squares over seats; intervals with errors for unlike spread (HC3).
    """

    title: ClassVar[str] = "Ratchet"

    def findings(self, book: Book, spec: FairnessSpec) -> Iterator[Finding]:
        """Yield both figures; nothing with fewer than 8 seats of known past, or without difference between them."""
        base = _base(book)
        known = np.isfinite(book.volume) & np.isfinite(base)
        if known.sum() < 8:
            return
        x, y = np.log(book.volume[known] / base[known]), np.log(book.quota[known] / base[known])
        x = x - np.median(x)
        if x.std() < 1e-6:
            return
        up, down = np.maximum(x, 0), np.minimum(x, 0)
        beta, error = least_squares(np.column_stack([np.ones(len(x)), up, down]), y)
        freedom, confidence, limit = len(x) - 3, float(spec.confidence), float(spec.ratchet)
        found = student(float(beta[1]), float(error[1]), freedom, confidence)
        held = verdict(found, high=limit)
        said = f"Of a year 10 % better than its peers', {percent(found.value)}{between(found)} comes back as quota"
        end = {
            "pass": ": winners are not punished.",
            "fail": f" (at most {percent(limit)} is wanted): winning makes the next year harder.",
        }
        told = said + end.get(held, f"; the limit is {percent(limit)}.")
        yield Finding("ratchet up", found, held, told, limits=(-inf, limit))
        # The same fit written with x and max(x, 0): the coefficient of the latter is up - down.
        beta, error = least_squares(np.column_stack([np.ones(len(x)), x, up]), y)
        apart = student(float(beta[2]), float(error[2]), freedom, confidence)
        one_way = np.isfinite(apart.low) and apart.low > 1e-6
        tells = (
            "rise after good years more than they fall after bad ones"
            if one_way
            else "show no one-way ratchet"
        )
        yield Finding(
            "ratchet one way",
            apart,
            "told",
            f"Quotas {tells}: the difference is {percent(apart.value)}{between(apart)}.",
        )

    def lacking(self, book: Book) -> str:
        """Say that history is missing."""
        known = np.isfinite(book.volume) & np.isfinite(_base(book))
        return (
            ""
            if known.sum() >= 8
            else "last year's bookings, and its quotas or potential, of at least 8 seats"
        )


def _base(book: Book) -> np.ndarray:
    enough = np.isfinite(book.last_quota).sum() >= 8
    return book.last_quota if enough else book.potential
