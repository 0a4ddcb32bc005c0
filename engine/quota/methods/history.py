"""history: last year's bookings, with growth, and drawn toward what peers booked where luck may have made them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pydantic import Field

from engine.blocks import Block
from engine.columns import Table
from engine.errors import Fault, did_you_mean
from engine.fields import Name, Ratio, Text
from engine.inputs import Inputs
from engine.quota.method import Basis, Method


class Shrink(Block):
    """How far last year's bookings are drawn toward the peers' mean (regression to the mean)."""

    peers: Name | None = None
    """Level of the hierarchy whose nodes are groups of peers; all seats are one group unless given."""
    luck: Ratio | None = Field(default=None, gt=0, le=5)
    """Relative standard deviation of a year's bookings of a seat of average potential by chance alone; from the won
    deals of the last year unless given."""


class History(Method):
    """A seat's claim is what it booked in the last full year, times one plus the growth where it sits.

    A seat without a last year claims its potential at the rate at which the others booked theirs. With `shrink`, a
    seat's bookings over its potential are drawn toward the mean of its peers, the more the less its year tells: see
    engine.quota.shrinkage for the formula and its source, and the table `quota_shrinkage` for each seat.
    """

    kind: Literal["history"] = "history"
    """Last year's bookings, with growth."""
    growth: Mapping[Text, Ratio] = {}
    """Growth by name of a region, district or seat, such as `{West: 12%}`; the lowest named level counts, and 0
    where none is named. Growth that is equal everywhere moves no share."""
    shrink: Shrink | None = None
    """Draws bookings toward the peers' mean; as they were unless given. `{}` takes all seats as peers."""

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Refuse a world without history, growth of places nobody knows, and shrinking that rests on nothing."""
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
        return found + ([] if self.shrink is None else self._unfounded(inputs, self.shrink))

    def _unfounded(self, inputs: Inputs, shrink: Shrink) -> list[Fault]:
        from engine.quota.shrinkage import dispersion

        found, levels = [], inputs.reps.levels
        if shrink.peers is not None and shrink.peers not in levels:
            message = f"there is no level '{shrink.peers}'"
            found.append(
                Fault("E_REFERENCE", message, did_you_mean(shrink.peers, levels), field="shrink.peers")
            )
        if shrink.luck is None and dispersion(inputs) is None:
            message = "no won deal of the last year tells how much of the bookings is luck"
            found.append(Fault("E_MISSING", message, "Give closed deals, or `luck`.", field="shrink.luck"))
        if int(inputs.accounts.potential.sum()) <= 0:
            message = "no account has any potential to compare bookings with"
            found.append(
                Fault("E_MISSING", message, "Give a potential, or leave `shrink` out.", field="shrink")
            )
        return found

    def claims(self, basis: Basis) -> list[Fraction]:
        """Return history, as it was or shrunk, times (1 + growth), minor units."""
        return [
            amount * (1 + Fraction(self._growth(basis.inputs, seat)))
            for seat, amount in enumerate(self._bookings(basis))
        ]

    def tables(self, basis: Basis) -> tuple[Table, ...]:
        """Return quota_shrinkage, where bookings are shrunk."""
        if self.shrink is None:
            return ()
        from engine.quota import shrinkage

        return (shrinkage.table(basis, shrinkage.shrunk(basis, self.shrink.peers, self.shrink.luck)),)

    def _bookings(self, basis: Basis) -> list[Fraction]:
        if self.shrink is not None:
            from engine.quota.shrinkage import shrunk

            return [seat.amount for seat in shrunk(basis, self.shrink.peers, self.shrink.luck)]
        booked = [max(int(value), 0) for value in basis.inputs.reps.history]
        potential = [int(value) for value in basis.potential]
        held = sum(p for p, h in zip(potential, booked, strict=True) if h > 0)
        rate = Fraction(sum(booked), held) if held else Fraction(0)
        average = Fraction(sum(booked), max(sum(h > 0 for h in booked), 1))
        stand_in = [rate * p if held else average for p in potential]
        return [Fraction(h) if h else stand_in[seat] for seat, h in enumerate(booked)]

    def _growth(self, inputs: Inputs, seat: int) -> Decimal:
        names = [nodes[seat] for nodes in inputs.reps.levels.values()] + [inputs.reps.id[seat]]
        return next((self.growth[name] for name in reversed(names) if name in self.growth), Decimal(0))
