"""The Hess plan of least inertia, contiguous and within the band, with its proof.

Steps: a good plan by annealing; multipliers and a bound over contiguous districts; the list of all districts that a
better plan can hold, and the best partition made of them. Where that list grows too long, pairs (unit, centre) are
ruled out one by one and the Hess model over the rest goes to a solver with contiguity rows in rounds.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from solvers import SolveOptions
from solvers.contiguity.graph import IntArray
from solvers.districting.enumeration import enumerated
from solvers.districting.fixing import surviving
from solvers.districting.instance import Instance
from solvers.districting.multipliers import Pool, relaxed
from solvers.districting.plan import Proof, inertia_of
from solvers.districting.starts import Effort, good_plan


@dataclass(frozen=True)
class Search:
    """How much work each step may take; counts, but for `options.time_limit`."""

    effort: Effort = field(default_factory=Effort)
    listing_nodes: int = 50_000_000
    """Most nodes of the search about one centre while districts are listed; 0: go to the model at once."""
    options: SolveOptions = field(default_factory=lambda: SolveOptions(gap=1e-7))
    """Of each round of the model."""


def least_inertia(instance: Instance, seed: int = 0, search: Search | None = None) -> Proof:
    """Return the contiguous plan of least inertia within the band and a bound over all of them."""
    how = search or Search()
    label, objective = good_plan(instance, seed, how.effort)
    it = relaxed(instance, label, Pool(), objective)
    if it.bound == np.inf:
        return Proof(None, np.inf, np.inf, "columns")
    better, bound = enumerated(instance, it, objective, how.listing_nodes)
    label = label if better is None else better
    known = np.inf if label is None else inertia_of(instance, label)
    if bound >= known * (1 - 1e-9):
        return Proof(label, known, min(bound, known), "columns")
    return _by_model(instance, label, max(bound, it.bound), surviving(instance, it, known), how)


def _by_model(
    instance: Instance, label: IntArray | None, bound: float, kept: np.ndarray, how: Search
) -> Proof:
    from solvers.districting.hess_model import solved

    found, proven = solved(instance, kept, label, how.options)
    costs = [(inertia_of(instance, plan), plan) for plan in (label, found) if plan is not None]
    if not costs:
        return Proof(None, np.inf, max(bound, proven), "model")
    objective, best = min(costs, key=lambda pair: pair[0])
    return Proof(best, objective, min(objective, max(bound, proven)), "model")
