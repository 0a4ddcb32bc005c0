"""Method: what every way of sharing out a goal is."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from pydantic import Field

from engine.blocks import Block
from engine.errors import Fault
from engine.fields import Ratio
from engine.inputs import Inputs, IntArray


@dataclass(frozen=True)
class Basis:
    """What a method may look at. Shape (rep,)."""

    inputs: Inputs
    potential: IntArray
    """Potential of the accounts aligned to each seat, minor units a year."""
    simulated: IntArray
    """Bookings of each seat in the whole plan, added up over all replications; minor units (or counts)."""


class Method(Block):
    """One view of how much of the goal each seat should carry; several are blended by their weights."""

    weight: Ratio = Field(default="1", ge=0, validate_default=True)
    """Weight in the blend, relative to the other methods; 1 unless given."""

    counts_time: ClassVar[bool] = False
    """The figures already hold how long each seat is filled; otherwise they are multiplied by the share of the
    year that the seat carries (ramp, hire date)."""

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return what in the method does not fit the tables; `field` is relative to the method."""
        return []

    @abstractmethod
    def claims(self, basis: Basis) -> list[Fraction]:
        """Return what each seat can claim, one exact number at least 0 per seat; only its share of the sum counts."""
