"""Groups go to one seat: a parent with its children, a household, a buying centre.

x_ij = x_kj        for each seat j and any two accounts i, k of a group

Solved by contraction: a group becomes one unit whose costs and weights add up. Groups that overlap merge.
"""

from __future__ import annotations

from typing import Literal, Self

import numpy as np
from pydantic import model_validator

from engine.errors import Fault, counted
from engine.fields import Text, refuse
from engine.inputs import Inputs, IntArray, Words
from engine.territory.constraint import Constraint
from engine.territory.declaration import Together as TogetherDeclaration
from engine.territory.selection import account_faults, column_faults, labels_of, listed, texts


class Together(Constraint):
    """Accounts that must not be split between seats."""

    kind: Literal["together"] = "together"
    column: Text = ""
    """Column of the accounts that names their group, such as the id of the parent or of the household; blank for an
    account that stands alone. An account that is named there belongs to its own group: children name their parent, the
    parent need not name itself, and grandchildren belong to the family."""
    groups: tuple[tuple[Text, ...], ...] = ()
    """Groups as lists of ids of accounts."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.column and not self.groups:
            raise refuse("E_REQUIRED", "no group is given", "Give a column, or groups of ids.")
        return self

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return an unknown column, unknown accounts, and accounts in two of the groups."""
        found = column_faults(inputs.accounts.extra, self.column, "column") if self.column else []
        names = [name for group in self.groups for name in group]
        found += account_faults(inputs, names, "groups")
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            message = f"{counted(len(twice), 'account')} in two groups: {listed(twice)}."
            found.append(Fault("E_DUPLICATE_ID", message, "Make one group of both.", field="groups"))
        return found

    def declare(self, inputs: Inputs) -> TogetherDeclaration:
        """Declare the label of each account."""
        ids = inputs.accounts.id
        words = texts(inputs.accounts.extra[self.column]) if self.column else ("",) * len(ids)
        label = labels_of(_families(ids, words))
        row = {name: i for i, name in enumerate(ids)}
        if not self.groups:
            return TogetherDeclaration(label)
        for group in self.groups:
            members = np.array([row[name] for name in group], dtype=np.int64)
            shared = np.unique(label[members][label[members] >= 0])
            new = int(label.max(initial=-1)) + 1
            label[np.isin(label, shared)] = new
            label[members] = new
        return TogetherDeclaration(label)

    def violations(self, inputs: Inputs, rep_of: IntArray) -> list[str]:
        """Compare the seat of each account with the seat of the first of its group."""
        ids, seats, reps = inputs.accounts.id, rep_of.tolist(), inputs.reps.id
        first: dict[str, int] = {}
        found = []

        def compare(i: int, group: str) -> None:
            other = first.setdefault(group, i)
            if seats[i] != seats[other]:
                found.append(
                    f"{self.title}: account {ids[i]} belongs to {reps[seats[i]]}, {ids[other]} of the same group to"
                    f" {reps[seats[other]]}."
                )

        if self.column:
            cells = inputs.accounts.extra[self.column].tolist()
            named = {"" if cell is None or cell != cell else str(cell) for cell in cells} - {""}
            for i, cell in enumerate(cells):
                if cell is not None and cell == cell and str(cell) != "":
                    compare(i, f"column:{cell}")
                if ids[i] in named:
                    compare(i, f"column:{ids[i]}")
        place = {name: k for k, group in enumerate(self.groups) for name in group}
        for i, name in enumerate(ids):
            if name in place:
                compare(i, f"list:{place[name]}")
        return found


def _families(ids: Words, words: Words) -> Words:
    """Return the head of each account's family, '' for an account that stands alone.

    An account that is named by others heads a group; where it names another itself, the two groups are one.
    """
    heads = frozenset(words) & frozenset(ids)
    above = {word: word for word in words}

    def head(word: str) -> str:
        while above[word] != word:
            above[word] = above[above[word]]
            word = above[word]
        return word

    for name, word in zip(ids, words, strict=True):
        if word and name in heads:
            above[head(name)] = head(word)
    return tuple(
        head(word) if word else (head(name) if name in heads else "")
        for name, word in zip(ids, words, strict=True)
    )
