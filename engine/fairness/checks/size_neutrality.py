"""size_neutrality: whether a big territory makes the quota harder, or easier."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from engine.estimates import Estimate
from engine.fairness.book import Book
from engine.fairness.finding import Check, Finding, larger, points, verdict
from engine.fairness.spec import FairnessSpec
from engine.fairness.statistics import effect


class SizeNeutrality(Check):
    """How much more or less of its quota a seat of twice the size attains.

    The slope of attainment (credit / quota) on the base-2 logarithm of size, by least squares over seats, times a
    doubling, or times what lies between the 10th and the 90th percentile of seats where that is less. Size is the
    potential, and once more last year's bookings. 0 is neutral; limit: `per_doubling`. Interval: Student's over
    replications, or of a past year over its seats with errors that allow for unlike spread (HC3).
    """

    title: ClassVar[str] = "Size neutrality"

    def findings(self, book: Book, spec: FairnessSpec) -> Iterator[Finding]:
        """Yield the slope on potential and the slope on last year's bookings."""
        limit = float(spec.per_doubling)
        for figure, word, size in (
            ("effect of potential", "potential", book.potential),
            ("effect of volume", "bookings last year", book.volume),
        ):
            known = np.isfinite(size)
            if known.sum() < 4:
                continue
            found, more = effect(size[known], book.attainment[:, known], float(spec.confidence))
            if np.isfinite(found.value) and more > 1e-6:
                yield Finding(
                    figure,
                    found,
                    verdict(found, -limit, limit),
                    _sentence(found, limit, word, more),
                    limits=(-limit, limit),
                )

    def lacking(self, book: Book) -> str:
        """Say that sizes are missing."""
        known = max(np.isfinite(book.potential).sum(), np.isfinite(book.volume).sum())
        return "" if known >= 4 else "potential or last year's bookings of at least 4 seats"


def _sentence(found: Estimate, limit: float, word: str, more: float) -> str:
    way = "more" if found.value > 0 else "less"
    said = f"A seat with {larger(more)} {word} attains {points(found)} of quota {way}"
    return {
        "pass": f"{said}: size makes no difference that matters.",
        "fail": f"{said}: quotas are too {'low' if found.value > 0 else 'high'} for large seats.",
    }.get(verdict(found, -limit, limit), f"{said}, and the data leave open whether that is chance.")
