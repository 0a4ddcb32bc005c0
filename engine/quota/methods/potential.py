"""potential: by the potential of the accounts a seat owns."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from engine.errors import Fault
from engine.inputs import Inputs
from engine.quota.method import Basis, Method


class Potential(Method):
    """Market based: a seat's claim is the potential of the accounts aligned to it."""

    kind: Literal["potential"] = "potential"
    """By the potential of the accounts a seat owns."""

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Refuse a world in which no account has potential."""
        if int(inputs.accounts.potential.sum()) > 0:
            return []
        hint = "Give the accounts a potential, or drop the method."
        return [Fault("E_MISSING", "no account has any potential", hint)]

    def claims(self, basis: Basis) -> list[Fraction]:
        """Return the aligned potential, minor units."""
        return [Fraction(int(value)) for value in basis.potential]
