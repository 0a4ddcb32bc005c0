"""Named accounts belong to a named seat, or stay where they are.

x_ij = 1        for each locked account i and its seat j

A lock may name accounts itself, or a file: a table of account, rep and reason, or the workbook of an earlier run in
which somebody changed the column `rep` (engine/territory/edits.py reads it into `Inputs.edits`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Self

import numpy as np
from pydantic import PrivateAttr, model_validator

from engine.errors import Fault, counted, did_you_mean
from engine.fields import FilePath, Text, refuse
from engine.inputs import Inputs, IntArray
from engine.territory.constraint import Constraint
from engine.territory.declaration import Forbidden
from engine.territory.target import SHOWN, seat_faults

Locked = tuple[int, int, str, str]
"""Account, seat, where the lock comes from, and why."""


class Lock(Constraint):
    """Accounts that must be given to a seat, or kept by their incumbent."""

    kind: Literal["lock"] = "lock"
    accounts: tuple[Text, ...] = ()
    """Ids of the locked accounts."""
    rep: Text = ""
    """Seat that the accounts must belong to, by id; their incumbent unless given."""
    keep_incumbents_of: tuple[Text, ...] = ()
    """Seats, by id, that keep every account they hold today."""
    file: FilePath = ""
    """Table of locks instead (.csv: account, rep, reason), or the workbook of an earlier run (.xlsx): where its sheet
    `alignment` names another seat than that run, the edit is a lock. Below the scenario's folder, or below a root that
    the command line grants."""
    run: FilePath = ""
    """Folder of the run that the file comes from, when it does not lie in it. A .csv with `run` is an edited
    alignment.csv: only rows that differ from the run are locks."""

    _listed: int = PrivateAttr(default=-1)

    def listed(self, index: int) -> Self:
        """Return the same lock, told its place among the files of `territories.locks`."""
        lock = self.model_copy()
        lock._listed = index
        return lock

    def place(self, index: int) -> str:
        """Return where the scenario states the lock."""
        return super().place(index) if self._listed < 0 else f"territories.locks[{self._listed}]"

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if self.file and (self.accounts or self.rep or self.keep_incumbents_of):
            raise refuse("E_CONFLICT", "names a file and accounts as well", "Make two locks of it.")
        if self.run and not self.file:
            raise refuse("E_REQUIRED", f"run '{self.run}' has no file", "Name the file that was edited.")
        if not self.accounts and not self.keep_incumbents_of and not self.file:
            raise refuse("E_REQUIRED", "locks nothing", "Give accounts, keep_incumbents_of, or a file.")
        if self.rep and not self.accounts:
            raise refuse(
                "E_REQUIRED", f"rep '{self.rep}' has no accounts", "Say which accounts belong to it."
            )
        return self

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return unknown accounts and seats, accounts without an incumbent to stay with, and a file nobody read."""
        if self.file:
            read = inputs.edits is not None
            message = f"'{self.file}' was not read."
            return (
                []
                if read
                else [Fault("E_REQUIRED", message, "Run the scenario from its file.", field="file")]
            )
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
                message = f"no incumbent for {counted(len(free), 'locked account')}: {shown}."
                found.append(
                    Fault("E_REFERENCE", message, "Say with rep: whom they belong to.", field="accounts")
                )
        return found

    def locked(self, inputs: Inputs) -> Iterator[Locked]:
        """Yield every lock with its account and seat, where it comes from and why."""
        accounts, edits = inputs.accounts, inputs.edits
        row = {account: i for i, account in enumerate(accounts.id)}
        for name in self.accounts:
            seat = inputs.reps.id.index(self.rep) if self.rep else int(accounts.owner[row[name]])
            yield row[name], seat, "accounts", self.name
        for seat_id in self.keep_incumbents_of:
            seat = inputs.reps.id.index(seat_id)
            for i in np.flatnonzero(accounts.owner == seat).tolist():
                yield i, seat, f"keep_incumbents_of {seat_id}", self.name
        if self.file and edits is not None:
            for k, name in enumerate(edits.file):
                if name == self.file:
                    yield int(edits.account[k]), int(edits.rep[k]), edits.place[k], edits.reason[k]

    def declare(self, inputs: Inputs) -> Forbidden:
        """Declare every other seat forbidden to the locked accounts; all, where two locks contradict each other."""
        reps = len(inputs.reps)
        kind = np.zeros(len(inputs.accounts), dtype=np.int64)
        for account, seat, *_ in self.locked(inputs):
            kind[account] = seat + 1 if kind[account] in (0, seat + 1) else reps + 1
        nowhere = np.ones((1, reps), dtype=np.bool_)
        return Forbidden(kind, np.concatenate((~nowhere, ~np.eye(reps, dtype=np.bool_), nowhere)))

    def violations(self, inputs: Inputs, rep_of: IntArray) -> list[str]:
        """Look at each account of the alignment, and at each row of a file."""
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
        edits = inputs.edits
        rows = [] if edits is None else zip(edits.file, edits.account, edits.rep, edits.place, strict=True)
        for name, i, j, place in rows:
            if name == self.file and rep_of[i] != j:
                found.append(
                    f"{self.title}: account {accounts.id[i]} belongs to {seats[rep_of[i]]}, not to {seats[j]} as in"
                    f" {place}."
                )
        return found
