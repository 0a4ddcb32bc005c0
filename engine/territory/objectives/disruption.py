"""What it costs to take accounts from the seats that hold them.

    sum_ij (share * potential_i + per_move) * strength_i * moved_ij * x_ij

moved_ij = 1 when account i has an incumbent and it is not j; strength_i is 1 unless a column tells how strong the
relationship is.
"""

from __future__ import annotations

from fractions import Fraction
from math import fsum
from typing import Literal

import numpy as np
from pydantic import Field

from engine.amounts import decimals
from engine.errors import Fault
from engine.fields import Money, Ratio, Text
from engine.inputs import FloatArray, Inputs, IntArray
from engine.territory.calls import number_faults
from engine.territory.objective import Objective
from engine.territory.pair_costs import LeavingCost


class Disruption(Objective):
    """Price of moving an account: a share of its potential, and a sum per move, scaled by the relationship."""

    kind: Literal["disruption"] = "disruption"
    share: Ratio = Field(default="0.05", ge=0, validate_default=True)
    """Share of the account's potential that a move costs; 5% unless given."""
    per_move: Money = Field(default="0", ge=0, validate_default=True)
    """Currency units that every move costs besides; 0 unless given."""
    strength_column: Text = ""
    """Column of the accounts that scales what their move costs: the strength of the relationship from 0 to 1, or its
    years. Every move costs its full price unless given."""

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return an unusable column of strengths."""
        return number_faults(inputs, self.strength_column, "strength_column")

    def declare(self, inputs: Inputs) -> LeavingCost:
        """Declare the price of each pair."""
        accounts = inputs.accounts
        potential = accounts.potential / 10 ** decimals(inputs.currency)
        price = (float(self.share) * potential + float(self.per_move)) * self._strength(inputs)
        return LeavingCost(price, accounts.owner, len(inputs.reps))

    def _strength(self, inputs: Inputs) -> FloatArray:
        if not self.strength_column:
            return np.ones(len(inputs.accounts))
        return np.asarray(inputs.accounts.extra[self.strength_column], dtype=np.float64)

    def cost_of(self, inputs: Inputs, rep_of: IntArray) -> float:
        """Add up the moves exactly; with strengths, which are real numbers, one by one."""
        owner, potential = inputs.accounts.owner.tolist(), inputs.accounts.potential.tolist()
        moved = [i for i, rep in enumerate(rep_of.tolist()) if owner[i] >= 0 and owner[i] != rep]
        cents = 10 ** decimals(inputs.currency)
        if not self.strength_column:
            value = Fraction(sum(potential[i] for i in moved), cents)
            return float(Fraction(self.share) * value + Fraction(self.per_move) * len(moved))
        strength = inputs.accounts.extra[self.strength_column].tolist()
        share, per_move = float(self.share), float(self.per_move)
        return fsum((share * potential[i] / cents + per_move) * strength[i] for i in moved)
