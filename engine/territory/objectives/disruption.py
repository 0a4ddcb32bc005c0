"""What it costs to take accounts from the seats that hold them.

    sum_ij (share * potential_i + per_move) * moved_ij * x_ij

moved_ij = 1 when account i has an incumbent and it is not j.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import numpy as np
from pydantic import Field

from engine.amounts import decimals
from engine.fields import Money, Ratio
from engine.inputs import Inputs, IntArray
from engine.territory.declaration import PairCost
from engine.territory.objective import Objective


class Disruption(Objective):
    """Price of moving an account: a share of its potential, and a sum per move."""

    kind: Literal["disruption"] = "disruption"
    share: Ratio = Field(default="0.05", ge=0, validate_default=True)
    """Share of the account's potential that a move costs; 5% unless given."""
    per_move: Money = Field(default="0", ge=0, validate_default=True)
    """Currency units that every move costs besides; 0 unless given."""

    def declare(self, inputs: Inputs) -> PairCost:
        """Declare the price of each pair."""
        accounts = inputs.accounts
        potential = accounts.potential / 10 ** decimals(inputs.currency)
        price = float(self.share) * potential + float(self.per_move)
        moved = (accounts.owner[:, None] >= 0) & (accounts.owner[:, None] != np.arange(len(inputs.reps)))
        return PairCost(np.where(moved, price[:, None], 0.0))

    def cost_of(self, inputs: Inputs, rep_of: IntArray) -> float:
        """Add up the moves exactly."""
        owner, potential = inputs.accounts.owner.tolist(), inputs.accounts.potential.tolist()
        moved = [i for i, rep in enumerate(rep_of.tolist()) if owner[i] >= 0 and owner[i] != rep]
        value = Fraction(sum(potential[i] for i in moved), 10 ** decimals(inputs.currency))
        return float(Fraction(self.share) * value + Fraction(self.per_move) * len(moved))
