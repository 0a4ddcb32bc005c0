"""Given: what a settlement works on, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from engine import amounts
from engine.comp.spec import CompSpec
from engine.comp.terms import Terms, terms
from engine.inputs import Inputs
from engine.pipeline.bookings import Bookings
from engine.quota.quotas import Quotas


@dataclass(frozen=True)
class Given:
    """Inputs, simulated credits, quotas and plans, and the terms of people that follow from them."""

    inputs: Inputs
    bookings: Bookings
    quotas: Quotas
    spec: CompSpec
    known: Terms

    @classmethod
    def of(cls, inputs: Inputs, bookings: Bookings, quotas: Quotas, spec: CompSpec) -> Given:
        """Work out the terms of every person."""
        known = terms(inputs, quotas.by_period, spec.proration, spec.rounding, carry=spec.carry)
        return cls(inputs, bookings, quotas, spec, known)

    @property
    def minor(self) -> int:
        """Minor units per currency unit."""
        return int(10 ** amounts.decimals(self.inputs.currency))
