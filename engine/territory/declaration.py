"""What a constraint or an objective can be; rows, prices and explanations are derived from these alone.

x_ij is 1 when account i belongs to seat j. Arrays have shape (account,), (rep,), (account, rep), (edge, 2) ... Once
groups are contracted (`Problem.contract`), an account here is a unit: one account, or all that must stay together.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.inputs import FloatArray, IntArray, Words
from engine.territory.measure import Measured
from engine.territory.pair_costs import PairCost

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Band:
    """lower_j <= sum_i weight_i x_ij <= upper_j for every seat; integers, bounds rounded inwards.

    A seat without a bound has the least or the greatest sum there can be.
    """

    measure: Measured
    lower: IntArray
    upper: IntArray


@dataclass(frozen=True)
class Forbidden:
    """x_ij = 0 where `never` is true for the kind of account i: accounts of a kind may belong to the same seats."""

    kind: IntArray
    """Kind of each account, shape (account,)."""
    never: BoolArray
    """Shape (kind, rep)."""

    @classmethod
    def of(cls, pairs: BoolArray) -> Forbidden:
        """Return what forbids the pairs that are true, shape (account, rep)."""
        return cls(np.arange(len(pairs)), pairs)

    @cached_property
    def pairs(self) -> BoolArray:
        """Forbidden pairs, shape (account, rep)."""
        return self.never[self.kind]


@dataclass(frozen=True)
class Budget:
    """sum_ij weight_i moved_ij x_ij <= limit, where moved_ij says that account i leaves its incumbent for j.

    `used` says it for each pair instead, where one weight and one incumbent do not: units whose members have several.
    """

    measure: Measured
    limit: int
    used: IntArray | None = None
    """What each pair takes of the budget, integer units, shape (account, rep); weight_i moved_ij unless given."""


@dataclass(frozen=True)
class Together:
    """Accounts with one label go to one seat: x_ij = x_kj wherever group_i = group_k >= 0.

    Realised by contraction: the problem is solved over units.
    """

    group: IntArray
    """Label of each account, shape (account,); -1 for an account that is free."""


@dataclass(frozen=True)
class Apart:
    """x_ij + x_kj <= 1 for every seat j and every pair (i, k)."""

    pairs: IntArray
    """Accounts that must not share a seat, shape (pair, 2)."""


@dataclass(frozen=True)
class Connected:
    """The accounts of each seat induce a connected subgraph of `edges`."""

    edges: IntArray
    """Neighbours, shape (edge, 2)."""


@dataclass(frozen=True)
class Rows:
    """lower_r <= sum_e coefficient_e x[account_e, rep_e] <= upper_r over the entries e of row r, in integers.

    For whatever has no word of its own. Entries have shape (entry,), bounds (row,).
    """

    row: IntArray
    account: IntArray
    rep: IntArray
    coefficient: IntArray
    lower: FloatArray
    """Whole numbers below 2**53, or -inf."""
    upper: FloatArray
    """Whole numbers below 2**53, or inf."""
    labels: Words
    """What messages call each row: the seat, the group ..."""


@dataclass(frozen=True)
class Spread:
    """sum_j price * (distance of sum_i weight_i x_ij from [lower_j, upper_j]), bounds in integer units, shape (rep,).

    With rank 0 the price is in currency units per integer unit and part of the cost. Ranks above 0 are lexicographic:
    rank 1 is minimised before rank 2, and every rank before the cost; prices weigh the spreads of one rank.
    """

    measure: Measured
    lower: FloatArray
    upper: FloatArray
    price: float
    rank: int = 0

    def distance(self, load: IntArray | FloatArray) -> FloatArray:
        """Return how far each seat's load is from its range, integer units; last axis (rep,)."""
        out: FloatArray = np.maximum(load - self.upper, 0.0) + np.maximum(self.lower - load, 0.0)
        return out


@dataclass(frozen=True)
class Held:
    """sum over the spreads of price * distance <= limit: a rank that was minimised and must not get worse again."""

    spreads: tuple[Spread, ...]
    limit: float


@dataclass(frozen=True)
class EdgeCost:
    """price_e is paid when the two ends of edge e belong to different seats."""

    edges: IntArray
    """Shape (edge, 2)."""
    price: FloatArray
    """Currency units, 0 or more, shape (edge,)."""


@dataclass(frozen=True)
class Gain:
    """- sum_j scale_j (sum_i weight_ij x_ij) ** power, currency units: what grows ever less with a seat's load."""

    weight: FloatArray
    """0 or more, shape (account, rep)."""
    scale: FloatArray
    """Currency units, 0 or more, shape (rep,)."""
    power: float
    """Above 0 and below 1, so that the gain is concave."""

    def of(self, load: FloatArray, seats: IntArray | int | slice = slice(None)) -> FloatArray:
        """Return what loads of seats bring in, currency units; last axis (rep,) unless seats are given."""
        out: FloatArray = self.scale[seats] * np.maximum(load, 0.0) ** self.power
        return out

    def loads(self, rep_of: IntArray) -> FloatArray:
        """Return the load of each seat under an alignment, shape (rep,)."""
        weight = self.weight[np.arange(len(rep_of)), rep_of]
        out: FloatArray = np.bincount(rep_of, weight, minlength=len(self.scale)).astype(np.float64)
        return out

    def value(self, rep_of: IntArray) -> float:
        """Return what an alignment brings in, currency units."""
        return float(self.of(self.loads(rep_of)).sum())


Declaration: TypeAlias = Band | Forbidden | Budget | Together | Apart | Connected | Rows
Cost: TypeAlias = PairCost | Spread | EdgeCost | Gain
