"""back_test: how much of the quota sat with the wrong seats."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import ClassVar

import numpy as np

from engine.estimates import Estimate
from engine.fairness.book import Book
from engine.fairness.finding import Check, Finding, between, percent, verdict
from engine.fairness.spec import FairnessSpec
from engine.fairness.statistics import left_out, over_years
from engine.inputs import FloatArray


class BackTest(Check):
    """The share of the quota that, by what came, should have lain with other seats.

        1/2 sum_i | quota_i / sum quota - credit_i / sum credit |

    The level of the quotas drops out: only who carried what is judged. 0 when quotas had been in proportion to what
    came; limit: `misplaced`. Of a past year this is the back-test of the method that set the quotas, with the interval
    of the jackknife over seats; of simulated years it is the mean over replications, with Student's interval.
    """

    title: ClassVar[str] = "Back-test"

    def findings(self, book: Book, spec: FairnessSpec) -> Iterator[Finding]:
        """Yield the misplaced share; nothing where nothing came."""
        if len(book) < 3 or not book.credit.any():
            return
        confidence, limit = float(spec.confidence), float(spec.misplaced)
        if book.observed:
            rows = np.column_stack([book.quota, book.credit[0]])
            found = left_out(lambda kept: float(misplaced(kept[:, 0], kept[None, :, 1])[0]), rows, confidence)
        else:
            found = over_years(misplaced(book.quota, book.credit), confidence)
        found = Estimate(found.value, *np.clip((found.low, found.high), 0.0, 1.0).tolist())
        held = verdict(found, high=limit)
        came = "came" if book.observed else "comes in a simulated year"
        end = {
            "pass": ": the quota sat where the business was.",
            "fail": f"; at most {percent(limit)} is wanted.",
        }
        said = f"{percent(found.value)}{between(found)} of the quota lay with the wrong seats, by what {came}"
        yield Finding(
            "misplaced quota",
            found,
            held,
            said + end.get(held, f"; the limit is {percent(limit)}."),
            limits=(-inf, limit),
        )


def misplaced(quota: FloatArray, credit: FloatArray) -> FloatArray:
    """Return the misplaced share of each year; credit has shape (year, seat). NaN where nothing came."""
    total = credit.sum(axis=1, keepdims=True)
    part = np.divide(credit, total, out=np.full_like(credit, np.nan), where=total > 0)
    apart: FloatArray = 0.5 * np.abs(quota / quota.sum() - part).sum(axis=1)
    return apart
