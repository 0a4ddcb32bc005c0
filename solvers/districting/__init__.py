"""Districting with contiguity: the least moment of inertia (Hess) and the fewest cut edges, each with a proof.

instance = Instance(Graph.of(units, edges), population, inertia(population, lon, lat), k, *band(population, k, dev))
least_inertia(instance)      -> Proof(label, objective, bound, route)
fewest_cut_edges(instance)   -> Proof(label, objective, bound, route)
"""

from solvers.districting.cut_edges import fewest_cut_edges
from solvers.districting.hess import Search, least_inertia
from solvers.districting.instance import Instance, band, inertia
from solvers.districting.plan import Proof, allowed, centres, cut_edges_of, inertia_of
from solvers.districting.starts import Effort

__all__ = [
    "Effort",
    "Instance",
    "Proof",
    "Search",
    "allowed",
    "band",
    "centres",
    "cut_edges_of",
    "fewest_cut_edges",
    "inertia",
    "inertia_of",
    "least_inertia",
]
