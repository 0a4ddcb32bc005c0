"""growth_neutrality: whether asking for growth is asking for failure, and whether those who grow win."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import ClassVar

import numpy as np

from engine.fairness.book import Book
from engine.fairness.finding import Check, Finding, larger, points, verdict
from engine.fairness.spec import FairnessSpec
from engine.fairness.statistics import effect, rank_correlation


class GrowthNeutrality(Check):
    """Whether seats that are asked to grow more attain less, and whether those that do grow attain more.

    `effect of growth asked`: the effect on attainment of twice the quota / last year's bookings, measured as in size
    neutrality; 0 is neutral, limit: `per_doubling`. `growth and attainment`: Spearman's correlation of attainment with
    the growth achieved, credit / last year's bookings; good performers should win, so its whole interval should lie
    above 0.
    Attainment against absolute growth is not judged: among seats of like size it is the same as against growth in
    percent, so it cannot be asked to be unrelated. Intervals: Student's over replications; of a past year HC3 and
    Bonett & Wright.
    """

    title: ClassVar[str] = "Growth neutrality"

    def findings(self, book: Book, spec: FairnessSpec) -> Iterator[Finding]:
        """Yield the slope on growth asked and the correlation with growth achieved."""
        known = np.isfinite(book.volume)
        if known.sum() < 4:
            return
        limit, confidence = float(spec.per_doubling), float(spec.confidence)
        attainment, volume = book.attainment[:, known], book.volume[known]
        asked, more = effect(book.quota[known] / volume, attainment, confidence)
        if np.isfinite(asked.value) and more > 1e-6:
            held = verdict(asked, -limit, limit)
            way = "more" if asked.value > 0 else "less"
            said = (
                f"A seat asked for {larger(more)} growth on last year attains {points(asked)} of quota {way}"
            )
            end = {
                "pass": ": asking for growth makes no difference that matters.",
                "fail": ": growth is asked of those who can deliver it least."
                if asked.value < 0
                else ": too little growth is asked of those who can deliver it.",
            }.get(held, ", and the data leave open whether that is chance.")
            yield Finding("effect of growth asked", asked, held, said + end, limits=(-limit, limit))
        found = rank_correlation(book.credit[:, known] / volume, attainment, confidence)
        if np.isfinite(found.value):
            held = verdict(found, low=0.0)
            end = {
                "pass": "those who grow most attain most, as it should be.",
                "fail": "those who grow most attain least: the quota punishes growth.",
            }.get(held, "whether growing pays is not clear.")
            said = f"Growth and attainment go together with a rank correlation of {found.value:.2f}: {end}"
            yield Finding("growth and attainment", found, held, said, share=False, limits=(0.0, inf))

    def lacking(self, book: Book) -> str:
        """Say that history is missing."""
        return "" if np.isfinite(book.volume).sum() >= 4 else "last year's bookings of at least 4 seats"
