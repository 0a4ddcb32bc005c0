"""Tiny instances of territory design: a grid of units, small activities, affinities as drawn."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from solvers.contiguity import Graph
from solvers.territory_design import Instance, broken, score
from solvers.territory_design.figures import Score


def tiny(
    rows: int, columns: int, territories: int, *, seed: int, affine: bool = False, within: str = "0.3"
) -> Instance:
    """A grid with rook neighbours; points jittered, activities 8 to 12, affinities 1 to 3 when `affine`."""
    rng = np.random.default_rng(seed)
    units = rows * columns
    at = np.array([(c, r) for r in range(rows) for c in range(columns)], dtype=float)
    number = np.arange(units).reshape(rows, columns)
    edges = [(k, k + 1) for k in number[:, :-1].ravel().tolist()]
    edges += [(k, k + columns) for k in number[:-1].ravel().tolist()]
    affinity = (
        rng.integers(1, 4, (territories, units)) if affine else np.ones((territories, units), dtype=np.int64)
    )
    return Instance(
        f"tiny-{seed}",
        tuple(str(unit) for unit in range(units)),
        at + rng.uniform(-0.3, 0.3, at.shape),
        rng.integers(8, 13, (units, 3)),
        Graph.of(units, np.array(edges)),
        territories,
        (Fraction(within),) * 3,
        affinity,
    )


def written(instance: Instance, path: Path) -> None:
    """Write an instance as a file."""
    lines = [str(instance.units)]
    for name, point, weight in zip(instance.ids, instance.points, instance.weights, strict=True):
        lines.append(f"{name} {point[0]!r} {point[1]!r} {weight[0]} {weight[1]} {weight[2]} 0")
    lines.append(str(len(instance.graph.edges)))
    lines += [f"{a} {b}" for a, b in instance.graph.edges.tolist()]
    tolerance = " ".join(str(float(share)) for share in instance.tolerance)
    lines.append(f"{instance.territories} {instance.territories} {tolerance} 0.05")
    lines += [" ".join(str(value) for value in row) for row in instance.affinity.tolist()]
    path.write_text("\n".join(lines).replace("np.float64(", "").replace(")", "") + "\n")


def best_plan(instance: Instance) -> tuple[Score, NDArray[np.int64]]:
    """The lexicographic optimum by enumeration of all contiguous plans."""
    plans = (
        np.array(labels, dtype=np.int64)
        for labels in product(range(instance.territories), repeat=instance.units)
    )
    return min(
        ((score(instance, plan), plan) for plan in plans if not broken(instance, plan)),
        key=lambda pair: pair[0],
    )
