"""Some accounts must not share a seat: competitors, two sides of one deal.

x_ij + x_kj <= 1        for each seat j and each pair (i, k)
"""

from __future__ import annotations

from itertools import combinations
from typing import Literal, Self

import numpy as np
from pydantic import model_validator

from engine.errors import Fault
from engine.fields import Text, refuse
from engine.inputs import Inputs, IntArray
from engine.territory.constraint import Constraint
from engine.territory.declaration import Apart as ApartDeclaration
from engine.territory.selection import account_faults, column_faults, listed, places_of, texts


class Apart(Constraint):
    """Disjoint pairs: of the accounts of one group, no two belong to the same seat."""

    kind: Literal["apart"] = "apart"
    groups: tuple[tuple[Text, ...], ...] = ()
    """Groups as lists of ids of accounts; a pair is a group of two."""
    column: Text = ""
    """Column of the accounts whose equal words mark a group, such as a market in which they compete; blank for an
    account that may go with any."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.column and not self.groups:
            raise refuse("E_REQUIRED", "no group is given", "Give a column, or groups of ids.")
        if any(len(set(group)) < 2 for group in self.groups):
            raise refuse("E_RANGE", "a group has fewer than two accounts", "Name those that must be apart.")
        return self

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return unknown columns and accounts, and groups of more accounts than there are seats."""
        found = column_faults(inputs.accounts.extra, self.column, "column") if self.column else []
        found += account_faults(inputs, [name for group in self.groups for name in group], "groups")
        if found:
            return found
        seats = len(inputs.reps)
        for field, group in self._named(inputs):
            if len(group) > seats:
                message = (
                    f"{len(group)} accounts must all be apart, but there are {seats} seats: {listed(group)}."
                )
                found.append(Fault("E_RANGE", message, "Leave some of them out, or add seats.", field=field))
        return found

    def _named(self, inputs: Inputs) -> list[tuple[str, tuple[str, ...]]]:
        """Return (field, ids) of each group."""
        named = [("groups", tuple(dict.fromkeys(group))) for group in self.groups]
        if self.column:
            members: dict[str, list[str]] = {}
            words = texts(inputs.accounts.extra[self.column])
            for name, word in zip(inputs.accounts.id, words, strict=True):
                if word:
                    members.setdefault(word, []).append(name)
            named += [("column", tuple(group)) for group in members.values() if len(group) > 1]
        return named

    def declare(self, inputs: Inputs) -> ApartDeclaration:
        """Declare each pair once."""
        place = {name: i for i, name in enumerate(inputs.accounts.id)}
        pairs = sorted(
            {
                (min(place[a], place[b]), max(place[a], place[b]))
                for _, group in self._named(inputs)
                for a, b in combinations(group, 2)
            }
        )
        return ApartDeclaration(np.array(pairs, dtype=np.int64).reshape(-1, 2))

    def violations(self, inputs: Inputs, rep_of: IntArray) -> list[str]:
        """Look for two accounts of a group at one seat."""
        found = []
        cells = inputs.accounts.extra[self.column].tolist() if self.column else []
        groups: dict[str, list[int]] = {
            f"list:{k}": places_of(inputs, g).tolist() for k, g in enumerate(self.groups)
        }
        for i, cell in enumerate(cells):
            if cell is not None and cell == cell and str(cell):
                groups.setdefault(f"column:{cell}", []).append(i)
        for members in groups.values():
            holder: dict[int, int] = {}
            for i in dict.fromkeys(members):
                rep = int(rep_of[i])
                other = holder.setdefault(rep, i)
                if other != i:
                    found.append(
                        f"{self.title}: accounts {inputs.accounts.id[other]} and {inputs.accounts.id[i]} both belong"
                        f" to seat {inputs.reps.id[rep]}."
                    )
        return found
