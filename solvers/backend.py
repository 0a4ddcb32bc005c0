"""What a backend is: a module with a name, its features, and a solve that never says more than is proven."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

import numpy as np

from solvers import whole
from solvers.model import Arrays
from solvers.solution import FloatArray, Solution, SolveOptions


class Feature(StrEnum):
    """What a model or its options may ask of a backend."""

    INTEGER = "integer columns"
    CONTINUOUS = "continuous columns"
    FREE = "columns without bounds"
    UNBOUNDED = "integer columns without two finite bounds below 2^53"
    RANGES = "rows with two different finite sides"
    FRACTIONS = "rows that no common unit turns into whole numbers"
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


def lacking(arrays: Arrays, options: SolveOptions, features: frozenset[Feature]) -> list[Feature]:
    """Return what this model and these options ask for beyond the features, in alphabetical order."""
    missing = sorted(frozenset(Feature) - features)
    return [feature for feature in missing if _ASKED[feature](arrays, options)]


def _two_sided(arrays: Arrays) -> bool:
    both = np.isfinite(arrays.row_lower) & np.isfinite(arrays.row_upper)
    return bool((both & (arrays.row_lower < arrays.row_upper)).any())


def _unbounded(arrays: Arrays) -> bool:
    reach = np.maximum(np.abs(arrays.lower), np.abs(arrays.upper))
    return bool((arrays.integer & (reach >= whole.LARGEST)).any())


_ASKED: dict[Feature, Callable[[Arrays, SolveOptions], bool]] = {
    Feature.INTEGER: lambda arrays, _: bool(arrays.integer.any()),
    Feature.CONTINUOUS: lambda arrays, _: not arrays.integer.all(),
    Feature.FREE: lambda arrays, _: bool((np.isinf(arrays.lower) & np.isinf(arrays.upper)).any()),
    Feature.UNBOUNDED: lambda arrays, _: _unbounded(arrays),
    Feature.RANGES: lambda arrays, _: _two_sided(arrays),
    Feature.FRACTIONS: lambda arrays, _: not whole.rows(arrays).exact.all(),
    Feature.NODE_LIMIT: lambda _, options: options.node_limit is not None,
    Feature.THREADS: lambda _, options: options.threads != 1,
    Feature.SEED: lambda _, options: options.seed != 0,
}
