"""Problem: every declaration of a scenario side by side, over the same accounts and seats.

min   sum_ij c_ij x_ij + sum_kj p_k |sum_i w_ik x_ij - [l_kj, u_kj]| + sum_e q_e [ends of e apart]
      - sum_j s_j (sum_i v_ij x_ij) ** power
s.t.  sum_j x_ij = 1,  bands,  budgets,  free rows,  x_ij = 0 where not eligible,
      groups together, pairs apart, seats connected
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from engine.inputs import FloatArray, Inputs, IntArray
from engine.territory.declaration import (
    Apart,
    Band,
    BoolArray,
    Budget,
    Connected,
    EdgeCost,
    Forbidden,
    Gain,
    Held,
    Rows,
    Spread,
    Together,
)
from engine.territory.measure import Measured

if TYPE_CHECKING:
    from engine.territory.solving.contraction import Contraction
    from engine.territory.spec import TerritorySpec

Declared = TypeVar("Declared")
CALM = 1e-9
"""Relative rounding that a held total of real prices may show."""


@dataclass(frozen=True)
class Named(Generic[Declared]):
    """A declaration with its title and its place in the scenario."""

    title: str
    field: str
    what: Declared


@dataclass(frozen=True)
class Problem:
    """What is solved. Arrays have shape (account, rep) unless they say otherwise."""

    cost: FloatArray
    """Currency units of each pair."""
    eligible: BoolArray
    owner: IntArray
    """Incumbent seat of each account, -1 for none; shape (account,)."""
    forbidden: tuple[Named[Forbidden], ...]
    bands: tuple[Named[Band], ...]
    budgets: tuple[Named[Budget], ...]
    spreads: tuple[Named[Spread], ...]
    account_ids: tuple[str, ...]
    rep_ids: tuple[str, ...]
    together: tuple[Named[Together], ...] = ()
    apart: tuple[Named[Apart], ...] = ()
    connected: tuple[Named[Connected], ...] = ()
    rows: tuple[Named[Rows], ...] = ()
    edge_costs: tuple[Named[EdgeCost], ...] = ()
    holds: tuple[Named[Held], ...] = ()
    gains: tuple[Named[Gain], ...] = ()

    @property
    def moved(self) -> BoolArray:
        """True where the pair takes the account from its incumbent."""
        moved: BoolArray = (self.owner[:, None] >= 0) & (self.owner[:, None] != np.arange(len(self.rep_ids)))
        return moved

    def use(self, budget: Budget) -> IntArray:
        """Return what each pair takes of a budget, integer units, shape (account, rep)."""
        return budget.measure.of_pairs * self.moved if budget.used is None else budget.used

    def used(self, budget: Budget, rep_of: IntArray) -> int:
        """Return what an alignment takes of a budget, integer units."""
        rows = np.arange(len(rep_of))
        if budget.used is not None:
            return int(budget.used[rows, rep_of].sum())
        gone = np.flatnonzero((self.owner >= 0) & (self.owner != rep_of))
        return int(budget.measure.at(gone, rep_of[gone]).sum())

    def price(self, rep_of: IntArray) -> float:
        """Return the objective of an alignment, currency units; lexicographic spreads are no part of it."""
        total = float(self.cost[np.arange(len(rep_of)), rep_of].sum())
        total += sum(self.spread_price(spread.what, rep_of) for spread in self.priced_spreads)
        for edge in self.edge_costs:
            ends = rep_of[edge.what.edges]
            total += float(edge.what.price[ends[:, 0] != ends[:, 1]].sum())
        for gain in self.gains:
            total -= gain.what.value(rep_of)
        return total

    @property
    def priced_spreads(self) -> tuple[Named[Spread], ...]:
        """The spreads that are part of the cost."""
        return tuple(spread for spread in self.spreads if not spread.what.rank)

    def spread_price(self, spread: Spread, rep_of: IntArray) -> float:
        """Return price times distance of one spread."""
        load = loads(spread.measure, rep_of, len(self.rep_ids))
        return spread.price * float(spread.distance(load).sum())

    def held(self, held: Held, rep_of: IntArray) -> float:
        """Return what a held rank comes to."""
        return float(sum(self.spread_price(spread, rep_of) for spread in held.spreads))

    def excess(self, rep_of: IntArray) -> Iterator[tuple[Named[Band] | Named[Budget], IntArray]]:
        """Yield how far each rule is broken, integer units: above is positive, below negative, kept is 0.

        The shape is (rep,) for a band and (1,) for a budget.
        """
        for band in self.bands:
            load = loads(band.what.measure, rep_of, len(self.rep_ids))
            yield band, np.maximum(load - band.what.upper, 0) - np.maximum(band.what.lower - load, 0)
        for budget in self.budgets:
            yield budget, np.array([max(self.used(budget.what, rep_of) - budget.what.limit, 0)])

    def free_rows(self) -> tuple[Named[Rows], ...]:
        """Return the free rows, and pairs that must be apart as rows: a seat holds one of a clique at most."""
        return self._free_rows

    @cached_property
    def _free_rows(self) -> tuple[Named[Rows], ...]:
        from engine.territory.solving.cliques import apart_rows

        return (*self.rows, *(Named(a.title, a.field, apart_rows(a.what, self)) for a in self.apart))

    def keeps(self, rep_of: IntArray) -> bool:
        """Say whether an alignment keeps every rule, exactly."""
        fits = bool(self.eligible[np.arange(len(rep_of)), rep_of].all())
        return (
            fits and not any(excess.any() for _, excess in self.excess(rep_of)) and self._keeps_rest(rep_of)
        )

    def _keeps_rest(self, rep_of: IntArray) -> bool:
        from engine.territory.geography.connectedness import connects

        apart = all((rep_of[a.what.pairs[:, 0]] != rep_of[a.what.pairs[:, 1]]).all() for a in self.apart)
        rows = all(not row_excess(named.what, rep_of).any() for named in self.rows)
        together = all(_one_seat(named.what.group, rep_of) for named in self.together)
        held = all(
            self.held(h.what, rep_of) <= h.what.limit + CALM * max(h.what.limit, 1.0) for h in self.holds
        )
        return apart and rows and together and held and all(connects(c.what, rep_of) for c in self.connected)

    def contract(self) -> Contraction:
        """Return the same problem over units: groups that must stay together become one account each."""
        from engine.territory.solving.contraction import contract

        return contract(self)

    def restrict(self, accounts: IntArray, reps: IntArray) -> Problem:
        """Return the part over some accounts and seats; budgets must be empty, as they span the parts."""
        from engine.territory.solving.restriction import restrict

        return restrict(self, accounts, reps)


def loads(measure: Measured, rep_of: IntArray, reps: int) -> IntArray:
    """Return the sum of a measure in each seat, shape (rep,), exactly."""
    load = np.zeros(reps, dtype=np.int64)
    np.add.at(load, rep_of, measure.at(np.arange(len(rep_of)), rep_of))
    return load


def row_excess(rows: Rows, rep_of: IntArray) -> FloatArray:
    """Return how far each free row is broken: above is positive, below negative; shape (row,)."""
    activity = np.zeros(len(rows.lower), dtype=np.int64)
    chosen = rep_of[rows.account] == rows.rep
    np.add.at(activity, rows.row[chosen], rows.coefficient[chosen])
    out: FloatArray = np.maximum(activity - rows.upper, 0.0) - np.maximum(rows.lower - activity, 0.0)
    return out


def _one_seat(group: IntArray, rep_of: IntArray) -> bool:
    inside = np.flatnonzero(group >= 0)
    order = inside[np.argsort(group[inside], kind="stable")]
    same = group[order][1:] == group[order][:-1]
    return bool((rep_of[order][1:] == rep_of[order][:-1])[same].all())


def gather(inputs: Inputs, spec: TerritorySpec) -> Problem:
    """Declare every constraint and objective of a scenario.

    Raises:
        BadInput: rules or objectives that do not fit the tables, all faults at once.

    """
    from engine.territory.gathering import gathered

    return gathered(inputs, spec)
