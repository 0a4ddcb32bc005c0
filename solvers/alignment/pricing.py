"""Pricing: one pass over all pairs for given multipliers: the bound, and the best seats of each unit.

For multipliers mu_kj of the bands (|mu| <= price where a band has one) and lambda_b >= 0 of the budgets

    L(mu, lambda) = sum_u min_j r_uj - sum_kj max(mu_kj L_kj, mu_kj U_kj) - sum_b lambda_b B_b
    r_uj = c_uj + sum_k mu_kj w_ku + sum_b lambda_b (what of u leaves its owner when it goes to j)

bounds every alignment from below, whatever the multipliers (Lagrangian relaxation of bands and budgets). It is
evaluated here over all pairs that are allowed, in blocks, by compiled code, in any number of threads: a block's
numbers do not depend on who computes them, and the sums are made in one order.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from solvers.alignment.instance import FloatArray, Instance, IntArray
from solvers.alignment.multipliers import Multipliers
from solvers.alignment.scan import scan

BLOCKS = 64
HAIR = 1e-12
"""Relative allowance for the rounding of the sums in L."""


class Pairs(NamedTuple):
    """An instance as plain arrays, as the compiled code reads it."""

    start: IntArray
    weight: FloatArray
    square: FloatArray
    point: FloatArray
    home: FloatArray
    radius: float
    misfit: FloatArray
    """Shape (needs, member); `need` likewise, and `unmet` (needs, need, rep), filled up with met ones."""
    need: IntArray
    unmet: Any
    table: FloatArray
    owner: IntArray
    leaving: FloatArray
    budget: FloatArray
    taken: FloatArray
    kind: IntArray
    allowed: Any
    scaled: FloatArray
    """Scaled weights, shape (unit, row kind)."""


@dataclass(frozen=True)
class Candidates:
    """The best seats of each unit for some multipliers, best first. Shape (unit, slot) unless said otherwise."""

    seat: Any
    """-1 where a unit has fewer seats."""
    cost: FloatArray
    """c_uj; inf where there is no seat."""
    leaves: FloatArray
    """What leaves its owner, integer units, shape (budget, unit, slot)."""


def pairs(instance: Instance) -> Pairs:
    """Return the arrays of an instance."""
    places, members = instance.places, instance.members
    none = np.empty(0)
    return Pairs(
        np.ascontiguousarray(instance.member_start, dtype=np.int64),
        places.weight if places else none,
        places.square if places and places.square is not None else none,
        np.ascontiguousarray(places.point) if places else np.empty((0, 1)),
        np.ascontiguousarray(places.home) if places else np.empty((0, 1)),
        places.radius if places else 0.0,
        *_needs(instance),
        instance.table if instance.table is not None else np.empty((0, 0)),
        instance.owners,
        instance.leaving if instance.leaving is not None else np.zeros(members),
        np.ascontiguousarray(
            instance.budget.T if instance.budget is not None else np.zeros((members, len(instance.limits))),
            dtype=np.float64,
        ),
        instance.taken if instance.taken is not None else np.empty((len(instance.limits), 0, 0)),
        instance.kind if instance.kind is not None else np.empty(0, dtype=np.int64),
        instance.allowed if instance.allowed is not None else np.empty((0, 0), dtype=np.bool_),
        np.ascontiguousarray((instance.weights / instance.scale[:, None]).T),
    )


def _needs(instance: Instance) -> tuple[FloatArray, IntArray, Any]:
    """Return misfits, needs and what is unmet of all kinds of needs, as three arrays."""
    members, kinds = instance.members, max((len(needs.unmet) for needs in instance.needs), default=0)
    misfit = np.zeros((len(instance.needs), members))
    need = np.zeros((len(instance.needs), members), dtype=np.int64)
    unmet = np.zeros((len(instance.needs), kinds, instance.reps), dtype=np.bool_)
    for n, needs in enumerate(instance.needs):
        misfit[n], need[n], unmet[n, : len(needs.unmet)] = needs.misfit, needs.need, needs.unmet
    return misfit, need, unmet


class Pricer:
    """Prices all pairs of one instance."""

    def __init__(self, instance: Instance, threads: int) -> None:
        self.instance = instance
        self.pairs = pairs(instance)
        self.threads = threads
        self.lower = instance.lower / instance.scale[:, None]
        self.upper = instance.upper / instance.scale[:, None]

    def candidates(self, multipliers: Multipliers, slots: int) -> tuple[float, Candidates]:
        """Return L over all pairs, and the `slots` seats of smallest r of each unit."""
        units, slots = self.instance.units, min(slots, self.instance.reps)
        seat = np.full((units, slots), -1, dtype=np.int32)
        cost = np.full((units, slots), np.inf)
        leaves = np.zeros((len(multipliers.budget), units, slots))
        least = np.empty(units)
        edges = np.linspace(0, units, BLOCKS + 1).astype(np.int64)
        mu = np.ascontiguousarray(multipliers.band.T)

        def block(b: int) -> None:
            first, last = int(edges[b]), int(edges[b + 1])
            scan(self.pairs, mu, multipliers.budget, first, last, seat, cost, leaves, least)

        with ThreadPoolExecutor(self.threads) as pool:
            list(pool.map(block, range(BLOCKS)))
        return self._bound(multipliers, least), Candidates(seat, cost, leaves)

    def bound(self, multipliers: Multipliers) -> float:
        """Return L over all pairs."""
        return self.candidates(multipliers, 1)[0]

    def _bound(self, multipliers: Multipliers, least: FloatArray) -> float:
        mu = multipliers.band
        sides = np.where(mu > 0, mu * self.upper, mu * self.lower)
        paid = float((multipliers.budget * self.instance.limits).sum())
        magnitude = float(np.abs(least).sum() + np.abs(sides).sum()) + paid
        return float(least.sum() - sides.sum()) - paid - HAIR * magnitude
