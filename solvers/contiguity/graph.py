"""An undirected graph of units as compressed adjacency (CSR)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

IntArray = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Graph:
    """Units 0 .. n - 1 and who touches whom; built by `Graph.of`."""

    edges: IntArray
    """Each edge once as (u, v) with u < v, in lexicographic order, shape (edge, 2)."""
    offsets: IntArray
    """The neighbours of u are `ends[offsets[u]:offsets[u + 1]]`, ascending; shape (unit + 1,)."""
    ends: IntArray
    """Shape (2 edge,)."""

    @classmethod
    def of(cls, units: int, edges: ArrayLike) -> Graph:
        """Return the graph of `units` units; an edge given twice or both ways counts once, a loop not at all.

        `edges` has shape (edge, 2). Raises ValueError for an end outside 0 .. units - 1.
        """
        pairs = np.asarray(edges, dtype=np.int64).reshape(-1, 2)
        if pairs.size and (pairs.min() < 0 or pairs.max() >= units):
            raise ValueError(f"an edge has an end outside 0 .. {units - 1}")
        pairs = np.unique(np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1), axis=0)
        both = np.concatenate((pairs, pairs[:, ::-1]))
        both = both[np.lexsort((both[:, 1], both[:, 0]))]
        offsets = np.zeros(units + 1, dtype=np.int64)
        np.cumsum(np.bincount(both[:, 0], minlength=units), out=offsets[1:])
        return cls(pairs, offsets, np.ascontiguousarray(both[:, 1]))

    @property
    def units(self) -> int:
        """Number of units."""
        return len(self.offsets) - 1

    def neighbours(self, unit: int) -> IntArray:
        """Return the units that touch `unit`, ascending."""
        return self.ends[self.offsets[unit] : self.offsets[unit + 1]]

    def islands(self) -> list[IntArray]:
        """Return the connected pieces of the whole graph, by their smallest unit."""
        from solvers.contiguity.parts import components

        return components(self, np.arange(self.units))
