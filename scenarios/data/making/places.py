"""Real US cities, read from places.csv, and the four sales regions that share their states."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path

REGION_STATES = {
    "West": "AZ CA CO ID MT NM NV OR UT WA",
    "Central": "IA IL IN KS MI MN MO ND NE OH SD WI",
    "South": "AL AR FL GA KY LA MS OK SC TN TX",
    "East": "CT DC DE MA MD ME NC NH NJ NY PA RI VA",
}
_REGION = {state: region for region, states in REGION_STATES.items() for state in states.split()}


@dataclass(frozen=True)
class Place:
    """A city with its coordinates in degrees and its population."""

    city: str
    state: str
    latitude: float
    longitude: float
    population: int

    @property
    def region(self) -> str:
        """Sales region that the state belongs to."""
        return _REGION[self.state]


def places() -> list[Place]:
    """Read the cities in the order of the file."""
    with (Path(__file__).parents[1] / "places.csv").open(encoding="utf-8", newline="") as file:
        return [
            Place(
                row["city"],
                row["state"],
                float(row["latitude"]),
                float(row["longitude"]),
                int(row["population"]),
            )
            for row in csv.DictReader(file)
        ]


def kilometres(a: Place, b: Place) -> float:
    """Return the flat distance, good enough to say which seat is near."""
    north = (a.latitude - b.latitude) * 111.2
    east = (a.longitude - b.longitude) * 111.2 * math.cos(math.radians((a.latitude + b.latitude) / 2))
    return math.hypot(north, east)
