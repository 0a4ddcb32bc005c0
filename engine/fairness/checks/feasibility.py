"""feasibility: whether the quotas can be carried, by potential, pipeline and capacity."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, nan
from typing import ClassVar

import numpy as np

from engine.estimates import Estimate, wilson
from engine.fairness.book import Book
from engine.fairness.finding import Check, Finding, between, percent, verdict
from engine.fairness.spec import FairnessSpec
from engine.fairness.statistics import over_years


class Feasibility(Check):
    """Whether the quotas fit what there is to sell, what is in the pipeline, and what can be worked.

    `beyond potential`: share of seats whose quota exceeds the potential of their accounts; none is wanted. `pipeline`:
    value of deals in progress that are expected to close in the plan x win rate / quota, told. `capacity`: mean
    simulated credit / quota; limit: `capacity`; Student's interval over replications. `out of reach`: share of seats
    that make their quota with a chance surely below `within_reach` (upper end of Wilson's interval); none is wanted.
    """

    title: ClassVar[str] = "Feasibility"

    def findings(self, book: Book, spec: FairnessSpec) -> Iterator[Finding]:
        """Yield what can be told; capacity and reach only of simulated years."""
        known = np.isfinite(book.potential)
        if known.sum() >= max(4, len(book) // 2):
            yield _none_wanted(
                "beyond potential",
                book.quota[known] > book.potential[known],
                "carry more than the potential of their accounts",
            )
        if np.isfinite(book.win_rate) and np.isfinite(book.pipeline).any():
            value = float(np.nansum(book.pipeline)) * book.win_rate / float(book.quota.sum())
            said = f"Deals in progress when their period starts are worth {percent(value)} of quota, at the win rate."
            yield Finding("pipeline", Estimate(value, nan, nan), "told", said)
        if book.observed:
            return
        low, high = spec.capacity.ends
        found = over_years(book.credit.sum(axis=1) / book.quota.sum(), float(spec.confidence))
        held = verdict(found, low, high)
        wanted, way = f"{percent(low)} to {percent(high)}", "high" if found.value < low else "low"
        end = {
            "pass": f", within {wanted}: the number can be carried.",
            "fail": f"; {wanted} is wanted: the number is too {way} for the capacity.",
        }.get(held, f"; {wanted} is wanted, and the interval reaches over a limit.")
        yield Finding(
            "capacity",
            found,
            held,
            f"Expected credit is {percent(found.value)}{between(found)} of quota{end}",
            limits=(low, high),
        )
        reach, hits = float(spec.within_reach), (book.credit >= book.quota * (1 - 1e-12)).sum(axis=0)
        gone = np.array([wilson(int(hit), book.years)[1] < reach for hit in hits])
        yield _none_wanted(
            "out of reach", gone, f"make quota in fewer than {percent(reach)} of simulated years"
        )


def _none_wanted(figure: str, wrong: np.ndarray, words: str) -> Finding:
    count, share = int(wrong.sum()), float(wrong.mean())
    said = f"{count} of {len(wrong)} seats {words}." if count else f"No seat would {words}."
    return Finding(figure, Estimate(share, nan, nan), "fail" if count else "pass", said, limits=(-inf, 0.0))
