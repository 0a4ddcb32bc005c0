"""The company every synthetic table speaks of: seats in real towns, accounts scattered around them, one seed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from engine.columns import Column, ColumnType, Table

TOWNS = (
    (47.6, -122.3),
    (37.8, -122.4),
    (34.1, -118.2),
    (39.7, -105.0),
    (32.8, -96.8),
    (41.9, -87.6),
    (44.98, -93.3),
    (33.7, -84.4),
    (25.8, -80.2),
    (40.7, -74.0),
    (42.4, -71.1),
    (38.9, -77.0),
    (29.8, -95.4),
    (33.4, -112.1),
    (39.1, -94.6),
    (36.2, -86.8),
    (39.96, -83.0),
    (35.2, -80.8),
    (42.3, -83.0),
    (45.5, -122.7),
)
TOWNS_OF = (
    "Seattle",
    "San Francisco",
    "Los Angeles",
    "Denver",
    "Dallas",
    "Chicago",
    "Minneapolis",
    "Atlanta",
    "Miami",
    "New York",
    "Boston",
    "Washington",
    "Houston",
    "Phoenix",
    "Kansas City",
    "Nashville",
    "Columbus",
    "Charlotte",
    "Detroit",
    "Portland",
)

FAMILIES = ("Alvarez", "Brandt", "Chen", "Diallo", "Eriksen", "Fontaine", "Garg", "Hughes", "Ito", "Jansen")
FIRMS = (
    "Harbor",
    "Summit",
    "Prairie",
    "Cascade",
    "Granite",
    "Juniper",
    "Lakeside",
    "Copper",
    "Redwood",
    "Delta",
)
TRADES = (
    "Logistics",
    "Foods",
    "Health",
    "Robotics",
    "Energy",
    "Paper",
    "Freight",
    "Optics",
    "Bank",
    "Software",
)
Spec = Sequence[tuple[str, ColumnType]]


def table(name: str, columns: Spec, data: dict[str, object], private: bool = False) -> Table:
    described = tuple(Column(column, kind, f"meaning of {column}") for column, kind in columns)
    return Table(
        name, described, pd.DataFrame(data)[[column for column, _ in columns]], f"meaning of {name}", private
    )


class Company:
    """The size of it, and the seats and accounts that every table speaks of."""

    def __init__(self, seats: int, accounts: int, periods: int, seed: int, placed: bool) -> None:
        self.rng = np.random.default_rng(seed)
        self.labels = tuple(f"2027-{month + 1:02d}" for month in range(periods))
        self.rep = [f"R{seat:03d}" for seat in range(seats)]
        self.name = [
            f"{FAMILIES[seat % 10]} {TOWNS_OF[seat % 20]}" + (f" {seat // 20 + 1}" if seats > 20 else "")
            for seat in range(seats)
        ]
        self.accounts = accounts
        self.lat = np.array([TOWNS[seat % 20][0] + 0.9 * (seat // 20) for seat in range(seats)])
        self.lon = np.array([TOWNS[seat % 20][1] + 1.1 * (seat // 20) for seat in range(seats)])
        near = self.rng.integers(0, seats, accounts)
        self.x = self.lon[near] + self.rng.normal(0, 1.6, accounts)
        self.y = self.lat[near] + self.rng.normal(0, 1.1, accounts)
        distance = np.hypot(self.x[:, None] - self.lon, 1.3 * (self.y[:, None] - self.lat))
        self.after = distance.argmin(axis=1)
        stray = self.rng.random(accounts) < 0.22
        self.before = np.where(stray, self.rng.integers(0, seats, accounts), self.after)
        self.potential = self.rng.lognormal(10.6, 0.8, accounts).round(2)
        self.workload = self.rng.integers(4, 60, accounts).astype(float)
        self.placed = placed

    def per_seat(self, who: np.ndarray, value: np.ndarray | None = None) -> np.ndarray:
        return np.bincount(who, value, minlength=len(self.rep))


def cents(values: object) -> np.ndarray:
    return np.rint(np.asarray(values, dtype=float) * 100).astype(np.int64)
