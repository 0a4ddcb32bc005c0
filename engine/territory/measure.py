"""Measures of accounts that are balanced: integers, so that rows and plain checks speak the same numbers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from engine.amounts import decimals
from engine.errors import Fault, did_you_mean
from engine.inputs import Inputs, IntArray

OWN = ("count", "potential", "workload")
WORKLOAD_SCALE = 100


@dataclass(frozen=True)
class Measured:
    """One measure of every account."""

    name: str
    values: IntArray
    """Integer units, shape (account,)."""
    scale: int
    """Integer units per unit that the user reads: 100 cents per dollar, 100 hundredths per hour."""
    unit: str
    """What stands behind a number in messages."""

    def show(self, value: int) -> str:
        """Write an integer value in the user's unit: `1,200,000 USD`, `7 accounts`."""
        text = f"{Decimal(value) / self.scale:,f}"
        return f"{text} {self.unit}".rstrip()


def measured(inputs: Inputs, name: str) -> Measured:
    """Return `count`, `potential`, `workload` or a further whole or money column of the accounts.

    A further column is taken in its stored integers: units of a whole column, minor units of a money column.
    """
    accounts = inputs.accounts
    if name == "count":
        return Measured(name, np.ones(len(accounts), dtype=np.int64), 1, "accounts")
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
