"""Shrinkage: how much of last year's bookings a seat is expected to repeat (regression to the mean).

Bookings over potential of a seat, y_i = H_i / E_i, have the mean m of its peers and the variance tau^2 + s_i^2: what
seats differ in lastingly, and luck. What a seat is expected to book is

    E_i (m + B_i (y_i - m))      B_i = tau^2 / (tau^2 + s_i^2)      m = sum H / sum E over the peers

the credibility estimate of Buehlmann and Straub (1970, Bulletin of the Swiss Association of Actuaries 70, 111-133),
with potential as the exposure. Luck is that of a compound Poisson sum of deals, Var H_i = phi m E_i with phi = sum a^2
/ sum a over the amounts a of the deals won in the last year, so that s_i^2 = phi m / E_i; or what `luck` says of a seat
of average potential. tau^2 is estimated by moments over the seats of a group of peers (engine.calibration.shrinking).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import nan

import numpy as np

from engine.calibration.shrinking import shrink
from engine.columns import Column, Table
from engine.inputs import Inputs, IntArray
from engine.quota.method import Basis

_PLACES = 10**6


@dataclass(frozen=True)
class Shrunken:
    """One seat; amounts in minor units."""

    peers: str
    """Group of peers; blank where all seats are one."""
    raw: int
    """Bookings of last year; 0 where there was none."""
    mean: Fraction
    """Its potential at the rate of its peers."""
    weight: Fraction
    """B: share of the distance from the mean that is kept."""

    @property
    def amount(self) -> Fraction:
        """What the seat is expected to book."""
        return max(self.mean + self.weight * (self.raw - self.mean), Fraction(0))


def dispersion(inputs: Inputs) -> float | None:
    """Return sum a^2 / sum a over the deals won in the year before the plan, minor units; None without any."""
    deals, start = inputs.history, inputs.calendar.start
    recent = (deals.outcome == 1) & (deals.amount > 0) & (deals.closed < start)
    recent &= deals.closed >= start - np.timedelta64(365, "D")
    amounts = deals.amount[recent].astype(np.float64)
    return float((amounts**2).sum() / amounts.sum()) if amounts.size else None


def shrunk(basis: Basis, peers: str | None, luck: object = None) -> list[Shrunken]:
    """Return what each seat is expected to book, (rep,).

    Args:
        basis: history and aligned potential of the seats.
        peers: level of the hierarchy whose nodes are groups of peers; None for one group.
        luck: relative standard deviation of a year of a seat of average potential; None takes it from the deals.

    """
    reps = basis.inputs.reps
    groups = reps.levels[peers] if peers is not None else ("",) * len(reps)
    found: dict[int, Shrunken] = {}
    for name in dict.fromkeys(groups):
        seats = np.array([seat for seat, group in enumerate(groups) if group == name])
        found |= _group(basis, name, seats, luck)
    return [found[seat] for seat in range(len(reps))]


def _group(basis: Basis, name: str, seats: IntArray, luck: object) -> dict[int, Shrunken]:
    history, potential = np.maximum(basis.inputs.reps.history, 0), basis.potential
    known = seats[(history[seats] > 0) & (potential[seats] > 0)]
    if not len(known):  # no peers to compare with: as it was
        return {
            int(seat): Shrunken(name, int(history[seat]), Fraction(int(history[seat])), Fraction(1))
            for seat in seats
        }
    rate = Fraction(int(history[known].sum()), int(potential[known].sum()))
    middle, exposure = float(rate), potential[known].astype(np.float64)
    if luck is None:
        variance = (dispersion(basis.inputs) or 0.0) * middle / exposure
    else:
        variance = (float(str(luck)) * middle) ** 2 * exposure.mean() / exposure
    kept = shrink(history[known] / exposure, variance, middle).kept
    weight = {
        int(seat): Fraction(round(share * _PLACES), _PLACES) for seat, share in zip(known, kept, strict=True)
    }
    return {
        int(seat): Shrunken(
            name,
            int(history[seat]),
            rate * int(potential[seat]) if potential[seat] > 0 else Fraction(int(history[seat])),
            weight.get(int(seat), Fraction(0)),
        )
        for seat in seats
    }


_COLUMNS = (
    Column("rep", "text", "Seat."),
    Column("peers", "text", "Group of seats that it is compared with; blank for all."),
    Column("potential", "money", "Potential of the accounts aligned to the seat, a year."),
    Column("raw", "money", "Bookings of the last full year; 0 where none."),
    Column("mean", "money", "The seat's potential at the rate at which its peers booked theirs."),
    Column(
        "weight",
        "ratio",
        "Share of the distance from the mean that is kept: 1 is no luck, 0 is nothing else.",
    ),
    Column("shrunk", "money", "What it is expected to book again: mean + weight x (raw - mean)."),
    Column("moved", "ratio", "shrunk / raw - 1; blank where there was no last year."),
)


def table(basis: Basis, seats: list[Shrunken]) -> Table:
    """Return quota_shrinkage: raw, shrunk and weight of each seat."""
    import pandas as pd

    frame = pd.DataFrame(
        {
            "rep": list(basis.inputs.reps.id),
            "peers": [seat.peers for seat in seats],
            "potential": basis.potential,
            "raw": np.array([seat.raw for seat in seats], dtype=np.int64),
            "mean": np.array([int(seat.mean) for seat in seats], dtype=np.int64),
            "weight": [float(seat.weight) for seat in seats],
            "shrunk": np.array([int(seat.amount) for seat in seats], dtype=np.int64),
            "moved": [float(seat.amount / seat.raw - 1) if seat.raw else nan for seat in seats],
        }
    )
    meaning = (
        "Regression to the mean: bookings of last year, and how much of them a seat is expected to repeat."
    )
    return Table("quota_shrinkage", _COLUMNS, frame, meaning)
