"""Only so much may change hands.

    sum_ij w_i moved_ij x_ij <= B        moved_ij = 1 when account i leaves its incumbent for seat j

with B rounded down to the integers that the measure w is kept in. An account without an incumbent never moves.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Literal, Self

from pydantic import Field, model_validator

from engine.errors import Fault
from engine.fields import Money, Ratio, Text, refuse
from engine.inputs import Inputs, IntArray
from engine.territory.constraint import Constraint
from engine.territory.declaration import Budget
from engine.territory.measure import integer_units, measure_faults, measured


class MaxMoves(Constraint):
    """Budget of accounts, potential or another measure that may leave its incumbent."""

    kind: Literal["max_moves"] = "max_moves"
    measure: Text = "count"
    """What is counted: `count` (accounts, the default), `potential`, `workload`, or a whole or money column."""
    limit: Money | None = Field(default=None, ge=0)
    """Most that may move, in the unit of the measure. Either this or `share`."""
    share: Ratio | None = Field(default=None, ge=0, le=1)
    """Most that may move, as a share of all accounts' total."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.limit is None) == (self.share is None):
            raise refuse("E_REQUIRED", "needs either limit or share", "Give for example share: 20%.")
        return self

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return an unknown measure."""
        return measure_faults(inputs, self.measure)

    def declare(self, inputs: Inputs) -> Budget:
        """Declare the budget."""
        measure = measured(inputs, self.measure)
        if self.limit is not None:
            return Budget(measure, floor(integer_units(measure, self.limit)))
        assert self.share is not None
        return Budget(measure, floor(Fraction(self.share) * int(measure.values.sum())))

    def violations(self, inputs: Inputs, rep_of: IntArray) -> list[str]:
        """Add up what has moved."""
        measure = measured(inputs, self.measure)
        values, owner = measure.values.tolist(), inputs.accounts.owner.tolist()
        moved = sum(
            v for v, old, new in zip(values, owner, rep_of.tolist(), strict=True) if old not in (-1, new)
        )
        if self.limit is not None:
            allowed = Fraction(self.limit) * measure.scale
        else:
            allowed = Fraction(self.share or 0) * sum(values)
        if moved <= allowed:
            return []
        return [
            f"{self.title}: {measure.show(moved)} leave their incumbent; allowed {measure.show(floor(allowed))}."
        ]
