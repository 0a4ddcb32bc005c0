"""Measures of accounts that are balanced: integers, so that rows and plain checks speak the same numbers.

Most measures belong to the account alone. Some depend on the seat as well, such as the minutes that calls take with
the way from the seat's home; they hold a value of each pair.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import numpy as np

from engine.amounts import decimals
from engine.errors import Fault, did_you_mean
from engine.inputs import Inputs, IntArray

OWN = ("count", "potential", "workload")
WORKLOAD_SCALE = 100
COUNTED = "accounts"
"""Unit of a count."""
SHOWN_DIGITS = 24
"""Digits up to which a number is shown exactly; thirds of an hour are rounded to hundredths."""


@dataclass(frozen=True)
class Measured:
    """One measure of every account."""

    name: str
    values: IntArray
    """Integer units, shape (account,), or (account, rep) where they depend on the seat."""
    scale: int
    """Integer units per unit that the user reads: 100 cents per dollar, 100 hundredths per hour."""
    unit: str
    """What stands behind a number in messages."""

    @property
    def by_seat(self) -> bool:
        """Whether a value depends on the seat."""
        return self.values.ndim == 2

    @property
    def of_pairs(self) -> IntArray:
        """Values that broadcast against pairs, shape (account, 1) or (account, rep)."""
        return self.values if self.by_seat else self.values[:, None]

    def at(self, account: IntArray, rep: IntArray) -> IntArray:
        """Return the values of pairs, in the shape of `account`."""
        taken: IntArray = self.values[account, rep] if self.by_seat else self.values[account]
        return taken

    def extremes(self, reps: int) -> tuple[IntArray, IntArray]:
        """Return the least and the greatest sum that each seat can have, shape (rep,)."""
        values = self.of_pairs
        least, most = values.clip(max=0).sum(axis=0), values.clip(min=0).sum(axis=0)
        return np.broadcast_to(least, reps), np.broadcast_to(most, reps)

    def restrict(self, accounts: IntArray, reps: IntArray) -> Measured:
        """Return the measure over some accounts and seats."""
        values = self.values[np.ix_(accounts, reps)] if self.by_seat else self.values[accounts]
        return replace(self, values=values)

    def show(self, value: int) -> str:
        """Write an integer value in the user's unit: `1,200,000 USD`, `7 accounts`."""
        exact = Decimal(value) / self.scale
        text = f"{exact if len(str(exact)) <= SHOWN_DIGITS else round(exact, 2):,f}"
        unit = self.unit.removesuffix("s") if exact == 1 and self.unit == COUNTED else self.unit
        return f"{text} {unit}".rstrip()


def measured(inputs: Inputs, name: str) -> Measured:
    """Return `count`, `potential`, `workload` or a further whole or money column of the accounts.

    A further column is taken in its stored integers: units of a whole column, minor units of a money column.
    """
    accounts = inputs.accounts
    if name == "count":
        return Measured(name, np.ones(len(accounts), dtype=np.int64), 1, COUNTED)
    if name == "potential":
        return Measured(name, accounts.potential, 10 ** decimals(inputs.currency), inputs.currency)
    if name == "workload":
        return Measured(name, accounts.workload, WORKLOAD_SCALE, "workload")
    return Measured(name, np.asarray(accounts.extra[name], dtype=np.int64), 1, name)


def measure_faults(inputs: Inputs, name: str, field: str = "measure") -> list[Fault]:
    """Return what is wrong with a name of a measure: unknown, or no integers."""
    extra = inputs.accounts.extra
    if name in OWN:
        return []
    if name not in extra:
        hint = did_you_mean(name, [*OWN, *(column for column in extra if _is_integer(inputs, column))])
        return [Fault("E_REFERENCE", f"'{name}' is no measure of the accounts.", hint, field=field)]
    if not _is_integer(inputs, name):
        hint = "Declare the column as whole or money; a band needs integers."
        return [
            Fault("E_TYPE", f"column '{name}' of the accounts does not hold integers.", hint, field=field)
        ]
    return []


def _is_integer(inputs: Inputs, column: str) -> bool:
    return np.asarray(inputs.accounts.extra[column]).dtype.kind == "i"


def integer_units(measure: Measured, value: Decimal) -> Fraction:
    """Return a number in the user's unit as integer units, exactly."""
    return Fraction(value) * measure.scale
