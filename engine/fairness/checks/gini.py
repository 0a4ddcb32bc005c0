"""gini: how unequally attainment is spread."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import ClassVar

import numpy as np

from engine.estimates import Estimate
from engine.fairness.book import Book
from engine.fairness.finding import Check, Finding, verdict
from engine.fairness.spec import FairnessSpec
from engine.fairness.statistics import gini, left_out, over_years


class Gini(Check):
    """The Gini coefficient of attainment: half the mean difference of two seats over the mean, by seat.

    0 when all attain the same share of quota, near 1 when one seat attains all; limit: `gini`. Interval: Student's over
    replications; of a past year the jackknife over seats. Luck alone gives some inequality: compare methods with it.
    """

    title: ClassVar[str] = "Gini of attainment"

    def findings(self, book: Book, spec: FairnessSpec) -> Iterator[Finding]:
        """Yield the coefficient; nothing where nobody attained anything."""
        if len(book) < 3 or not book.credit.any():
            return
        confidence, limit = float(spec.confidence), float(spec.gini)
        if book.observed:
            found = left_out(lambda rows: float(gini(rows)), book.attainment[0], confidence)
        else:
            found = over_years(gini(book.attainment), confidence)
        found = Estimate(found.value, *np.clip((found.low, found.high), 0.0, 1.0).tolist())
        held = verdict(found, high=limit)
        end = {
            "pass": "seats end a year about alike.",
            "fail": f"seats end a year too far apart (at most {limit:.2f} is wanted).",
        }.get(held, f"whether that is within {limit:.2f} is not clear.")
        yield Finding(
            "Gini coefficient",
            found,
            held,
            f"Attainment has a Gini coefficient of {found.value:.2f}: {end}",
            share=False,
            limits=(-inf, limit),
        )
