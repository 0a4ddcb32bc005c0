"""Who touches whom when only places are known: the Delaunay triangulation of the places.

Latitude and longitude are flattened around their mean (longitude times the cosine of the mean latitude), which keeps
the triangulation of a country's places. Units at one place are joined in a chain; places on one line, which have no
triangles, are joined along it; a place too near to another for a triangle is joined to that one. Edges longer than
`max_km` (great circle) are dropped.
"""

from __future__ import annotations

from math import cos, radians

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.territory.geography.distance import kilometres

FLAT = 1e-9
"""Share of the extent below which places count as lying on one line."""


def triangulated(places: FloatArray, max_km: float | None = None) -> IntArray:
    """Return the edges of the triangulation, each once and sorted, shape (edge, 2).

    `places` are latitude and longitude in degrees, shape (unit, 2), without NaN.
    """
    if len(places) < 2:
        return np.empty((0, 2), dtype=np.int64)
    distinct, first, place_of = np.unique(places, axis=0, return_index=True, return_inverse=True)
    place_of = place_of.reshape(-1)
    edges = [first[_between(distinct)], _chains(place_of)]
    return _short(np.unique(np.sort(np.concatenate(edges), axis=1), axis=0), places, max_km)


def _between(places: FloatArray) -> IntArray:
    """Return the edges between different places."""
    flat = np.stack((places[:, 1] * cos(radians(float(places[:, 0].mean()))), places[:, 0]), axis=1)
    flat = flat - flat.mean(axis=0)
    _, size, axes = np.linalg.svd(flat, full_matrices=False)
    if len(places) < 3 or size[-1] <= FLAT * max(float(size[0]), FLAT):
        along = np.argsort(flat @ axes[0], kind="stable")
        return np.stack((along[:-1], along[1:]), axis=1).astype(np.int64)
    from scipy.spatial import Delaunay

    found = Delaunay(flat)
    corners, beside = found.simplices.astype(np.int64), found.coplanar[:, [0, 2]].astype(np.int64)
    return np.concatenate((corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]], beside))


def _chains(place_of: IntArray) -> IntArray:
    """Return the edges that join units of one place, in their order."""
    order = np.argsort(place_of, kind="stable")
    same = place_of[order][1:] == place_of[order][:-1]
    return np.stack((order[:-1][same], order[1:][same]), axis=1).astype(np.int64)


def _short(edges: IntArray, places: FloatArray, max_km: float | None) -> IntArray:
    if max_km is None:
        return edges
    at = [(float(lat), float(lon)) for lat, lon in places.tolist()]
    kept = [kilometres(at[a], at[b]) <= max_km for a, b in edges.tolist()]
    return edges[np.array(kept, dtype=np.bool_)]
