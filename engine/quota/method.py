"""Method: what every way of sharing out a goal is."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import nan
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from engine.blocks import Block
from engine.columns import Table
from engine.errors import Fault
from engine.fields import Ratio
from engine.inputs import Inputs, IntArray


@dataclass(frozen=True)
class Basis:
    """What a method may look at."""

    inputs: Inputs
    potential: IntArray
    """Potential of the accounts aligned to each seat, minor units a year; shape (rep,)."""
    credit: IntArray
    """Bookings of each seat in the whole plan, shape (replication, rep); minor units (or counts)."""
    rep_of: IntArray
    """Seat of each account, -1 for none; shape (account,)."""
    street: Fraction
    """What the quotas of all seats add up to, minor units."""

    @property
    def simulated(self) -> IntArray:
        """Bookings added up over all replications, shape (rep,)."""
        return np.asarray(self.credit.sum(axis=0))

    def by_seat(self, amounts: IntArray) -> IntArray:
        """Add up a figure of the accounts over those aligned to each seat, shape (rep,)."""
        found = np.zeros(len(self.inputs.reps), dtype=np.int64)
        owned = self.rep_of >= 0
        np.add.at(found, self.rep_of[owned], amounts[owned])
        return found


class Method(Block):
    """One view of how much of the goal each seat should carry; several are blended by their weights."""

    weight: Ratio = Field(default="1", ge=0, validate_default=True)
    """Weight in the blend, relative to the other methods; 1 unless given."""

    counts_time: ClassVar[bool] = False
    """The figures already hold how long each seat is filled; otherwise they are multiplied by the share of the
    year that the seat carries (ramp, hire date)."""

    bottom_up: ClassVar[bool] = False
    """The claims are amounts for the plan that were set below, seat by seat, minor units; they are reconciled with what
    the goal hands down (table quota_reconciliation)."""

    equalises: ClassVar[bool] = False
    """As the only method, it first makes the chances of all seats to reach their quotas as equal as bounds allow
    (engine.quota.difficulty); in a blend, its claims count like those of any other."""

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return what in the method does not fit the tables; `field` is relative to the method."""
        return []

    finds_street: ClassVar[bool] = False
    """As the only method, it finds the over-assignment of the seats itself."""

    @property
    def by_product(self) -> bool:
        """Whether chances are made equal of every seat in every product, not of its whole quota."""
        return False

    @property
    def decided_by(self) -> Literal["level", "history"]:
        """What decides between quotas that are equally hard: nearness to the common chance, or to last year."""
        return "level"

    def over_assigned(self, credit: IntArray, goal: int, above: Fraction) -> Decimal:
        """Return the over-assignment that the method finds; nothing where it finds none (`finds_street`).

        Args:
            credit: simulated, minor units, shape (replication, rep).
            goal: of the company, minor units.
            above: street quota without it, minor units.

        """
        return Decimal(0)

    def kept(self, credit: IntArray, quota: IntArray) -> bool:
        """Return whether quotas, shape (rep,), keep what the method promises; `credit` as above."""
        return True

    def asked(self) -> tuple[float, float]:
        """Return the share of seats at or above quota and the chance of the goal that are asked for; NaN for none."""
        return nan, nan

    def tables(self, basis: Basis) -> tuple[Table, ...]:
        """Return what explains the claims beside the quotas themselves."""
        return ()

    def unclaimed(self, basis: Basis) -> Fraction:
        """Return what a method from below finds in accounts that nobody holds, minor units."""
        return Fraction(0)

    @abstractmethod
    def claims(self, basis: Basis) -> list[Fraction]:
        """Return what each seat can claim, one exact number at least 0 per seat; only its share of the sum counts."""
