"""history: last year's bookings, with growth."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from engine.errors import Fault, did_you_mean
from engine.fields import Ratio, Text
from engine.inputs import Inputs
from engine.quota.method import Basis, Method


class History(Method):
    """A seat's claim is what it booked in the last full year, times one plus the growth where it sits.

    A seat without a last year claims its potential at the rate at which the others booked theirs.
    """

    kind: Literal["history"] = "history"
    """Last year's bookings, with growth."""
    growth: Mapping[Text, Ratio] = {}
    """Growth by name of a region, district or seat, such as `{West: 12%}`; the lowest named level counts, and 0
    where none is named. Growth that is equal everywhere moves no share."""

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Refuse a world without history, and growth of places nobody knows."""
        found = []
        if int(inputs.reps.history.sum()) <= 0:
            hint = "Give the reps a history, or drop the method."
            found.append(Fault("E_MISSING", "no seat has bookings of last year (history)", hint))
        known = [name for names in inputs.reps.levels.values() for name in names] + list(inputs.reps.id)
        for name, rate in self.growth.items():
            if name not in known:
                message = f"nothing is called '{name}'"
                found.append(Fault("E_REFERENCE", message, did_you_mean(name, known), field=f"growth.{name}"))
            if rate < -1:
                message = f"growth {rate} is below -100 %"
                found.append(Fault("E_RANGE", message, "Give at least -1.", field=f"growth.{name}"))
        return found

    def claims(self, basis: Basis) -> list[Fraction]:
        """Return history times (1 + growth), minor units."""
        reps = basis.inputs.reps
        booked = [max(int(value), 0) for value in reps.history]
        potential = [int(value) for value in basis.potential]
        held = sum(p for p, h in zip(potential, booked, strict=True) if h > 0)
        rate = Fraction(sum(booked), held) if held else Fraction(0)
        average = Fraction(sum(booked), max(sum(h > 0 for h in booked), 1))
        stand_in = [rate * p if held else average for p in potential]
        return [
            (Fraction(h) if h else stand_in[seat]) * (1 + Fraction(self._growth(basis.inputs, seat)))
            for seat, h in enumerate(booked)
        ]

    def _growth(self, inputs: Inputs, seat: int) -> Decimal:
        names = [nodes[seat] for nodes in inputs.reps.levels.values()] + [inputs.reps.id[seat]]
        return next((self.growth[name] for name in reversed(names) if name in self.growth), Decimal(0))
