"""Every seat carries about the same.

    L_j <= sum_i w_i x_ij <= U_j        for each seat j

with L_j = ceil((1 - within) t_j) and U_j = floor((1 + within) t_j) around the target t_j, the mean of the seats,
or with bounds given in the user's unit; always rounded inwards to the integers that the measure w is kept in.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Literal, Self

import numpy as np
from pydantic import Field, model_validator

from engine.errors import Fault
from engine.fields import Money, Ratio, Text, refuse
from engine.inputs import Inputs, IntArray
from engine.territory.constraint import Constraint
from engine.territory.declaration import Band as BandDeclaration
from engine.territory.measure import integer_units, measured
from engine.territory.target import Target, seat_faults


class Band(Constraint, Target):
    """Allowed range of a measure for each seat, around the mean of the seats or absolute."""

    kind: Literal["band"] = "band"
    within: Ratio | None = Field(default=None, ge=0)
    """Largest distance from the target, as a share of it: 10%. Either this, or `lower` and `upper`."""
    lower: Money | None = None
    """Least that a seat may carry, in the unit of the measure: currency units for money, accounts for `count`."""
    upper: Money | None = None
    """Most that a seat may carry, in the unit of the measure."""
    seats: tuple[Text, ...] = ()
    """Seats that the band holds for, by id; all unless given. The mean is always taken over all seats."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        absolute = self.lower is not None or self.upper is not None
        if absolute == (self.within is not None):
            raise refuse(
                "E_REQUIRED", "needs either within, or lower and upper", "Give for example within: 10%."
            )
        if absolute and (self.weights or self.level):
            raise refuse(
                "E_CONTRADICTION", "weights and level belong to within", "Leave them out, or give within."
            )
        if self.lower is not None and self.upper is not None and self.lower > self.upper:
            raise refuse(
                "E_RANGE", f"lower {self.lower} is above upper {self.upper}", "Exchange or widen them."
            )
        return self

    @property
    def title(self) -> str:
        """Its name, or `potential_band` and the like: a scenario often has several."""
        return self.name or f"{self.measure}_{self.kind}"

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return unknown measures, seats and levels."""
        return [*self.target_faults(inputs), *seat_faults(inputs, self.seats, "seats")]

    def declare(self, inputs: Inputs) -> BandDeclaration:
        """Declare the band with integer bounds; a seat outside it gets bounds that always hold."""
        measure = measured(inputs, self.measure)
        values = measure.values
        least, most = int(values[values < 0].sum()), int(values[values > 0].sum())
        if self.within is not None:
            within = Fraction(self.within)
            targets = self.targets(inputs, values)
            bounds = [(ceil(t - within * abs(t)), floor(t + within * abs(t))) for t in targets]
        else:
            low = least if self.lower is None else ceil(integer_units(measure, self.lower))
            high = most if self.upper is None else floor(integer_units(measure, self.upper))
            bounds = [(low, high)] * len(inputs.reps)
        held = [not self.seats or seat in self.seats for seat in inputs.reps.id]
        kept = [bound if holds else (least, most) for bound, holds in zip(bounds, held, strict=True)]
        limits = np.array(kept, dtype=np.int64)
        return BandDeclaration(measure, limits[:, 0], limits[:, 1])

    def violations(self, inputs: Inputs, rep_of: IntArray) -> list[str]:
        """Add up each seat in Python integers and compare it with the target by cross-multiplication."""
        measure = measured(inputs, self.measure)
        load = dict.fromkeys(range(len(inputs.reps)), 0)
        for value, rep in zip(measure.values.tolist(), rep_of.tolist(), strict=True):
            load[rep] += value
        found = []
        for rep, seat in enumerate(inputs.reps.id):
            if self.seats and seat not in self.seats:
                continue
            allowed = self._allowed(inputs, rep, load[rep])
            if allowed:
                found.append(f"{self.title}: seat {seat} carries {measure.show(load[rep])}; {allowed}.")
        return found

    def _allowed(self, inputs: Inputs, rep: int, load: int) -> str:
        """Return '' when a load is allowed, or the words that say what would be."""
        measure = measured(inputs, self.measure)
        if self.within is None:
            value = Decimal(load) / measure.scale
            low, high = self.lower, self.upper
            if (low is not None and value < low) or (high is not None and value > high):
                return f"allowed {'any' if low is None else f'{low:,f}'} to {'any' if high is None else f'{high:,f}'}"
            return ""
        peers = [j for j in range(len(inputs.reps)) if self._node(inputs, j) == self._node(inputs, rep)]
        weight = [Fraction(self.weights.get(inputs.reps.id[j], Decimal(1))) for j in peers]
        column = inputs.accounts.extra[self.node_column].tolist() if self.level else None
        node = self._node(inputs, rep)
        total = sum(
            v for i, v in enumerate(measure.values.tolist()) if column is None or str(column[i]) == node
        )
        target = total * weight[peers.index(rep)]
        if abs(load * sum(weight) - target) > Fraction(self.within) * abs(target):
            return f"allowed within {float(self.within):.4g} of {float(target / sum(weight)) / measure.scale:,.2f}"
        return ""

    def _node(self, inputs: Inputs, rep: int) -> str:
        return inputs.reps.levels[self.level][rep] if self.level else ""
