"""accounts: bottom-up, by targets that were set for each account."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Literal

from engine.errors import Fault, did_you_mean
from engine.fields import Name
from engine.inputs import Inputs
from engine.quota.method import Basis, Method


class Accounts(Method):
    """Account based: a seat's claim is the sum of the targets of the accounts aligned to it."""

    kind: Literal["accounts"] = "accounts"
    """Bottom-up, by targets of the accounts."""
    column: Name
    """Column of the accounts' table with the target of each for the plan, declared there as `extra`."""
    counts_time: ClassVar[bool] = True
    bottom_up: ClassVar[bool] = True

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Refuse a column that is not there, no money, below 0, or 0 everywhere."""
        values = inputs.accounts.extra.get(self.column)
        if values is None:
            hint = did_you_mean(self.column, inputs.accounts.extra)
            message = f"the accounts have no further column '{self.column}'"
            hint = f"Declare it: `data.accounts.extra: {{{self.column}: money}}`. {hint}".strip()
            return [Fault("E_REFERENCE", message, hint, field="column")]
        if values.dtype.kind not in "iu":
            message = f"column '{self.column}' of the accounts holds no amounts"
            return [Fault("E_TYPE", message, "Declare it as money or whole.", field="column")]
        if (values < 0).any():
            account = inputs.accounts.id[int((values < 0).argmax())]
            message = f"account {account} has a target below 0 in '{self.column}'"
            return [Fault("E_RANGE", message, "Give at least 0.", field="column")]
        if not values.sum():
            message = f"no account has a target in '{self.column}'"
            return [Fault("E_MISSING", message, "Fill the column, or drop the method.", field="column")]
        return []

    def claims(self, basis: Basis) -> list[Fraction]:
        """Return the targets added up over the aligned accounts, minor units."""
        sums = basis.by_seat(basis.inputs.accounts.extra[self.column])
        return [Fraction(int(value)) for value in sums]

    def unclaimed(self, basis: Basis) -> Fraction:
        """Return the targets of the accounts that nobody holds, minor units."""
        return Fraction(int(basis.inputs.accounts.extra[self.column][basis.rep_of < 0].sum()))
