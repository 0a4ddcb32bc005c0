"""The plan with the fewest cut edges, contiguous and within the band, with its proof.

Annealing finds a good plan. Peeling then shows, for C = k - islands and upwards, that no plan cuts C edges, until it
finds one or C reaches the good plan: the work grows by about half with each C, so the way up costs little more than
its last step, and a search that ends early leaves the last C as its bound.
"""

from __future__ import annotations

import numpy as np

from solvers.districting.instance import Instance
from solvers.districting.peeling import Exhausted, Peeling
from solvers.districting.plan import Proof, cut_edges_of
from solvers.districting.starts import Effort, good_plan

NODES = 2_000_000_000
"""Nodes of all searches together."""


def fewest_cut_edges(
    instance: Instance, seed: int = 0, effort: Effort | None = None, nodes: int = NODES
) -> Proof:
    """Return a contiguous plan within the band with the fewest cut edges and a bound over all plans."""
    label, _ = good_plan(instance, seed, effort or Effort(), cut_edges=True)
    known = np.inf if label is None else float(cut_edges_of(instance, label))
    search, least = Peeling(instance, nodes), max(instance.districts - len(instance.graph.islands()), 0)
    try:
        while least < known and least <= len(instance.graph.edges):
            found = search.plan(least)
            if found is not None:
                return Proof(found, float(least), float(least), "enumeration")
            least += 1
    except Exhausted:
        return Proof(label, known, float(least), "enumeration")
    return Proof(label, known, known, "enumeration")
