"""Only so much may change hands.

    sum_ij w_i moved_ij x_ij <= B        moved_ij = 1 when account i leaves its incumbent for seat j

with B rounded down to the integers that the measure w is kept in. An account without an incumbent never moves. Counted
for each seat by itself, what leaves or what enters is limited:

    sum_{i held by j} w_i (1 - x_ij) <= B        or        sum_{i held by another} w_i x_ij <= B
"""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Literal, Self

import numpy as np
from pydantic import Field, model_validator

from engine.errors import Fault
from engine.fields import Money, Ratio, Text, refuse
from engine.inputs import Inputs, IntArray
from engine.territory.constraint import Constraint
from engine.territory.declaration import Budget, Rows
from engine.territory.measure import Measured, integer_units, measure_faults, measured
from engine.territory.selection import seats_of
from engine.territory.target import seat_faults


class MaxMoves(Constraint):
    """Budget of accounts, potential or another measure that may leave its incumbent, in all or for each seat."""

    kind: Literal["max_moves"] = "max_moves"
    measure: Text = "count"
    """What is counted: `count` (accounts, the default), `potential`, `workload`, or a whole or money column."""
    limit: Money | None = Field(default=None, ge=0)
    """Most that may move, in the unit of the measure. Either this or `share`."""
    share: Ratio | None = Field(default=None, ge=0, le=1)
    """Most that may move, as a share of all accounts' total; for each seat, of what the seat holds today."""
    each: Literal["", "leaving", "entering"] = ""
    """Count each seat by itself: what is `leaving` it, or what is `entering` it from another; all moves together
    unless given."""
    seats: tuple[Text, ...] = ()
    """With `each`: seats that the limit holds for, by id; all unless given."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.limit is None) == (self.share is None):
            raise refuse("E_REQUIRED", "needs either limit or share", "Give for example share: 20%.")
        if self.seats and not self.each:
            raise refuse("E_REQUIRED", "seats need each", "Give each: leaving or each: entering.")
        return self

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return an unknown measure or seat."""
        return [*measure_faults(inputs, self.measure), *seat_faults(inputs, self.seats, "seats")]

    def declare(self, inputs: Inputs) -> Budget | Rows:
        """Declare the budget, or a row for each seat."""
        measure = measured(inputs, self.measure)
        if self.each:
            return self._rows(inputs, measure)
        if self.limit is not None:
            return Budget(measure, floor(integer_units(measure, self.limit)))
        assert self.share is not None
        return Budget(measure, floor(Fraction(self.share) * int(measure.values.sum())))

    def _rows(self, inputs: Inputs, measure: Measured) -> Rows:
        """Write what leaves a seat as what it held less what it keeps, so that a row looks at its own column alone."""
        owner, names = inputs.accounts.owner, self.seats or inputs.reps.id
        seats = seats_of(inputs, names)
        had = np.zeros(len(inputs.reps), dtype=np.int64)
        np.add.at(had, owner[owner >= 0], measure.values[owner >= 0])
        limit = np.array([floor(self._limit(measure, int(had[j]))) for j in seats.tolist()], dtype=np.int64)
        row, account = [], []
        for k, j in enumerate(seats.tolist()):
            held = owner == j if self.each == "leaving" else (owner >= 0) & (owner != j)
            account.append(np.flatnonzero(held))
            row.append(np.full(len(account[-1]), k, dtype=np.int64))
        rows, accounts = np.concatenate(row), np.concatenate(account)
        none = np.full(len(seats), np.inf)
        lower = (had[seats] - limit).astype(np.float64) if self.each == "leaving" else -none
        upper = none if self.each == "leaving" else limit.astype(np.float64)
        return Rows(rows, accounts, seats[rows], measure.values[accounts], lower, upper, tuple(names))

    def _limit(self, measure: Measured, total: int) -> Fraction:
        if self.limit is not None:
            return Fraction(self.limit) * measure.scale
        return Fraction(self.share or 0) * total

    def violations(self, inputs: Inputs, rep_of: IntArray) -> list[str]:
        """Add up what has moved."""
        measure = measured(inputs, self.measure)
        values, owner = measure.values.tolist(), inputs.accounts.owner.tolist()
        moves = [
            (value, old, new)
            for value, old, new in zip(values, owner, rep_of.tolist(), strict=True)
            if old not in (-1, new)
        ]
        if self.each:
            return self._seat_violations(inputs, measure, moves)
        moved, allowed = sum(value for value, _, _ in moves), self._limit(measure, sum(values))
        if moved <= allowed:
            return []
        return [
            f"{self.title}: {measure.show(moved)} leave their incumbent; allowed {measure.show(floor(allowed))}."
        ]

    def _seat_violations(
        self, inputs: Inputs, measure: Measured, moves: list[tuple[int, int, int]]
    ) -> list[str]:
        seats = inputs.reps.id
        gone, had = [0] * len(seats), [0] * len(seats)
        for value, old in zip(measure.values.tolist(), inputs.accounts.owner.tolist(), strict=True):
            if old >= 0:
                had[old] += value
        for value, old, new in moves:
            gone[old if self.each == "leaving" else new] += value
        found = []
        for j, seat in enumerate(seats):
            allowed = self._limit(measure, had[j])
            if gone[j] > allowed and (not self.seats or seat in self.seats):
                way = "leave" if self.each == "leaving" else "enter"
                found.append(
                    f"{self.title}: {measure.show(gone[j])} {way} seat {seat}; allowed {measure.show(floor(allowed))}."
                )
        return found
