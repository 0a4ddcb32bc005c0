"""A seat owns only accounts that it serves.

x_ij = 0        where the segment of account i is not among those that seat j serves,
or account i and seat j belong to different nodes of a level
"""

from __future__ import annotations

from typing import Literal, Self

import numpy as np
from pydantic import model_validator

from engine.errors import Fault
from engine.fields import Flag, Text, refuse
from engine.inputs import Inputs, IntArray, Reps
from engine.territory.constraint import Constraint
from engine.territory.declaration import Forbidden
from engine.territory.target import account_nodes_of, level_faults


class Eligible(Constraint):
    """Which seats may own an account: by the segments they serve, and by a level of the hierarchy."""

    kind: Literal["eligible"] = "eligible"
    segments: Flag = True
    """Whether the account's segment must be among those the seat serves; true unless given. A seat that names no
    segment serves any."""
    level: Text = ""
    """Level of the hierarchy, such as `region`, on which account and seat must agree; none unless given."""
    column: Text = ""
    """Column of the accounts that names their node of `level`; a column called like the level unless given."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.segments and not self.level:
            raise refuse("E_REQUIRED", "neither segments nor level is asked for", "Give a level.")
        return self

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return an unknown level or column, and accounts that name no node of the level."""
        return level_faults(inputs, self.level, self.column or self.level) if self.level else []

    def declare(self, inputs: Inputs) -> Forbidden:
        """Declare the forbidden pairs."""
        accounts, reps = inputs.accounts, inputs.reps
        nodes = account_nodes_of(inputs, self.column or self.level) if self.level else ("",) * len(accounts)
        found = list(zip(accounts.segment, nodes, strict=True))
        kinds = {kind: k for k, kind in enumerate(dict.fromkeys(found))}
        never = [[self._never(kind, j, reps) for j in range(len(reps))] for kind in kinds]
        return Forbidden(np.array([kinds[kind] for kind in found]), np.array(never, dtype=np.bool_))

    def _never(self, kind: tuple[str, str], seat: int, reps: Reps) -> bool:
        """Say whether a seat may not own accounts of a segment and a node."""
        segment, node = kind
        served = reps.serves[seat]
        closed = self.segments and bool(served) and segment not in served
        return closed or (bool(self.level) and node != reps.levels[self.level][seat])

    def violations(self, inputs: Inputs, rep_of: IntArray) -> list[str]:
        """Look up each account's seat."""
        accounts, reps = inputs.accounts, inputs.reps
        column = accounts.extra[self.column or self.level].tolist() if self.level else []
        found = []
        for i, rep in enumerate(rep_of.tolist()):
            served = reps.serves[rep]
            if self.segments and served and accounts.segment[i] not in served:
                known = ", ".join(sorted(served))
                found.append(
                    f"{self.title}: account {accounts.id[i]} of segment {accounts.segment[i]} belongs to seat"
                    f" {reps.id[rep]}, which serves {known}."
                )
            if self.level and column[i] != reps.levels[self.level][rep]:
                found.append(
                    f"{self.title}: account {accounts.id[i]} of {self.level} {column[i]} belongs to seat"
                    f" {reps.id[rep]} of {reps.levels[self.level][rep]}."
                )
        return found
