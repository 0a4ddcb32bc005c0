"""Named accounts belong to named sellers.

x_ij = 0        for each named account i and every seat j that is not for them;
with `exclusive` also for each account i that is not named and every seat j that is for named ones
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

import numpy as np
from pydantic import Field, model_validator

from engine.errors import Fault, did_you_mean
from engine.fields import Flag, Text, refuse
from engine.inputs import Inputs, IntArray
from engine.territory.constraint import Constraint
from engine.territory.declaration import Forbidden
from engine.territory.selection import account_faults, column_faults, seats_of, texts
from engine.territory.target import seat_faults


class NamedAccounts(Constraint):
    """Accounts, by id or by a column, that only certain seats may own: those listed, or those of a node."""

    kind: Literal["named_accounts"] = "named_accounts"
    accounts: tuple[Text, ...] = ()
    """Ids of the named accounts. Either these, or `column`, or both."""
    column: Text = ""
    """Column of the accounts that marks them."""
    values: tuple[Text, ...] = ()
    """Words in `column` that mark a named account; any that is not blank unless given."""
    reps: tuple[Text, ...] = ()
    """Seats, by id, that may own them. Either these, or `node`, or both."""
    node: Mapping[Text, Text] = Field(default_factory=dict)
    """Node of a level whose seats may own them, such as `region: Enterprise`."""
    exclusive: Flag = False
    """Whether those seats own named accounts alone; false unless given."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.accounts and not self.column:
            raise refuse("E_REQUIRED", "no account is named", "Give accounts, or a column.")
        if not self.reps and not self.node:
            raise refuse("E_REQUIRED", "no seat is given", "Give reps, or a node of a level.")
        if self.values and not self.column:
            raise refuse("E_REQUIRED", "values need a column", "Give the column that they stand in.")
        return self

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return unknown accounts, columns, seats, levels and nodes."""
        found = account_faults(inputs, self.accounts, "accounts")
        found += column_faults(inputs.accounts.extra, self.column, "column") if self.column else []
        found += seat_faults(inputs, self.reps, "reps")
        for level, node in self.node.items():
            nodes = inputs.reps.levels.get(level)
            if nodes is None:
                hint = did_you_mean(level, inputs.reps.levels)
                found.append(Fault("E_REFERENCE", f"the seats have no level '{level}'.", hint, field="node"))
            elif node not in nodes:
                hint = did_you_mean(node, sorted(set(nodes)))
                found.append(Fault("E_REFERENCE", f"no seat lies in {level} '{node}'.", hint, field="node"))
        return found

    def declare(self, inputs: Inputs) -> Forbidden:
        """Declare the forbidden pairs."""
        named = np.isin(np.array(inputs.accounts.id, dtype=object), list(self.accounts))
        if self.column:
            words = texts(inputs.accounts.extra[self.column])
            named |= np.array([word in self.values if self.values else word != "" for word in words])
        theirs = np.zeros(len(inputs.reps), dtype=np.bool_)
        theirs[seats_of(inputs, self.reps)] = True
        for level, node in self.node.items():
            theirs |= np.array(inputs.reps.levels[level], dtype=object) == node
        others = theirs if self.exclusive else np.zeros_like(theirs)
        return Forbidden(named.astype(np.int64), np.stack((others, ~theirs)))

    def violations(self, inputs: Inputs, rep_of: IntArray) -> list[str]:
        """Look at each account and its seat."""
        ids = frozenset(self.accounts)
        cells = inputs.accounts.extra[self.column].tolist() if self.column else [None] * len(rep_of)
        theirs = {
            j
            for j, seat in enumerate(inputs.reps.id)
            if seat in self.reps or any(inputs.reps.levels[level][j] == n for level, n in self.node.items())
        }
        found = []
        for account, cell, rep in zip(inputs.accounts.id, cells, rep_of.tolist(), strict=True):
            word = "" if cell is None or cell != cell else str(cell)
            named = account in ids or (word in self.values if self.values else word != "")
            seat = inputs.reps.id[rep]
            if named and rep not in theirs:
                found.append(
                    f"{self.title}: named account {account} belongs to {seat}, which is not for them."
                )
            elif self.exclusive and not named and rep in theirs:
                found.append(
                    f"{self.title}: account {account} belongs to {seat}, which is for named accounts."
                )
        return found
