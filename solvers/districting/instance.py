"""A districting instance: units with population and coordinates, who touches whom, how many districts, the band.

    c_ij = population_i * d(i, j)^2 / 10^6        moment of inertia of unit i about centre j, d in km
    lower <= population of a district <= upper     whole people; (1 -+ deviation) of the mean, rounded inwards

Source: Hess, Weaver, Siegfeldt, Whelan, Zitlau, "Nonpartisan political redistricting by computer", 1965.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solvers.contiguity import Graph
from solvers.contiguity.graph import IntArray

FloatArray = NDArray[np.float64]
EARTH_KM = 6371.0088
"""Mean radius of the earth (IUGG)."""


@dataclass(frozen=True, eq=False)
class Instance:
    """What is divided: units 0 .. n - 1 into `districts` contiguous districts."""

    graph: Graph
    population: IntArray
    """Whole people, 0 or more, shape (unit,)."""
    cost: FloatArray
    """c_ij >= 0 of unit i in a district with centre j, shape (unit, unit)."""
    districts: int
    lower: int
    upper: int

    def __post_init__(self) -> None:
        n = self.graph.units
        if self.population.shape != (n,) or self.cost.shape != (n, n):
            raise ValueError(f"{n} units: population {self.population.shape}, cost {self.cost.shape}")
        if (self.population < 0).any() or not np.isfinite(self.cost).all():
            raise ValueError("population is negative or cost is not finite")
        if not 1 <= self.districts <= n:
            raise ValueError(f"{self.districts} districts of {n} units")
        if not 0 < self.lower <= self.upper:
            raise ValueError(f"band {self.lower} to {self.upper}: want 0 < lower <= upper")

    @property
    def units(self) -> int:
        """Number of units."""
        return self.graph.units


def inertia(population: ArrayLike, longitude: ArrayLike, latitude: ArrayLike) -> FloatArray:
    """Return c_ij from coordinates in degrees by great-circle distance, shape (unit, unit)."""
    people = np.asarray(population, dtype=np.float64)
    east, north = np.radians(np.asarray(longitude)), np.radians(np.asarray(latitude))
    half = np.sin((north[:, None] - north) / 2) ** 2
    half += np.cos(north)[:, None] * np.cos(north) * np.sin((east[:, None] - east) / 2) ** 2
    km = 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1)))
    return np.asarray(people[:, None] * km**2 / 1e6)


def band(population: ArrayLike, districts: int, deviation: Fraction) -> tuple[int, int]:
    """Return the smallest and the largest whole population within `deviation` (0.005 = 1/200) of the mean."""
    mean = Fraction(int(np.sum(population)), districts)
    return ceil(mean * (1 - deviation)), floor(mean * (1 + deviation))
