"""A seat owns only accounts whose industry, language or other need it can meet.

x_ij = 0        where seat j does not offer what account i needs
"""

from __future__ import annotations

from typing import Literal

from engine.errors import Fault
from engine.inputs import Inputs, IntArray
from engine.territory.constraint import Constraint
from engine.territory.declaration import Forbidden
from engine.territory.matching import Matching


class Skills(Constraint, Matching):
    """Hard match of what accounts need with what seats offer; priced, it is the objective `fit`."""

    kind: Literal["skills"] = "skills"

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return unknown columns."""
        return self.column_faults(inputs)

    def declare(self, inputs: Inputs) -> Forbidden:
        """Declare the pairs that do not fit."""
        need, fits = self.fits(inputs)
        return Forbidden(need, ~fits)

    def violations(self, inputs: Inputs, rep_of: IntArray) -> list[str]:
        """Compare each account with its seat, word by word."""
        seats = inputs.reps.id
        return [
            f"{self.title}: seat {seats[int(rep_of[i])]} does not offer the {self.column} that account"
            f" {inputs.accounts.id[i]} needs."
            for i in self.misfits(inputs, rep_of)
        ]
