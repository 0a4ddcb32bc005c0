"""equal_groups: whether one region, role or tenure is at quota more often than the others."""

from __future__ import annotations

from collections.abc import Iterator
from math import hypot
from typing import ClassVar

import numpy as np

from engine.estimates import Estimate, wilson
from engine.fairness.book import Book
from engine.fairness.finding import Check, Finding, percent, points, verdict
from engine.fairness.spec import FairnessSpec
from engine.fairness.statistics import over_years


class EqualGroups(Check):
    """By how much the share of a group's seats at quota differs from that of all other seats.

    For each group of a region, role or tenure with at least `smallest` seats on both sides. 0 is equal; limit:
    `apart`. Interval: Student's over replications of the difference in each; of a past year Newcombe's, from the
    Wilson intervals of both shares (Newcombe 1998, Statistics in Medicine 17, 873-890, method 10).
    """

    title: ClassVar[str] = "Equal groups"

    def findings(self, book: Book, spec: FairnessSpec) -> Iterator[Finding]:
        """Yield the difference for each group; nothing inside a group."""
        if book.group:
            return
        hits, limit = book.attainment >= 1 - 1e-12, float(spec.apart)
        for by, names in book.groups.items():
            of = np.array(names, dtype=object)
            for group in sorted({name for name in names if name}):
                inside = of == group
                if min(inside.sum(), (~inside).sum()) < spec.smallest:
                    continue
                own, others = hits[:, inside], hits[:, ~inside]
                if book.observed:
                    found = newcombe(own[0], others[0], float(spec.confidence))
                else:
                    found = over_years(own.mean(axis=1) - others.mean(axis=1), float(spec.confidence))
                held = verdict(found, -limit, limit)
                way = "more often" if found.value > 0 else "less often"
                said = (
                    f"{percent(own.mean())} of its seats are at quota, of the others {percent(others.mean())}"
                )
                end = {
                    "pass": ": no difference that matters.",
                    "fail": f": it makes its quota {way}, by {points(found)}.",
                }.get(held, f", {points(found)} {way}; whether that is chance is not clear.")
                yield Finding(
                    "at quota against others", found, held, said + end, of=(by, group), limits=(-limit, limit)
                )

    def lacking(self, book: Book) -> str:
        """Say that groups are missing."""
        return "" if book.groups else "regions, roles or tenure"


def newcombe(own: np.ndarray, others: np.ndarray, confidence: float) -> Estimate:
    """Return the difference of two shares of independent trials, with Newcombe's interval."""
    from scipy.stats import norm

    z = float(norm.ppf((1 + confidence) / 2))
    p, q = float(own.mean()), float(others.mean())
    (p_low, p_high), (q_low, q_high) = (wilson(int(each.sum()), len(each), z) for each in (own, others))
    return Estimate(p - q, p - q - hypot(p - p_low, q_high - q), p - q + hypot(p_high - p, q - q_low))
