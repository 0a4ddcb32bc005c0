"""The fewest cut edges, proven by peeling districts off: whether a plan cuts at most C edges.

The borders of the k districts add up to 2 C, so some district has a border of at most 2 C / k. Each such district D
is listed; the plan of the rest has k - 1 districts within the rest, and cuts at most C - border(D) edges of it. With
two districts left, the one that holds the first unit is listed and the other is what it leaves. All of it is counted
by this package's own search.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solvers.contiguity.graph import IntArray, Mask
from solvers.districting.instance import Instance


class Exhausted(Exception):
    """The work allowed is used up before an answer."""


@dataclass(eq=False)
class Peeling:
    """A search for plans with few cut edges; `nodes` counts down."""

    instance: Instance
    nodes: int

    def __post_init__(self) -> None:
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import reverse_cuthill_mckee

        graph = self.instance.graph
        shape = (graph.units, graph.units)
        links = csr_array((np.ones(len(graph.ends)), graph.ends, graph.offsets), shape=shape)
        self.order: IntArray = reverse_cuthill_mckee(links.tocsr(), symmetric_mode=True).astype(np.int64)
        """Sweeps across the map, so that barred units lie together."""

    def plan(self, most: int) -> IntArray | None:
        """Return a plan with at most `most` cut edges (labels), or None when none exists.

        Raises Exhausted when `nodes` run out.
        """
        room = np.ones(self.instance.units, dtype=np.bool_)
        parts = self._parts(room, self.instance.districts, most)
        return None if parts is None else np.argmax(np.stack(parts), axis=0).astype(np.int64)

    def _parts(self, room: Mask, k: int, most: int) -> list[Mask] | None:
        if most < 0:
            return None
        if k == 1:
            return [room]
        longest = most if k == 2 else 2 * most // k
        barred = np.zeros(len(room), dtype=np.bool_)
        for root in self.order[room[self.order]].tolist():
            for district, border in self._listed(room, root, barred, longest, k - 1):
                rest = self._parts(room & ~district, k - 1, most - border)
                if rest is not None:
                    return [district, *rest]
            if k == 2:
                break
            barred[root] = True
        return None

    def _listed(
        self, room: Mask, root: int, barred: Mask, longest: int, parts: int
    ) -> list[tuple[Mask, int]]:
        from solvers.districting.borders import short_bordered

        it, graph = self.instance, self.instance.graph
        band = (it.lower, it.upper)
        found, borders, used = short_bordered(
            graph.offsets, graph.ends, it.population, room, root, barred, band, longest, parts, self.nodes
        )
        if used > self.nodes:
            raise Exhausted
        self.nodes -= used
        by_border = np.argsort(borders, kind="stable").tolist()
        return [(found[k], int(borders[k])) for k in by_border]
