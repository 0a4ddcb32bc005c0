"""Bounds of a band at each site when p territories are open, whichever they are.

The target of a seat is a share of its node's total, and depends on how many seats are open in the node: n of them,
from those that are kept to as many as p allows. More seats make every target smaller, so both bounds are monotone in n:
the least n gives the greatest upper bound, the greatest n the least lower one. A band on the whole has one node, one n.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from engine.inputs import Inputs, IntArray
from engine.territory.constraint import Constraint
from engine.territory.constraints.band import Band as BandRule
from engine.territory.declaration import Band
from engine.territory.problem import Named

if TYPE_CHECKING:
    from engine.territory.headcount.sites import Sites

Sides = tuple[IntArray, IntArray, IntArray]
"""Weights (account,), lower and upper bounds (site,)."""


def representable(band: Named[Band], rule: Constraint, others: IntArray, every: Inputs) -> bool:
    """Say whether a band holds alike for all seats that are not kept, but for the node they belong to.

    `others` are those seats among the seats of `every`, the tables in which all sites are open.
    """
    what, level = band.what, str(getattr(rule, "level", ""))
    if what.measure.by_seat or (what.measure.values < 0).any() or (level and not isinstance(rule, BandRule)):
        return False
    nodes = [every.reps.levels[level][j] if level else "" for j in others.tolist()]
    bounds = [(int(what.lower[j]), int(what.upper[j])) for j in others.tolist()]
    return len(dict.fromkeys(zip(nodes, bounds, strict=True))) == len(dict.fromkeys(nodes))


def bounds(sites: Sites, rule: Constraint, count: int) -> Sides:
    """Return a band's weights, and the loosest bounds that any choice of `count` sites gives each site."""
    level = str(getattr(rule, "level", ""))
    node = nodes_of(sites, (level,) if level else ())
    most = np.iinfo(np.int64).max
    lower, upper = np.full(len(node), most), np.full(len(node), -1)
    weight = np.empty(0, dtype=np.int64)
    for here, sample in _samples(sites, node, count):
        weight, low, high = same_sides(sites, rule, sample, node)
        there = np.array([place == here for place in node]) & (high >= 0)
        lower[there] = np.minimum(lower, low)[there]
        upper[there] = np.maximum(upper, high)[there]
    never = upper < 0
    lower[never], upper[never] = 0, 0
    return weight, lower, upper


def same_sides(sites: Sites, rule: Constraint, sample: list[int], node: list[str]) -> Sides:
    """Return a band's weights and the bounds of each site when `sample` is open, or others of the same nodes.

    A kept seat has its own bounds; any other site those of a sampled one of its node, and 0 to -1 where none is.
    """
    tables = sites.tables_of(sample)
    band = rule.declare(tables)
    assert isinstance(band, Band)
    spot = sites.spots(sample, tables)
    lower, upper = np.zeros(len(node), dtype=np.int64), np.full(len(node), -1, dtype=np.int64)
    others = others_of(sites)
    for j in sample:
        alike = [i for i in others if node[i] == node[j]] if j in others else [j]
        lower[alike], upper[alike] = band.lower[spot[j]], band.upper[spot[j]]
    return band.measure.values, lower, upper


def nodes_of(sites: Sites, levels: tuple[str, ...]) -> list[str]:
    """Return the node of each site on some levels taken together; one node without levels."""
    columns = [(*sites.inputs.reps.levels[level], *sites.places.levels[level]) for level in levels]
    return [" / ".join(column[j] for column in columns) for j in range(len(sites.opening))]


def others_of(sites: Sites) -> list[int]:
    """Return the sites that are not kept."""
    return [j for j in range(len(sites.opening)) if j >= sites.seats or not sites.keep[j]]


def _samples(sites: Sites, node: list[str], count: int) -> Iterator[tuple[str, list[int]]]:
    """Yield for each node the choices of sites with the least, the next, and the most of them in the node."""
    more = count - len(sites.kept)
    for here in dict.fromkeys(node):
        inside = [j for j in others_of(sites) if node[j] == here]
        outside = [j for j in others_of(sites) if node[j] != here]
        least, most = max(0, more - len(outside)), min(more, len(inside))
        for size in dict.fromkeys((least, min(max(least, 1), most), most)):
            yield here, sorted([*sites.kept, *inside[:size], *outside[: more - size]])
