"""Adjacency: geographic units of accounts, and which of them touch.

A unit is a name in a column of the accounts (a county, a postcode area), or every account by itself. Who touches whom
is read from the table of neighbours, or built from the units' places (`delaunay`). Accounts inherit their unit: two
accounts are neighbours when their units are the same or touch.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from engine.inputs import FloatArray, Inputs, IntArray, Words
from engine.territory.geography.delaunay import triangulated
from engine.territory.geography.distance import kilometres


@dataclass(frozen=True)
class Units:
    """Geographic units and who touches whom."""

    names: Words
    """In the order of the text; without a column of units, the ids of the accounts."""
    unit_of: IntArray
    """Unit of each account, shape (account,); -1 where its cell is blank."""
    edges: IntArray
    """Each pair of neighbours once, shape (edge, 2)."""
    places: FloatArray
    """Latitude and longitude of each unit: the mean of its accounts; NaN where none has any, shape (unit, 2)."""

    @cached_property
    def islands(self) -> list[IntArray]:
        """Connected pieces of the whole adjacency, in the order of their first unit."""
        from solvers.contiguity import Graph

        return Graph.of(len(self.names), self.edges).islands()

    def account_edges(self) -> tuple[IntArray, IntArray]:
        """Return the pairs of neighbouring accounts, shape (pair, 2), and the edge of units of each; -1 within one."""
        order = np.argsort(self.unit_of, kind="stable")
        starts = np.searchsorted(self.unit_of[order], np.arange(len(self.names) + 1))
        members = [order[a:b] for a, b in pairwise(starts.tolist())]
        within = [np.stack(np.triu_indices(len(who), 1), axis=1) for who in members]
        pairs = [who[inside] for who, inside in zip(members, within, strict=True)]
        came = [np.full(len(inside), -1) for inside in within]
        for k, (a, b) in enumerate(self.edges.tolist()):
            both = np.stack(np.meshgrid(members[a], members[b], indexing="ij"), axis=-1).reshape(-1, 2)
            pairs.append(both)
            came.append(np.full(len(both), k))
        none = np.empty((0, 2), dtype=np.int64)
        return np.concatenate([none, *pairs]).astype(np.int64), np.concatenate([none[:, 0], *came]).astype(
            np.int64
        )


def units_of(inputs: Inputs, column: str) -> tuple[Words, IntArray]:
    """Return the names of the units and the unit of each account; -1 where the cell is blank."""
    if not column:
        return inputs.accounts.id, np.arange(len(inputs.accounts), dtype=np.int64)
    cells = [str(cell or "") for cell in inputs.accounts.extra[column].tolist()]
    names = tuple(sorted(set(cells) - {""}))
    place = {name: k for k, name in enumerate(names)} | {"": -1}
    return names, np.array([place[cell] for cell in cells], dtype=np.int64)


def places_of(inputs: Inputs, names: Words, unit_of: IntArray) -> FloatArray:
    """Return the mean place of each unit's accounts that have one, degrees; NaN elsewhere, shape (unit, 2)."""
    accounts = inputs.accounts
    at = np.stack((accounts.latitude, accounts.longitude), axis=1)
    there = np.flatnonzero(~np.isnan(at).any(axis=1) & (unit_of >= 0))
    total, count = np.zeros((len(names), 2)), np.zeros(len(names))
    np.add.at(total, unit_of[there], at[there])
    np.add.at(count, unit_of[there], 1)
    mean: FloatArray = np.where(count[:, None] > 0, total / np.maximum(count, 1)[:, None], np.nan)
    return mean


def from_table(inputs: Inputs, column: str) -> Units:
    """Return the units with the neighbours of the table; names of the table that are no unit have no part in it."""
    names, unit_of = units_of(inputs, column)
    place = {name: k for k, name in enumerate(names)}
    table = inputs.adjacency
    assert table is not None
    rows = zip(table.unit, table.neighbour, strict=True)
    pairs = [sorted((place[a], place[b])) for a, b in rows if a in place and b in place and a != b]
    edges = np.array(sorted({(a, b) for a, b in pairs}), dtype=np.int64).reshape(-1, 2)
    return Units(names, unit_of, edges, places_of(inputs, names, unit_of))


def from_points(inputs: Inputs, column: str, max_km: float | None) -> Units:
    """Return the units with the neighbours of the Delaunay triangulation of their places; each must have one."""
    names, unit_of = units_of(inputs, column)
    places = places_of(inputs, names, unit_of)
    return Units(names, unit_of, triangulated(places, max_km), places)


def joined(units: Units) -> Units:
    """Join the islands of an adjacency by the shortest links between them.

    Kruskal over the triangulation of the units' places, which holds the shortest links of points in the plane.
    """
    island = np.empty(len(units.names), dtype=np.int64)
    for k, members in enumerate(units.islands):
        island[members] = k
    at = [(float(lat), float(lon)) for lat, lon in units.places.tolist()]
    near = triangulated(units.places)
    between = near[island[near[:, 0]] != island[near[:, 1]]].tolist()
    links = []
    for _, a, b in sorted((kilometres(at[a], at[b]), a, b) for a, b in between):
        if island[a] != island[b]:
            island[island == island[b]] = island[a]
            links.append((a, b))
    new = np.array(links, dtype=np.int64).reshape(-1, 2)
    return replace(units, edges=np.concatenate((units.edges, new)))
