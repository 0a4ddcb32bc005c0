"""Which units may leave: an articulation unit breaks its district when it goes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from solvers.contiguity.graph import Graph, Mask


def articulation(graph: Graph, label: ArrayLike) -> Mask:
    """Return True for each unit without which its piece of its label falls apart, shape (unit,); O(units + edges).

    `label` has shape (unit,), -1 outside every district. A unit that is False may leave (a district of one unit
    becomes empty then).
    """
    from solvers.contiguity import compiled

    district = np.asarray(label, dtype=np.int64)
    if district.shape != (graph.units,):
        raise ValueError(f"{district.shape} labels for {graph.units} units")
    return compiled.articulation(graph.offsets, graph.ends, district)
