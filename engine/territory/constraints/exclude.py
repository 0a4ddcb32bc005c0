"""Some accounts never belong to some seats.

x_ij = 0        for each account i and seat j that are named together
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field

from engine.errors import Fault
from engine.fields import Text
from engine.inputs import Inputs, IntArray
from engine.territory.constraint import Constraint
from engine.territory.declaration import Forbidden
from engine.territory.selection import account_faults, places_of, seats_of
from engine.territory.target import seat_faults


class Exclude(Constraint):
    """Accounts that must not belong to certain seats: a conflict of interest, a relationship that broke."""

    kind: Literal["exclude"] = "exclude"
    accounts: tuple[Text, ...] = Field(min_length=1)
    """Ids of the accounts."""
    reps: tuple[Text, ...] = Field(min_length=1)
    """Seats, by id, that none of the accounts may belong to."""

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return unknown accounts and seats."""
        return [
            *account_faults(inputs, self.accounts, "accounts"),
            *seat_faults(inputs, self.reps, "reps"),
        ]

    def declare(self, inputs: Inputs) -> Forbidden:
        """Declare the forbidden pairs."""
        named, never = (
            np.zeros(len(inputs.accounts), dtype=np.int64),
            np.zeros((2, len(inputs.reps)), dtype=np.bool_),
        )
        named[places_of(inputs, self.accounts)] = 1
        never[1, seats_of(inputs, self.reps)] = True
        return Forbidden(named, never)

    def violations(self, inputs: Inputs, rep_of: IntArray) -> list[str]:
        """Look at the seat of each account that is named."""
        named = frozenset(self.accounts)
        return [
            f"{self.title}: account {account} belongs to seat {inputs.reps.id[rep]}."
            for account, rep in zip(inputs.accounts.id, rep_of.tolist(), strict=True)
            if account in named and inputs.reps.id[rep] in self.reps
        ]
