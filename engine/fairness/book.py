"""Book: quotas with what was, or might be, credited against them, and what is known of their seats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from engine.inputs import BoolArray, FloatArray, Words

ALL = "all"
"""Group of all seats."""
CELLS = 5_000_000
"""Credits (replications x seats) that are looked at; of more replications the first are taken, as they are alike."""


@dataclass(frozen=True)
class Book:
    """Seats that carry a quota, and their credit in one past year or in many simulated ones.

    Money is in any one unit. Arrays of seats have shape (seat,) and are NaN where nothing is known.
    """

    seats: Words
    """Names of the seats."""
    quota: FloatArray
    """Above 0."""
    credit: FloatArray
    """Shape (year, seat): one row for a past year, one per replication for a simulated one."""
    observed: bool
    """Whether the credit is that of a past year."""
    potential: FloatArray
    """Potential of the seat's accounts, a year."""
    volume: FloatArray
    """Bookings of the year before the quota."""
    last_quota: FloatArray
    """Quota of that year."""
    pipeline: FloatArray
    """Deals in progress that are expected to close in the plan."""
    win_rate: float = float("nan")
    """Share of decided deals that are won."""
    groups: Mapping[str, Words] = field(default_factory=dict)
    """Name of the seat's group by what groups are made of, such as region or tenure; '' for none."""
    by: str = ALL
    """What the group of these seats is of."""
    group: str = ""
    """The group; blank for all seats."""
    without: int = 0
    """Seats that carry no quota and are left out."""

    def __len__(self) -> int:
        return len(self.seats)

    @property
    def attainment(self) -> FloatArray:
        """Credit over quota, shape (year, seat)."""
        return self.credit / self.quota

    @property
    def years(self) -> int:
        """Number of years."""
        return int(self.credit.shape[0])

    def only(self, rows: BoolArray) -> Book:
        """Return the book of some seats."""
        return replace(
            self,
            seats=tuple(name for name, kept in zip(self.seats, rows, strict=True) if kept),
            quota=self.quota[rows],
            credit=self.credit[:, rows],
            potential=self.potential[rows],
            volume=self.volume[rows],
            last_quota=self.last_quota[rows],
            pipeline=self.pipeline[rows],
            groups={
                by: tuple(name for name, kept in zip(names, rows, strict=True) if kept)
                for by, names in self.groups.items()
            },
        )

    def parts(self, smallest: int) -> Iterator[Book]:
        """Yield the book of each group with at least so many seats, unless it holds all of them."""
        for by, names in self.groups.items():
            of = np.array(names, dtype=object)
            for group in sorted({name for name in names if name}):
                rows = of == group
                if smallest <= rows.sum() < len(self):
                    yield replace(self.only(rows), by=by, group=group)


def book(
    seats: Words,
    quota: FloatArray,
    credit: FloatArray,
    *,
    observed: bool,
    known: Mapping[str, FloatArray] | None = None,
    win_rate: float = float("nan"),
    groups: Mapping[str, Words] | None = None,
) -> Book:
    """Return the book of the seats that carry a quota.

    Args:
        seats: names.
        quota: at least 0, shape (seat,).
        credit: shape (year, seat).
        observed: whether it is that of a past year.
        known: potential, volume, last_quota, pipeline, of those that are known; 0 and NaN stand for unknown.
        win_rate: share of decided deals that are won.
        groups: name of the group per seat, by what groups are made of.

    """
    count, known = len(seats), known or {}
    columns: dict[str, Any] = {}
    for name in ("potential", "volume", "last_quota", "pipeline"):
        values = np.asarray(known.get(name, np.full(count, np.nan)), dtype=np.float64)
        columns[name] = np.where(values > 0, values, np.nan)
    years = max(1, min(credit.shape[0], CELLS // max(count, 1)))
    whole = Book(
        seats=seats,
        quota=np.asarray(quota, dtype=np.float64),
        credit=np.asarray(credit[:years], dtype=np.float64),
        observed=observed,
        win_rate=win_rate,
        groups=dict(groups or {}),
        **columns,
    )
    carried = whole.quota > 0
    return replace(whole.only(carried), without=count - int(carried.sum()))
