"""Contiguity on a graph of geographic units: pieces, separators, and the units that may leave their district.

A district is *contiguous* when its units induce a connected subgraph G[D]. Units are 0 .. n - 1, a label says which
district a unit belongs to (-1: none). Everything here is deterministic and takes about O(units + edges) per call.

    graph = Graph.of(units, edges)
    graph.islands()                                   pieces of the whole graph
    pieces(graph, label)                              per label, its connected pieces
    cut = minimal_separator(graph, a, b, district)    x_ab <= sum over c in cut of x_cb
    cut = shortened(graph, a, b, cut, weight, limit)  the same with fewer units: LCUT
    stuck = articulation(graph, label)                True: the unit may not leave its district

Sources: Fischetti et al., "Thinning out Steiner trees" (minimal separators); Validi, Buchanan, Lykhovyd, "Imposing
contiguity constraints in political districting models" (length-U separators); Tarjan (articulation).
"""

from solvers.contiguity.cheapest import cheapest_separator
from solvers.contiguity.cut_points import articulation
from solvers.contiguity.graph import Graph
from solvers.contiguity.parts import components, connected, piece_of, pieces
from solvers.contiguity.separators import distances, minimal_separator, reachable, shortened

__all__ = [
    "Graph",
    "articulation",
    "cheapest_separator",
    "components",
    "connected",
    "distances",
    "minimal_separator",
    "piece_of",
    "pieces",
    "reachable",
    "shortened",
]
