"""What it costs that an account belongs to a seat that does not fit its industry, language or segment.

    sum_ij (share * potential_i + per_account) * misfit_ij * x_ij

misfit_ij = 1 where seat j does not offer what account i needs.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from pydantic import Field

from engine.amounts import decimals
from engine.errors import Fault
from engine.fields import Money, Ratio
from engine.inputs import Inputs, IntArray
from engine.territory.matching import Matching
from engine.territory.objective import Objective
from engine.territory.pair_costs import MisfitCost


class Fit(Objective, Matching):
    """Price of a misfit: a share of the potential, and a sum per account; hard, it is the constraint `skills`."""

    kind: Literal["fit"] = "fit"
    share: Ratio = Field(default="0.05", ge=0, validate_default=True)
    """Share of the account's potential that a misfit costs; 5% unless given."""
    per_account: Money = Field(default="0", ge=0, validate_default=True)
    """Currency units that every misfit costs besides; 0 unless given."""

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return unknown columns."""
        return self.column_faults(inputs)

    def declare(self, inputs: Inputs) -> MisfitCost:
        """Declare the price of each pair."""
        potential = inputs.accounts.potential / 10 ** decimals(inputs.currency)
        price = float(self.share) * potential + float(self.per_account)
        need, fits = self.fits(inputs)
        return MisfitCost(price, need, ~fits)

    def cost_of(self, inputs: Inputs, rep_of: IntArray) -> float:
        """Add up the misfits exactly."""
        potential, misfits = inputs.accounts.potential.tolist(), self.misfits(inputs, rep_of)
        value = Fraction(sum(potential[i] for i in misfits), 10 ** decimals(inputs.currency))
        return float(Fraction(self.share) * value + Fraction(self.per_account) * len(misfits))
