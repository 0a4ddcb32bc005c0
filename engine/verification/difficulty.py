"""Tables that methods explain themselves with, held to the quotas and to their own definitions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    Frames = Mapping[str, pd.DataFrame]

ROUNDED = 1.02
"""Minor units by which the cutting of two amounts may move a third."""


def difficulty_faults(tables: Frames, totals: Mapping[str, int]) -> Iterator[str]:
    """Yield where quota_difficulty or quota_shrinkage contradict themselves or the seats' quotas, minor units."""
    if "quota_difficulty" in tables:
        for row in tables["quota_difficulty"].itertuples(index=False):
            if int(row.quota) != totals.get(row.rep):
                yield f"{row.rep}: the chance is told of a quota of {row.quota}, and it carries {totals.get(row.rep)}"
            for name, low, high in (("chance", "low", "high"), ("fresh", "fresh_low", "fresh_high")):
                ends = (getattr(row, low), getattr(row, name), getattr(row, high))
                known = [end for end in ends if end == end]
                if (
                    known != sorted(known)
                    or len(known) not in (0, 3)
                    or any(not 0 <= end <= 1 for end in known)
                ):
                    yield f"{row.rep}: {name} {ends[1]} does not lie in its interval from {ends[0]} to {ends[2]}"
    if "quota_shrinkage" in tables:
        for row in tables["quota_shrinkage"].itertuples(index=False):
            expected = max(row.mean + row.weight * (row.raw - row.mean), 0)
            if not 0 <= row.weight <= 1:
                yield f"{row.rep}: a weight of {row.weight} is no share"
            if abs(row.shrunk - expected) > ROUNDED + 1e-6 * abs(row.raw - row.mean):
                yield f"{row.rep}: shrunk bookings are given as {row.shrunk}; mean and weight make {expected:.0f}"
