"""What the accounts bring in, when each seat divides its hours among its accounts as well as it can.

An account i with t hours of seat j contributes a_ij t ** b, so further hours bring ever less (elasticity 0 < b < 1):

    a_ij = share * potential_i * (e_ij / workload_i) ** b,    e_ij = visit / (visit + way), what the way leaves

Of T_j hours, the best division gives account i hours in proportion to v_ij = a_ij ** (1 / (1 - b)), and then

    - sum_j T_j ** b * (sum_i v_ij x_ij) ** (1 - b)

is a concave function of one sum for each seat. Two equal seats that share the accounts bring in more than one that owns
them all, and balance beyond that is worth what it brings, no more: Skiera and Albers, "COSTA: contribution optimizing
sales territory alignment", Marketing Science 17 (1998) 196-213.
"""

from __future__ import annotations

from math import fsum
from typing import Literal, Self

import numpy as np
from pydantic import Field, model_validator

from engine.amounts import decimals
from engine.errors import Fault
from engine.fields import Flag, Ratio, Real, Text, refuse
from engine.inputs import FloatArray, Inputs, IntArray
from engine.territory.declaration import Gain
from engine.territory.geography.travelled import Travelled
from engine.territory.measure import WORKLOAD_SCALE
from engine.territory.objective import Objective
from engine.territory.selection import column_faults, listed


class Response(Objective, Travelled):
    """Contribution of the accounts, below 0 as a cost: a concave response to the hours that each gets of its seat."""

    kind: Literal["response"] = "response"
    elasticity: Real = Field(default=0.3, ge=0.01, le=0.9)
    """By how many percent the contribution of an account grows with one percent more hours; 0.3 unless given."""
    share: Ratio = Field(default="0.1", ge=0, validate_default=True)
    """Contribution of an account that gets just the hours of its workload, as a share of its potential; 10% unless
    given."""
    hours: Real | None = Field(default=None, gt=0)
    """Hours that a seat gives to its accounts a year; this or `hours_column`."""
    hours_column: Text = ""
    """Column of the seats with the hours of each."""
    hours_per_visit: Real | None = Field(default=None, gt=0)
    """Hours of a visit without the way. The way from the seat's home then takes its part of the hours that an account
    gets; it takes none unless given."""
    round_trip: Flag = True
    """Whether every visit is a way there and back; true unless given."""
    missing: Literal["refuse"] = "refuse"
    """What a pair means that is not in the table: `refuse` the run."""

    @model_validator(mode="after")
    def _says_the_hours(self) -> Self:
        if (self.hours is None) == (not self.hours_column):
            raise refuse(
                "E_REQUIRED", "the hours of a seat are not given, or twice", "Give hours or hours_column."
            )
        return self

    @property
    def of_a_whole_year(self) -> bool:
        """The hours are those of a year."""
        return True

    @property
    def needs_pairs(self) -> bool:
        """Every pair has a response of its own."""
        return True

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return accounts without workload, unusable hours, and missing ways where they count."""
        found = self.way_faults(inputs) if self.hours_per_visit is not None else []
        accounts = inputs.accounts
        idle = np.flatnonzero((accounts.potential > 0) & (accounts.workload <= 0))
        if len(idle):
            message = f"{len(idle)} accounts have potential and no workload: {listed(accounts.id[i] for i in idle)}."
            found.append(Fault("E_RANGE", message, "Say how many hours each needs."))
        below = np.flatnonzero(accounts.potential < 0)
        if len(below):
            message = (
                f"{len(below)} accounts have a potential below 0: {listed(accounts.id[i] for i in below)}."
            )
            found.append(Fault("E_RANGE", message, "A contribution grows with the hours: give 0 or more."))
        return found + (self._column_faults(inputs) if self.hours_column else [])

    def _column_faults(self, inputs: Inputs) -> list[Fault]:
        reps, field = inputs.reps, "hours_column"
        found = column_faults(reps.extra, self.hours_column, field, "reps")
        if found:
            return found
        column = np.asarray(reps.extra[self.hours_column])
        if column.dtype.kind not in "if":
            return [
                Fault(
                    "E_TYPE", f"column '{self.hours_column}' of the reps does not hold numbers.", field=field
                )
            ]
        lost = np.flatnonzero(~(column >= 0))
        if not len(lost):
            return []
        message = (
            f"{len(lost)} seats have no hours in '{self.hours_column}': {listed(reps.id[j] for j in lost)}."
        )
        return [Fault("E_RANGE", message, "Give 0 or more.", field=field)]

    def declare(self, inputs: Inputs) -> Gain:
        """Declare the weights v_ij, over their greatest, and the scale of each seat."""
        b, accounts = self.elasticity, inputs.accounts
        money = float(self.share) * accounts.potential / 10 ** decimals(inputs.currency)
        work = np.where(accounts.workload > 0, accounts.workload / WORKLOAD_SCALE, 1.0)
        response = money[:, None] * (self._effective(inputs) / work[:, None]) ** b
        top = float(response.max(initial=0.0)) or 1.0
        return Gain((response / top) ** (1 / (1 - b)), top * self.seat_hours(inputs) ** b, 1 - b)

    def _effective(self, inputs: Inputs) -> FloatArray:
        """Return what the way leaves of an hour, shape (account, rep)."""
        if self.hours_per_visit is None:
            return np.ones((len(inputs.accounts), len(inputs.reps)))
        way = np.nan_to_num(self.way_hours(inputs)) * (2 if self.round_trip else 1)
        left: FloatArray = self.hours_per_visit / (self.hours_per_visit + way)
        return left

    def seat_hours(self, inputs: Inputs) -> FloatArray:
        """Return the hours of each seat, shape (rep,)."""
        if self.hours_column:
            return np.asarray(inputs.reps.extra[self.hours_column], dtype=np.float64)
        return np.full(len(inputs.reps), self.hours, dtype=np.float64)

    def cost_of(self, inputs: Inputs, rep_of: IntArray) -> float:
        """Divide the hours of each seat account by account, and add up what each account responds with."""
        return -fsum(contribution for _, contribution in self.divided(inputs, rep_of))

    def divided(self, inputs: Inputs, rep_of: IntArray) -> list[tuple[float, float]]:
        """Return hours and contribution of each account of a finished alignment, one by one, in plain Python."""
        b, seats = self.elasticity, rep_of.tolist()
        steep = self.responses(inputs, rep_of)
        wanted = [a ** (1 / (1 - b)) for a in steep]
        each: list[list[float]] = [[] for _ in inputs.reps.id]
        for weight, rep in zip(wanted, seats, strict=True):
            each[rep].append(weight)
        total = [fsum(weights) for weights in each]
        hours = self.seat_hours(inputs).tolist()
        given = [hours[rep] * w / total[rep] if w else 0.0 for w, rep in zip(wanted, seats, strict=True)]
        return [(t, a * t**b) for t, a in zip(given, steep, strict=True)]

    def responses(self, inputs: Inputs, rep_of: IntArray) -> list[float]:
        """Return what one hour of its seat brings in from each account: a_ij with j its seat; plain Python."""
        accounts, unit = inputs.accounts, 10 ** decimals(inputs.currency)
        rows = zip(accounts.potential.tolist(), accounts.workload.tolist(), strict=True)
        work = [(float(self.share) * money / unit, load / WORKLOAD_SCALE) for money, load in rows]
        ways = [0.0] * len(work)
        if self.hours_per_visit is not None:
            ways = [hours * (2 if self.round_trip else 1) for _, hours in self.ways_of(inputs, rep_of)]
        visit = self.hours_per_visit or 1.0
        return [
            money * (visit / (visit + way) / load) ** self.elasticity if money else 0.0
            for (money, load), way in zip(work, ways, strict=True)
        ]
