"""Costs of pairs: what it costs that account i belongs to seat j, said with or without a matrix of all pairs.

    sum_ij cost_ij x_ij        currency units; a pair of infinite cost is forbidden

A kind of cost that needs numbers of accounts and of seats alone can be evaluated for a block of accounts at a time, so
that a million accounts and a thousand seats need no memory for the billion pairs.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.inputs import FloatArray, IntArray
from engine.territory.geography.distance import Points, distances

ALL = slice(None)


class PairCost(ABC):
    """A cost in currency units that is the sum of one number of each account and its seat."""

    @abstractmethod
    def of(self, accounts: slice | IntArray) -> FloatArray:
        """Return the costs of some accounts, by slice or place, shape (account, rep)."""

    @cached_property
    def cost(self) -> FloatArray:
        """Costs of all accounts, shape (account, rep)."""
        return self.of(ALL)


@dataclass(frozen=True)
class Tabled(PairCost):
    """cost_ij as it stands in a table; for whatever has no form of its own."""

    table: FloatArray
    """Shape (account, rep); inf where forbidden."""

    def of(self, accounts: slice | IntArray) -> FloatArray:
        """Look the costs up."""
        return self.table[accounts]


@dataclass(frozen=True)
class WayCost(PairCost):
    """cost_ij = price_i km_ij ** power along a great circle; an account without a place costs nothing."""

    place: Points
    home: Points
    price: FloatArray
    """Currency units per kilometre, or per square kilometre, shape (account,)."""
    power: int = 1
    """1, or 2."""

    def of(self, accounts: slice | IntArray) -> FloatArray:
        """Measure the ways."""
        km = np.nan_to_num(distances(self.place.some(accounts), self.home), nan=0.0)
        return np.asarray(self.price[accounts, None] * km**self.power)


@dataclass(frozen=True)
class LeavingCost(PairCost):
    """cost_ij = price_i where account i has an incumbent and it is not j."""

    price: FloatArray
    """Shape (account,)."""
    owner: IntArray
    """Incumbent of each account, -1 for none; shape (account,)."""
    reps: int

    def of(self, accounts: slice | IntArray) -> FloatArray:
        """Price the moves."""
        owner = self.owner[accounts, None]
        moved = (owner >= 0) & (owner != np.arange(self.reps))
        return np.where(moved, self.price[accounts, None], 0.0)


@dataclass(frozen=True)
class MisfitCost(PairCost):
    """cost_ij = price_i where seat j does not fit the need of account i."""

    price: FloatArray
    """Shape (account,)."""
    need: IntArray
    """Need of each account, shape (account,)."""
    misfit: NDArray[np.bool_]
    """Shape (need, rep)."""

    def of(self, accounts: slice | IntArray) -> FloatArray:
        """Price the misfits."""
        return np.where(self.misfit[self.need[accounts]], self.price[accounts, None], 0.0)
