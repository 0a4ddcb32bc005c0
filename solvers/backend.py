"""What a backend is: a module with a name, its features, and a solve that never says more than is proven."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

import numpy as np

from solvers.model import Arrays
from solvers.solution import FloatArray, Solution, SolveOptions


class Feature(StrEnum):
    """What a model or its options may ask of a backend."""

    INTEGER = "integer columns"
    CONTINUOUS = "continuous columns"
    FREE = "columns without bounds"
    RANGES = "rows with two different finite sides"
    NODE_LIMIT = "a node limit"
    THREADS = "several threads"
    SEED = "a seed"


class Report(Protocol):
    """Where a running solve tells what it has; both may be called often."""

    def incumbent(self, objective: float, x: FloatArray) -> None:
        """Tell a better point; `x` has shape (column,)."""

    def bound(self, bound: float, nodes: int) -> None:
        """Tell the proven bound and the nodes so far, from time to time."""


class Silence:
    """A report nobody listens to."""

    def incumbent(self, objective: float, x: FloatArray) -> None:
        """Ignore it."""

    def bound(self, bound: float, nodes: int) -> None:
        """Ignore it."""


class Backend(Protocol):
    """A module of `solvers/backends`. Libraries are imported inside `solve`."""

    name: str
    features: frozenset[Feature]

    def available(self) -> bool:
        """Whether its library is installed, by find_spec alone."""

    def solve(self, arrays: Arrays, options: SolveOptions, report: Report) -> Solution:
        """Solve a model without contradictions, with at least one column; runs in a child process."""


def demanded(arrays: Arrays, options: SolveOptions) -> frozenset[Feature]:
    """Return the features this model and these options ask for."""
    two_sided = np.isfinite(arrays.row_lower) & np.isfinite(arrays.row_upper)
    asked = {
        Feature.INTEGER: arrays.integer.any(),
        Feature.CONTINUOUS: not arrays.integer.all(),
        Feature.FREE: (np.isinf(arrays.lower) & np.isinf(arrays.upper)).any(),
        Feature.RANGES: (two_sided & (arrays.row_lower < arrays.row_upper)).any(),
        Feature.NODE_LIMIT: options.node_limit is not None,
        Feature.THREADS: options.threads != 1,
        Feature.SEED: options.seed != 0,
    }
    return frozenset(feature for feature, wanted in asked.items() if wanted)
