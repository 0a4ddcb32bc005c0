"""index: by several figures at once, each normalised, with weights."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from pydantic import Field, field_validator

from engine.errors import Fault, did_you_mean
from engine.fields import Name, Ratio, refuse
from engine.inputs import Inputs, IntArray
from engine.quota.method import Basis, Method

_OWN = ("potential", "history", "workload", "accounts")


class Index(Method):
    """Weighted index: a seat's claim is the weighted mean of its shares of several figures.

    claim_i = sum_c weight_c x value_ci / sum_j value_cj, so that units do not matter.
    """

    kind: Literal["index"] = "index"
    """By several figures at once, each normalised, with weights."""
    columns: Mapping[Name, Ratio] = Field(min_length=1)
    """Weights by figure: `potential`, `workload`, `accounts` (their number) of the accounts aligned to a seat,
    `history` of the seat, or a further column of numbers (`extra`) of the seats, or of the accounts, added up."""

    @field_validator("columns")
    @classmethod
    def _weights(cls, value: Mapping[str, Any]) -> Mapping[str, Any]:
        if any(weight < 0 for weight in value.values()):
            raise refuse("E_RANGE", "a weight is negative", "Weights are at least 0.")
        if sum(value.values()) <= 0:
            raise refuse("E_RANGE", "the weights sum to 0", "Give at least one weight above 0.")
        return value

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Refuse figures that nobody knows, that are no whole numbers or money, negative, or 0 everywhere."""
        found, known = [], [*_OWN, *inputs.reps.extra, *inputs.accounts.extra]
        for name in self.columns:
            values, where = _values(inputs, name), f"columns.{name}"
            if values is None:
                hint = did_you_mean(name, known)
                message = f"neither seats nor accounts have a figure '{name}'"
                found.append(Fault("E_REFERENCE", message, hint, field=where))
            elif values.dtype.kind not in "iuf" or not np.isfinite(values).all():
                message = f"column '{name}' holds no numbers, or not in every row"
                found.append(
                    Fault("E_TYPE", message, "Use a column of numbers, filled in every row.", field=where)
                )
            elif (values < 0).any() or not values.any():
                message = f"figure '{name}' is " + (
                    "below 0 somewhere" if (values < 0).any() else "0 everywhere"
                )
                found.append(
                    Fault("E_RANGE", message, "Give figures of at least 0, and some above.", field=where)
                )
        return found

    def claims(self, basis: Basis) -> list[Fraction]:
        """Return the weighted means of shares, summing to the sum of the weights."""
        total = [Fraction(0)] * len(basis.inputs.reps)
        for name, weight in self.columns.items():
            values = _by_seat(basis, name)
            whole = sum(values, Fraction(0))
            if whole:
                total = [t + Fraction(weight) * v / whole for t, v in zip(total, values, strict=True)]
        return total


def _values(inputs: Inputs, name: str) -> np.ndarray[Any, Any] | None:
    """Return a figure by row of the table that has it."""
    accounts, reps = inputs.accounts, inputs.reps
    own: dict[str, IntArray] = {
        "potential": accounts.potential,
        "workload": accounts.workload,
        "accounts": np.ones(len(accounts), dtype=np.int64),
        "history": np.maximum(reps.history, 0),
    }
    for table in (own, reps.extra, accounts.extra):
        if name in table:
            return np.asarray(table[name])
    return None


def _by_seat(basis: Basis, name: str) -> list[Fraction]:
    values = _values(basis.inputs, name)
    assert values is not None
    if name == "history" or (name not in _OWN and name in basis.inputs.reps.extra):
        return [Fraction(value) for value in values.tolist()]
    found = [Fraction(0)] * len(basis.inputs.reps)
    for account in np.flatnonzero(basis.rep_of >= 0):
        found[basis.rep_of[account]] += Fraction(values[account].item())
    return found
