"""Seats that may own nothing: whoever sat there has left, or they belong to an overlay.

x_ij = 0        for every account i and closed seat j
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from engine.inputs import Inputs, IntArray
from engine.territory.constraint import Constraint
from engine.territory.declaration import Forbidden


class ClosedSeats(Constraint):
    """The rule that the plan adds by itself; no kind of a scenario."""

    kind: Literal["closed_seats"] = "closed_seats"
    seats: tuple[str, ...] = ()
    """Seats, by id, that own no account."""
    because: str = "territories.recarve"
    """Where the scenario says why."""

    def place(self, index: int) -> str:
        """Return what closed the seats."""
        return self.because

    def declare(self, inputs: Inputs) -> Forbidden:
        """Declare every pair with a closed seat forbidden."""
        shut = np.isin(np.array(inputs.reps.id, dtype=object), list(self.seats))
        return Forbidden(np.zeros(len(inputs.accounts), dtype=np.int64), shut[None, :])

    def violations(self, inputs: Inputs, rep_of: IntArray) -> list[str]:
        """Look up the seat of each account."""
        return [
            f"{self.title}: account {account} belongs to {inputs.reps.id[rep]}, which is closed."
            for account, rep in zip(inputs.accounts.id, rep_of.tolist(), strict=True)
            if inputs.reps.id[rep] in self.seats
        ]
