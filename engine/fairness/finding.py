"""Finding: one figure of one test, with its interval, its verdict and a sentence for a manager."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, isfinite
from typing import ClassVar, Literal

from engine.estimates import Estimate
from engine.fairness.book import Book
from engine.fairness.spec import FairnessSpec

Verdict = Literal["pass", "fail", "unclear", "told"]


@dataclass(frozen=True)
class Finding:
    """What a test found. Ratios are ratios: 0.1 is 10 %."""

    figure: str
    """What was measured."""
    found: Estimate
    """Value and interval; an exact figure has no interval."""
    verdict: Verdict
    """pass, fail, unclear (the interval reaches over a limit), or told (no limit is set)."""
    sentence: str
    share: bool = True
    """Whether the value is a share or a difference of shares, told in percent; else a bare number."""
    limits: tuple[float, float] = (-inf, inf)
    """Within which it is fair; infinite where there is none."""
    of: tuple[str, str] | None = None
    """Group that it is about (what it is a group of, its name), where a test of all seats looks at groups."""


class Check(ABC):
    """One test of fairness. The docstring of each is its definition, shown to planners."""

    title: ClassVar[str]
    """Its name in words."""

    @abstractmethod
    def findings(self, book: Book, spec: FairnessSpec) -> Iterator[Finding]:
        """Yield what is found in a book; nothing where it cannot be tested."""

    def lacking(self, book: Book) -> str:
        """Say what the book lacks for this test; blank for nothing."""
        return ""


def verdict(found: Estimate, low: float = -inf, high: float = inf) -> Verdict:
    """Hold an estimate to limits: pass with the whole interval within, fail with the whole interval outside."""
    if not isfinite(found.value):
        return "unclear"
    bottom, top = (found.low, found.high) if isfinite(found.low + found.high) else (found.value, found.value)
    if low <= bottom and top <= high:
        return "pass"
    return "fail" if top < low or bottom > high else "unclear"


def percent(value: float, places: int = 0) -> str:
    """Return a ratio for a sentence: 0.123 is `12 %`."""
    text = f"{100 * value:.{places}f}"
    return f"{text.removeprefix('-') if not float(text) else text} %"


def points(found: Estimate) -> str:
    """Return a difference of ratios without its sign, with its interval: `12.3 points (-13.0 to -11.6)`."""
    said = f"{abs(100 * found.value):.1f} points"
    if not isfinite(found.low + found.high):
        return said
    return f"{said} ({100 * found.low:+.1f} to {100 * found.high:+.1f})"


def larger(more: float) -> str:
    """Return how much more of something is meant: 1 is `twice the`, 0.1 is `10 % more`."""
    return "twice the" if more > 0.995 else f"{percent(more)} more"


def between(found: Estimate, places: int = 0) -> str:
    """Return an interval for a sentence: ` (3 % to 7 %)`; blank where it is not seen at so many places."""
    ends = [percent(value, places) for value in found]
    if not isfinite(found.low + found.high) or ends[1] == ends[2]:
        return ""
    return f" ({ends[1]} to {ends[2]})"
