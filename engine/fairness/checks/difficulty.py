"""difficulty: whether the chance to make quota is the same for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import ClassVar

import numpy as np

from engine.fairness.book import Book
from engine.fairness.finding import Check, Finding, between, percent, verdict
from engine.fairness.spec import FairnessSpec
from engine.fairness.statistics import spread_of_chances


class Difficulty(Check):
    """How unlike the seats' chances are: the standard deviation over seats of P(credit >= quota).

    Estimated over replications and freed from the noise of counting them; limit: `difficulty`. Interval: jackknife over
    blocks of replications. A past year happens once and tells no chances; there see `gini` and `back_test`.
    """

    title: ClassVar[str] = "Spread of difficulty"

    def findings(self, book: Book, spec: FairnessSpec) -> Iterator[Finding]:
        """Yield the spread over seats; nothing for a past year or a single seat."""
        if book.observed or len(book) < 2 or book.years < 3:
            return
        limit = float(spec.difficulty)
        hits = (book.credit >= book.quota * (1 - 1e-12)).astype(np.float64)
        found, chance = spread_of_chances(hits, float(spec.confidence)), hits.mean(axis=0)
        held = verdict(found, high=limit)
        easy, hard = book.seats[int(chance.argmax())], book.seats[int(chance.argmin())]
        said = (
            f"Chances to make quota run from {percent(chance.min())} ({hard}) to {percent(chance.max())} ({easy}), "
            f"with a standard deviation of {percent(found.value, 1)}{between(found, 1)}"
        )
        end = {
            "pass": ": about as hard for all.",
            "fail": f"; at most {percent(limit)} is wanted: some drew easy numbers.",
        }
        yield Finding(
            "spread of chances",
            found,
            held,
            said + end.get(held, f"; the limit is {percent(limit)}."),
            limits=(-inf, limit),
        )

    def lacking(self, book: Book) -> str:
        """Say that a past year has no chances."""
        return "simulated years: a past year happens once and tells no chances" if book.observed else ""
