"""Great-circle distances.

Haversine on the mean Earth radius of IUGG, 6371.0088 km: a = sin^2(dlat/2) + cos lat1 cos lat2 sin^2(dlon/2),
d = 2 R asin(sqrt a). Within 0.6 % of the ellipsoid.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

import numpy as np

from engine.inputs import FloatArray, Inputs, IntArray

RADIUS_KM = 6371.0088
BLOCK = 4096
"""Accounts at a time, so that what is in between stays small."""


@dataclass(frozen=True)
class Points:
    """Places on the earth in degrees, shape (point,); NaN where unknown."""

    latitude: FloatArray
    longitude: FloatArray

    def some(self, which: slice | IntArray) -> Points:
        """Return some of them."""
        return Points(self.latitude[which], self.longitude[which])

    def vectors(self) -> FloatArray:
        """Return unit vectors, shape (point, 3)."""
        lat, lon = np.radians(self.latitude), np.radians(self.longitude)
        return np.stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)), axis=1)


def places(inputs: Inputs) -> tuple[Points, Points]:
    """Return the places of the accounts and the homes of the seats."""
    accounts, reps = inputs.accounts, inputs.reps
    return Points(accounts.latitude, accounts.longitude), Points(reps.latitude, reps.longitude)


def distances(place: Points, homes: Points) -> FloatArray:
    """Return kilometres from each place to each home, shape (place, home); NaN where one is unknown."""
    lat, lon = np.radians(place.latitude)[:, None], np.radians(place.longitude)[:, None]
    home, away = np.radians(homes.latitude)[None, :], np.radians(homes.longitude)[None, :]
    km = np.empty((len(lat), home.shape[1]))
    for first in range(0, len(lat), BLOCK):
        rows = slice(first, first + BLOCK)
        half = np.sin((lat[rows] - home) / 2) ** 2
        half += np.cos(lat[rows]) * np.cos(home) * np.sin((lon[rows] - away) / 2) ** 2
        km[rows] = 2 * RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return km


def homes_of(inputs: Inputs, account: int) -> FloatArray:
    """Return kilometres from one account to each seat, shape (rep,); NaN where a place is unknown."""
    place, homes = places(inputs)
    km: FloatArray = distances(place.some(slice(account, account + 1)), homes)[0]
    return km


def ways_of(inputs: Inputs, rep_of: IntArray) -> FloatArray:
    """Return kilometres from each account to its own seat, shape (account,); NaN where a place is unknown."""
    lat, lon = np.radians(inputs.accounts.latitude), np.radians(inputs.accounts.longitude)
    home, away = np.radians(inputs.reps.latitude)[rep_of], np.radians(inputs.reps.longitude)[rep_of]
    half = np.sin((lat - home) / 2) ** 2 + np.cos(lat) * np.cos(home) * np.sin((lon - away) / 2) ** 2
    km: FloatArray = 2 * RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return km


def kilometres(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Return the distance of two (latitude, longitude) in degrees, in plain Python."""
    lat, home = radians(here[0]), radians(there[0])
    half = sin((lat - home) / 2) ** 2 + cos(lat) * cos(home) * sin(radians(here[1] - there[1]) / 2) ** 2
    return 2 * RADIUS_KM * asin(sqrt(min(half, 1.0)))
