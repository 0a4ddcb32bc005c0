"""bands: how many reach 80, 100 and 120 % of quota."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from engine.estimates import Estimate, share_of
from engine.fairness.book import Book
from engine.fairness.finding import Check, Finding, between, percent, verdict
from engine.fairness.spec import FairnessSpec
from engine.fairness.statistics import over_years
from engine.inputs import BoolArray


class Bands(Check):
    """The share of seats that attain at least 80, 100 and 120 % of quota (`bands`), and that lie between the ends.

    Limit of the share at 100 %: `at_quota`; the others are told. Interval: Student's over replications of the share in
    each; of a past year Wilson's, as if seats were independent.
    """

    title: ClassVar[str] = "Attainment bands"

    def findings(self, book: Book, spec: FairnessSpec) -> Iterator[Finding]:
        """Yield a share for each band, and the share between the lowest and the highest."""
        low, high = spec.at_quota.ends
        levels = [float(level) for level in spec.bands]
        attainment = book.attainment
        for level in levels:
            found = share(attainment >= level * (1 - 1e-12), book, float(spec.confidence))
            said = f"{percent(found.value)}{between(found)} of seats attain {percent(level)} of quota or more"
            if level != 1:
                yield Finding(f"at {percent(level)}", found, "told", f"{said}.")
                continue
            held = verdict(found, low, high)
            wanted = f"{percent(low)} to {percent(high)} are wanted"
            end = {
                "pass": f", as wanted ({percent(low)} to {percent(high)}).",
                "fail": f"; {wanted}: the quotas are too {'high' if found.value < low else 'low'} as a whole.",
            }.get(held, f"; {wanted}, and the interval reaches over a limit.")
            yield Finding(f"at {percent(level)}", found, held, said + end, limits=(low, high))
        inside = (attainment >= levels[0]) & (attainment <= levels[-1])
        found = share(inside, book, float(spec.confidence))
        said = f"{percent(found.value)}{between(found)} of seats end between {percent(levels[0])} and "
        yield Finding("between the bands", found, "told", f"{said}{percent(levels[-1])} of quota.")


def share(hits: BoolArray, book: Book, confidence: float) -> Estimate:
    """Return the share of seats that hit, shape (year, seat), with the interval of the book's sort of years."""
    if book.observed:
        return share_of(hits[0].astype(float), confidence)
    return over_years(hits.mean(axis=1), confidence)
