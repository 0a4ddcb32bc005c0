"""Judgement: which of several choices of sites serves best, with the bands of exactly these seats.

A choice that location likes may fit its own bands badly. A descent over its accounts tells, in far less time than the
scenario's own search: first the choices whose bands it can keep, by cost; then the others, broken bands at one price.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

import numpy as np

from engine.territory.headcount.bounds import nodes_of, same_sides
from engine.territory.headcount.sites import Sites
from solvers.location.instance import Location

Choice = tuple[int, ...]
"""Open sites in ascending order."""


def ranked(given: Sites, choices: Iterable[Choice]) -> list[Choice]:
    """Return the choices, each once, the most promising first."""
    return sorted(dict.fromkeys(choices), key=lambda choice: (*score(given, choice), choice))


def score(given: Sites, choice: Choice) -> tuple[bool, float]:
    """Return whether a descent leaves a band broken, and the cost that it comes to."""
    from solvers.location.heuristic import Walk
    from solvers.location.layout import served, strained

    problem = exactly(given, choice)
    if not np.isfinite(problem.cost).any(axis=0).all():
        return True, inf
    walk = Walk(problem, np.arange(len(choice)), np.random.Generator(np.random.Philox(0)))
    price = walk.price.copy()
    walk.settle()
    if walk.plan is not None:
        return False, walk.plan.cost
    return True, served(walk.world, walk.layout) + walk.offset + strained(walk.world, walk.layout, price)


def exactly(given: Sites, choice: Choice) -> Location:
    """Return the location problem over exactly these sites, all open, with their own bands."""
    chosen, sample = np.array(choice, dtype=np.int64), list(choice)
    accounts = given.cost.shape[1]
    node = nodes_of(given, given.band_levels)
    bands = [same_sides(given, given.spec.constraints[place], sample, node) for place in given.bands]
    if not bands:
        none = np.zeros(len(given.opening), dtype=np.int64)
        bands = [(np.ones(accounts, dtype=np.int64), none, none + accounts)]
    weight, lower, upper = (np.array(part, dtype=np.int64) for part in zip(*bands, strict=True))
    cost, open_all = np.ascontiguousarray(given.cost[chosen]), np.ones(len(choice), dtype=np.bool_)
    sides = (lower[:, chosen], upper[:, chosen])
    return Location(cost, weight, *sides, given.fixed[chosen], open_all, len(choice))
