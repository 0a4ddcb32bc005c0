"""Named accounts belong to a named seat, or stay where they are.

x_ij = 1        for each locked account i and its seat j
"""

from __future__ import annotations

from typing import Literal, Self

import numpy as np
from pydantic import model_validator

from engine.errors import Fault, did_you_mean
from engine.fields import Text, refuse
from engine.inputs import Inputs, IntArray
from engine.territory.constraint import Constraint
from engine.territory.declaration import Forbidden
from engine.territory.target import SHOWN, seat_faults


class Lock(Constraint):
    """Accounts that must be given to a seat, or kept by their incumbent."""

    kind: Literal["lock"] = "lock"
    accounts: tuple[Text, ...] = ()
    """Ids of the locked accounts."""
    rep: Text = ""
    """Seat that the accounts must belong to, by id; their incumbent unless given."""
    keep_incumbents_of: tuple[Text, ...] = ()
    """Seats, by id, that keep every account they hold today."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.accounts and not self.keep_incumbents_of:
            raise refuse("E_REQUIRED", "locks nothing", "Give accounts, or keep_incumbents_of.")
        if self.rep and not self.accounts:
            raise refuse(
                "E_REQUIRED", f"rep '{self.rep}' has no accounts", "Say which accounts belong to it."
            )
        return self

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return unknown accounts and seats, and accounts without an incumbent to stay with."""
        accounts = inputs.accounts
        known = {account: i for i, account in enumerate(accounts.id)}
        found = [
            Fault(
                "E_REFERENCE",
                f"no account has the id '{name}'.",
                did_you_mean(name, accounts.id),
                field="accounts",
            )
            for name in self.accounts
            if name not in known
        ]
        found += seat_faults(inputs, (self.rep,) if self.rep else (), "rep")
        found += seat_faults(inputs, self.keep_incumbents_of, "keep_incumbents_of")
        if not self.rep:
            free = [name for name in self.accounts if name in known and accounts.owner[known[name]] < 0]
            if free:
                shown = ", ".join(free[:SHOWN]) + " ..." * (len(free) > SHOWN)
                message = f"{len(free)} locked accounts have no incumbent: {shown}."
                found.append(
                    Fault("E_REFERENCE", message, "Say with rep: whom they belong to.", field="accounts")
                )
        return found

    def declare(self, inputs: Inputs) -> Forbidden:
        """Declare every other seat forbidden to the locked accounts."""
        accounts, reps = inputs.accounts, inputs.reps
        never = np.zeros((len(accounts), len(reps)), dtype=np.bool_)
        named = np.flatnonzero(np.isin(np.array(accounts.id, dtype=object), list(self.accounts)))
        goes_to = np.full(len(named), reps.id.index(self.rep)) if self.rep else accounts.owner[named]
        keepers = [reps.id.index(seat) for seat in self.keep_incumbents_of]
        kept = np.flatnonzero(np.isin(accounts.owner, keepers))
        for account, seat in ((named, goes_to), (kept, accounts.owner[kept])):
            never[account] |= np.arange(len(reps)) != seat[:, None]
        return Forbidden(never)

    def violations(self, inputs: Inputs, rep_of: IntArray) -> list[str]:
        """Look at each locked account."""
        accounts, seats = inputs.accounts, inputs.reps.id
        found = []
        for i, rep in enumerate(rep_of.tolist()):
            owner = seats[accounts.owner[i]] if accounts.owner[i] >= 0 else ""
            demanded = []
            if accounts.id[i] in self.accounts:
                demanded.append(self.rep or owner)
            if owner and owner in self.keep_incumbents_of:
                demanded.append(owner)
            if any(seat != seats[rep] for seat in demanded):
                found.append(
                    f"{self.title}: account {accounts.id[i]} belongs to {seats[rep]}, not to {demanded[-1]}."
                )
        return found
