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
        for row in tables["quota_difficulty"].to_dict("records"):
            rep, quota, carried = row["rep"], int(row["quota"]), totals.get(row["rep"])
            if quota != carried:
                yield f"{rep}: the chance is told of a quota of {quota}, and it carries {carried}"
            for name, low, high in (("chance", "low", "high"), ("fresh", "fresh_low", "fresh_high")):
                ends = (row[low], row[name], row[high])
                known = [end for end in ends if end == end]
                if (
                    known != sorted(known)
                    or len(known) not in (0, 3)
                    or any(not 0 <= end <= 1 for end in known)
                ):
                    yield f"{rep}: {name} {ends[1]} does not lie in its interval from {ends[0]} to {ends[2]}"
    if "quota_shrinkage" in tables:
        columns = ["rep", "raw", "mean", "weight", "shrunk"]
        for rep, raw, mean, weight, shrunk in tables["quota_shrinkage"][columns].itertuples(index=False):
            expected = max(mean + weight * (raw - mean), 0)
            if not 0 <= weight <= 1:
                yield f"{rep}: a weight of {weight} is no share"
            if abs(shrunk - expected) > ROUNDED + 1e-6 * abs(raw - mean):
                yield f"{rep}: shrunk bookings are given as {shrunk}; mean and weight make {expected:.0f}"
