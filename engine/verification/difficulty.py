"""Tables that methods explain themselves with, held to the quotas and to their own definitions."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    Frames = Mapping[str, pd.DataFrame]

ROUNDED = 1.02
"""Minor units by which the cutting of two amounts may move a third."""


def difficulty_faults(tables: Frames, totals: Mapping[str, int]) -> Iterator[str]:
    """Yield where tables of difficulty or shrinkage contradict themselves or the seats' quotas, minor units."""
    if "quota_difficulty" in tables:
        for row in tables["quota_difficulty"].to_dict("records"):
            yield from _chance_faults(row, str(row["rep"]), totals.get(row["rep"]))
    if "product_difficulty" in tables:
        carried = tables["quotas"].groupby(["rep", "product"])["quota"].sum().to_dict()
        for row in tables["product_difficulty"].to_dict("records"):
            place = (row["rep"], row["product"])
            yield from _chance_faults(row, ", ".join(place), int(carried.get(place, 0)))
    if "quota_difficulty_levels" in tables:
        yield from _level_faults(tables["quota_difficulty_levels"])
    if "quota_shrinkage" in tables:
        columns = ["rep", "raw", "mean", "weight", "shrunk"]
        for rep, raw, mean, weight, shrunk in tables["quota_shrinkage"][columns].itertuples(index=False):
            expected = max(mean + weight * (raw - mean), 0)
            if not 0 <= weight <= 1:
                yield f"{rep}: a weight of {weight} is no share"
            if abs(shrunk - expected) > ROUNDED + 1e-6 * abs(raw - mean):
                yield f"{rep}: shrunk bookings are given as {shrunk}; mean and weight make {expected:.0f}"


def _chance_faults(row: Mapping[Hashable, Any], who: str, carried: int | None) -> Iterator[str]:
    """Yield why a row of chances does not fit what is carried, or an estimate its interval."""
    if int(row["quota"]) != carried:
        yield f"{who}: the chance is told of a quota of {row['quota']}, and it carries {carried}"
    for name, low, high in (("chance", "low", "high"), ("fresh", "fresh_low", "fresh_high")):
        ends = (row[low], row[name], row[high])
        known = [end for end in ends if end == end]
        if known != sorted(known) or len(known) not in (0, 3) or any(not 0 <= end <= 1 for end in known):
            yield f"{who}: {name} {ends[1]} does not lie in its interval from {ends[0]} to {ends[2]}"


def _level_faults(frame: pd.DataFrame) -> Iterator[str]:
    """Yield where a level of equal chances is narrower than its bound, or not what its ends make."""
    for row in frame.to_dict("records"):
        level, seats, apart = row["level"], int(row["seats"]), row["highest"] - row["lowest"]
        if row["range"] < row["bound"] - 1e-9 or (seats and abs(apart - row["range"]) > 1e-9):
            yield f"level {level} of equal chances: range {row['range']}, ends {apart} apart, bound {row['bound']}"
