"""Hierarchy: the nodes above the seats, told by their paths, so that two regions may each have a district North."""

from __future__ import annotations

import numpy as np

from engine.inputs import IntArray, Reps


def nodes_of(reps: Reps) -> dict[str, dict[str, IntArray]]:
    """Return the seats of every node by level and name, with the nodes above in it where a name stands twice."""
    found: dict[str, dict[str, IntArray]] = {}
    above: list[tuple[str, ...]] = [() for _ in range(len(reps))]
    for level, nodes in reps.levels.items():
        above = [(*path, node) for path, node in zip(above, nodes, strict=True)]
        paths = sorted(set(above))
        last = [path[-1] for path in paths]
        found[level] = {
            path[-1] if last.count(path[-1]) == 1 else " / ".join(path): np.array(
                [seat for seat, own in enumerate(above) if own == path]
            )
            for path in paths
        }
    return found
