"""Accounts inherit their geographic unit: a postcode, a county or a city goes to one seat as a whole.

x_ij = x_kj        for each seat j and any two accounts i, k of one unit
"""

from __future__ import annotations

from typing import Literal

from engine.errors import Fault, counted
from engine.fields import Flag, Text
from engine.inputs import Inputs, IntArray
from engine.territory.constraint import Constraint
from engine.territory.declaration import Together
from engine.territory.selection import column_faults, labels_of, listed, texts


class Unit(Constraint):
    """Geographic units that are not split."""

    kind: Literal["unit"] = "unit"
    column: Text
    """Column of the accounts with the id of their geographic unit."""
    blank_alone: Flag = False
    """Whether an account without a unit stands alone; it is refused unless this is true."""

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return an unknown column, and accounts without a unit."""
        found = column_faults(inputs.accounts.extra, self.column, "column")
        if found or self.blank_alone:
            return found
        words = texts(inputs.accounts.extra[self.column])
        lost = [name for name, word in zip(inputs.accounts.id, words, strict=True) if not word]
        if not lost:
            return []
        message = f"no unit in column '{self.column}' for {counted(len(lost), 'account')}: {listed(lost)}."
        return [Fault("E_REQUIRED", message, "Fill it, or give blank_alone: true.", field="column")]

    def declare(self, inputs: Inputs) -> Together:
        """Declare the unit of each account."""
        return Together(labels_of(texts(inputs.accounts.extra[self.column])))

    def violations(self, inputs: Inputs, rep_of: IntArray) -> list[str]:
        """Count the seats of each unit."""
        seats: dict[str, set[int]] = {}
        for cell, rep in zip(inputs.accounts.extra[self.column].tolist(), rep_of.tolist(), strict=True):
            if cell is not None and cell == cell and str(cell):
                seats.setdefault(str(cell), set()).add(rep)
        return [
            f"{self.title}: unit {unit} is split between"
            f" {' and '.join(inputs.reps.id[rep] for rep in sorted(owners))}."
            for unit, owners in seats.items()
            if len(owners) > 1
        ]
