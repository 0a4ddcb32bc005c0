"""A commercial territory design instance: units with activities, who touches whom, and affinities to territories.

    n
    id x y activity_1 activity_2 activity_3 0          n lines
    number of edges, then lines "a b"
    p p tolerance_1 tolerance_2 tolerance_3 0.05       the last figure is not used
    p lines of n affinities: 1 best, 3 worst

Every activity of every territory should lie within its tolerance of the mean territory. The bounds are rounded
inwards to whole numbers, exactly: loads are whole, so no plan is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from solvers.contiguity import Graph

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
ACTIVITIES = 3


@dataclass(frozen=True, eq=False)
class Instance:
    """One file. Units and territories are numbered from 0 in the order of the file."""

    name: str
    ids: tuple[str, ...]
    points: FloatArray
    """Shape (unit, 2), in the length unit of the file."""
    weights: IntArray
    """Activities, shape (unit, 3), whole numbers of 0 or more."""
    graph: Graph
    territories: int
    tolerance: tuple[Fraction, ...]
    """Share of the mean by which an activity may differ from it, one per activity."""
    affinity: IntArray
    """1, 2 or 3, shape (territory, unit)."""

    @property
    def units(self) -> int:
        """Number of units."""
        return len(self.ids)

    @property
    def distances(self) -> FloatArray:
        """Euclidean distances, shape (unit, unit)."""
        apart = self.points[:, None, :] - self.points[None, :, :]
        return np.hypot(apart[..., 0], apart[..., 1])

    @property
    def band(self) -> tuple[IntArray, IntArray]:
        """Least and greatest whole load of a territory, shape (activity,) each."""
        total = [int(value) for value in self.weights.sum(axis=0)]
        mean = [Fraction(value, self.territories) for value in total]
        pairs = list(zip(mean, self.tolerance, strict=True))
        return np.array([ceil((1 - t) * m) for m, t in pairs]), np.array(
            [floor((1 + t) * m) for m, t in pairs]
        )

    @property
    def indifferent(self) -> bool:
        """Whether territories are alike: every unit has one affinity to all of them."""
        return bool((self.affinity == self.affinity[:1]).all())


def read(path: Path) -> Instance:
    """Read a file of the format above.

    Raises ValueError, naming the file, where it holds too few words or a word of the wrong kind.
    """
    words = iter(path.read_text(encoding="utf-8").split())
    try:
        return _parsed(path.stem, words)
    except (StopIteration, ValueError, KeyError) as fault:
        raise ValueError(
            f"{path.name}: no territory design instance ({fault or 'it ends too early'})"
        ) from fault


def _parsed(name: str, words: object) -> Instance:
    take = iter(words)  # type: ignore[call-overload]
    units = int(next(take))
    rows = [[next(take) for _ in range(4 + ACTIVITIES)] for _ in range(units)]
    place = {row[0]: unit for unit, row in enumerate(rows)}
    edges = [(place[next(take)], place[next(take)]) for _ in range(int(next(take)))]
    territories, _ = int(next(take)), next(take)
    tolerance = tuple(Fraction(next(take)) for _ in range(ACTIVITIES))
    next(take)
    affinity = np.array([int(next(take)) for _ in range(territories * units)], dtype=np.int64)
    return Instance(
        name,
        tuple(place),
        np.array([[float(cell) for cell in row[1:3]] for row in rows]).reshape(-1, 2),
        np.array([[int(cell) for cell in row[3:6]] for row in rows], dtype=np.int64).reshape(-1, ACTIVITIES),
        Graph.of(units, np.array(edges, dtype=np.int64).reshape(-1, 2)),
        territories,
        tolerance,
        affinity.reshape(territories, units),
    )
