"""Intervals: over what credits accumulate, caps run and pay is collected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from engine.inputs import IntArray

Interval = Literal["period", "quarter", "year"]
Pay = Literal["monthly", "quarterly", "annually"]
Accumulate = Literal["transaction", "period", "quarter", "year_to_date"]

_MEANS: dict[str, Interval] = {
    "monthly": "period",
    "quarterly": "quarter",
    "annually": "year",
    "period": "period",
    "quarter": "quarter",
    "year": "year",
    "year_to_date": "year",
}
_MONTHS: dict[Interval, int] = {"period": 1, "quarter": 3, "year": 12}


def months(word: str) -> int:
    """Return the periods in the interval that a word of a plan means: 1, 3 or 12."""
    return _MONTHS[_MEANS[word]]


def paid_at_end_of(interval: Interval) -> Pay:
    """Return how often pay comes that falls at the end of an interval."""
    often: dict[Interval, Pay] = {"period": "monthly", "quarter": "quarterly", "year": "annually"}
    return often[interval]


@dataclass(frozen=True)
class Intervals:
    """Periods grouped into quarters and the year."""

    quarter: tuple[int, ...]
    """Quarter of each period, never falling."""

    @classmethod
    def of(cls, quarter: Sequence[int] | IntArray) -> Intervals:
        """Take the quarter of each period from a calendar."""
        return cls(tuple(int(q) for q in quarter))

    @property
    def periods(self) -> int:
        """Number of periods."""
        return len(self.quarter)

    def back(self, periods: int) -> int | IntArray:
        """Return how far before each period the end of the one stands that is so many periods earlier."""
        return periods

    def groups(self, word: str) -> Groups:
        """Return the groups of periods that a word of a plan (`monthly`, `year_to_date` ...) means."""
        return self._by_interval[_MEANS[word]]

    @cached_property
    def _by_interval(self) -> dict[Interval, Groups]:
        count = self.periods
        return {
            "period": Groups(tuple(range(count))),
            "quarter": Groups(self.quarter),
            "year": Groups((0,) * count),
        }


@dataclass(frozen=True)
class Groups:
    """Runs of consecutive periods: `of` gives the group of each period."""

    of: tuple[int, ...]

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """First period of each group and the one after its last."""
        starts = [p for p, group in enumerate(self.of) if p == 0 or group != self.of[p - 1]]
        return tuple(zip(starts, [*starts[1:], len(self.of)], strict=True))

    @cached_property
    def single(self) -> bool:
        """Whether every group is one period."""
        return len(self.spans) == len(self.of)

    @cached_property
    def last(self) -> IntArray:
        """Last period of each group."""
        return np.array([end - 1 for _, end in self.spans], dtype=np.int64)

    @cached_property
    def ends(self) -> IntArray:
        """Last period of the group of each period."""
        return np.repeat(self.last, [end - start for start, end in self.spans])
