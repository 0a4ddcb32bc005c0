"""Every seat carries about the same.

    L_j <= sum_i w_ij x_ij <= U_j        for each seat j

with L_j = ceil((1 - within) t_j) and U_j = floor((1 + within) t_j) around the target t_j, the mean of the seats,
or with bounds given in the user's unit, times the weight of the seat; always rounded inwards to the integers that the
measure w is kept in. With a price the band is no rule but a cost, and with a rank a goal that comes before the cost:

    price * sum_j max(load_j - U_j, L_j - load_j, 0)        with bounds as they are, not rounded
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import Literal, Self

import numpy as np
from pydantic import Field, model_validator

from engine.errors import Fault
from engine.fields import Money, Ratio, Real, Text, Whole, refuse
from engine.inputs import Inputs, IntArray
from engine.territory.calls import Calls
from engine.territory.constraint import Constraint
from engine.territory.declaration import Band as BandDeclaration
from engine.territory.declaration import BoolArray, Spread
from engine.territory.measure import Measured, integer_units, measured
from engine.territory.plain import owned, shares
from engine.territory.target import Target, seat_faults

Range = tuple[Fraction | None, Fraction | None]


class Band(Constraint, Target):
    """Allowed range of a measure for each seat, around the mean of the seats or absolute; hard, priced or ranked."""

    kind: Literal["band"] = "band"
    within: Ratio | None = Field(default=None, ge=0)
    """Largest distance from the target, as a share of it: 10%. Either this, or `lower` and `upper`."""
    lower: Money | None = None
    """Least that a seat may carry, in the unit of the measure: currency units for money, accounts for `count`, hours
    for `calls`; times the weight of the seat."""
    upper: Money | None = None
    """Most that a seat may carry, in the unit of the measure; times the weight of the seat."""
    seats: tuple[Text, ...] = ()
    """Seats that the band holds for, by id; all unless given. The mean is always taken over all seats."""
    calls: Calls | None = None
    """Hours a year that visits take, with the way from the seat's home, in place of a measure. Needs lower or upper,
    as the total depends on who travels."""
    price: Real | None = Field(default=None, ge=0)
    """Currency units for each unit of the measure outside the range; the band is then no rule but a cost. With a rank
    its weight among the bands of that rank, 1 unless given."""
    rank: Whole = Field(default=0, ge=0)
    """1 for a band whose total violation is minimised first, 2 for the next, all before the cost; 0, the default, for
    a band that is a rule, or priced."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        absolute = self.lower is not None or self.upper is not None
        if absolute == (self.within is not None):
            raise refuse(
                "E_REQUIRED", "needs either within, or lower and upper", "Give for example within: 10%."
            )
        if absolute and self.level:
            raise refuse("E_CONTRADICTION", "levels belong to within", "Leave them out, or give within.")
        if self.calls and (not absolute or self.measure != "potential"):
            raise refuse(
                "E_CONTRADICTION",
                "calls need lower or upper, and no measure",
                "Give for example upper: 1,500.",
            )
        if self.lower is not None and self.upper is not None and self.lower > self.upper:
            raise refuse(
                "E_RANGE", f"lower {self.lower} is above upper {self.upper}", "Exchange or widen them."
            )
        return self

    @property
    def title(self) -> str:
        """Its name, or `potential_band` and the like: a scenario often has several."""
        return self.name or f"{'calls' if self.calls else self.measure}_{self.kind}"

    @property
    def priced_rank(self) -> int:
        """Rank of a lexicographic band."""
        return self.rank

    @property
    def hard(self) -> bool:
        """Whether the band is a rule."""
        return self.price is None and not self.rank

    def measured(self, inputs: Inputs) -> Measured:
        """Return what is balanced."""
        return self.calls.measured(inputs) if self.calls else measured(inputs, self.measure)

    @property
    def needs_pairs(self) -> bool:
        """Whether calls take the way from each seat."""
        return self.calls is not None

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return unknown measures, seats, columns and levels."""
        found = [*self.target_faults(inputs), *seat_faults(inputs, self.seats, "seats")]
        return found + (self.calls.faults(inputs) if self.calls else [])

    def declare(self, inputs: Inputs) -> BandDeclaration | Spread:
        """Declare the band with integer bounds; a seat outside it gets bounds that always hold."""
        measure = self.measured(inputs)
        least, most = measure.extremes(len(inputs.reps))
        held = [not self.seats or seat in self.seats for seat in inputs.reps.id]
        low, high = list(map(Fraction, least.tolist())), list(map(Fraction, most.tolist()))
        for j, (lower, upper) in enumerate(self._ranges(inputs, measure)):
            low[j] = lower if held[j] and lower is not None else low[j]
            high[j] = upper if held[j] and upper is not None else high[j]
        if self.hard:
            lowest = np.array([ceil(bound) for bound in low], dtype=np.int64)
            return BandDeclaration(
                measure, lowest, np.array([floor(bound) for bound in high], dtype=np.int64)
            )
        price = (1.0 if self.price is None else self.price) / measure.scale
        under = np.array([float(bound) for bound in low])
        return Spread(measure, under, np.array([float(bound) for bound in high]), price, self.rank)

    def never(self, inputs: Inputs) -> BoolArray | None:
        """Forbid the pairs that a table of distances leaves out, where calls need the way."""
        return np.isnan(self.calls.way_km(inputs)) if self.calls and self.calls.by == "table" else None

    def _ranges(self, inputs: Inputs, measure: Measured) -> list[Range]:
        """Return the exact bounds of each seat in integer units; None where there is none."""
        if self.within is not None:
            within = Fraction(self.within)
            targets = self.targets(inputs, measure.values)
            return [(t - within * abs(t), t + within * abs(t)) for t in targets]
        low = None if self.lower is None else integer_units(measure, self.lower)
        high = None if self.upper is None else integer_units(measure, self.upper)
        return [
            (None if low is None else low * weight, None if high is None else high * weight)
            for weight in self.seat_weights(inputs)
        ]

    def violations(self, inputs: Inputs, rep_of: IntArray) -> list[str]:
        """Add up each seat in Python integers and compare it with its share, exactly."""
        found = self._unreached(inputs, rep_of)
        if not self.hard:
            return found
        measure = self.measured(inputs)
        for seat, load, low, high in self._plain(inputs, measure, rep_of):
            if (low is None or load >= low) and (high is None or load <= high):
                continue
            sides = ["any" if side is None else f"{float(side) / measure.scale:,.2f}" for side in (low, high)]
            found.append(
                f"{self.title}: seat {seat} carries {measure.show(load)}; allowed {' to '.join(sides)}."
            )
        return found

    def _unreached(self, inputs: Inputs, rep_of: IntArray) -> list[str]:
        ways = self.calls.ways_of(inputs, rep_of) if self.calls and self.calls.by == "table" else []
        return [
            f"{self.title}: account {inputs.accounts.id[i]} has no known way from {inputs.reps.id[int(rep_of[i])]}."
            for i, (km, _) in enumerate(ways)
            if km == float("inf")
        ]

    def cost_of(self, inputs: Inputs, rep_of: IntArray) -> float:
        """Add up what lies outside the ranges as exact fractions."""
        if self.hard:
            return 0.0
        measure, outside = self.measured(inputs), Fraction(0)
        for _, load, low, high in self._plain(inputs, measure, rep_of):
            if high is not None and load > high:
                outside += load - high
            if low is not None and load < low:
                outside += low - load
        return float(outside / measure.scale) * (1.0 if self.price is None else self.price)

    def _plain(
        self, inputs: Inputs, measure: Measured, rep_of: IntArray
    ) -> list[tuple[str, int, Fraction | None, Fraction | None]]:
        """Return (seat, load, low, high) of each seat that the band holds for, in integer units."""
        load = owned(measure, rep_of, len(inputs.reps))
        weights = self.seat_weights(inputs)
        middle = shares(inputs, self, measure.values.tolist()) if self.within is not None else []
        found: list[tuple[str, int, Fraction | None, Fraction | None]] = []
        for j, seat in enumerate(inputs.reps.id):
            if self.seats and seat not in self.seats:
                continue
            if self.within is not None:
                room = Fraction(self.within) * abs(middle[j])
                found.append((seat, load[j], middle[j] - room, middle[j] + room))
                continue
            unit = measure.scale * weights[j]
            low = None if self.lower is None else Fraction(self.lower) * unit
            high = None if self.upper is None else Fraction(self.upper) * unit
            found.append((seat, load[j], low, high))
        return found
