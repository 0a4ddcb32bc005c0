"""Objective: what every cost of an alignment is."""

from __future__ import annotations

from abc import abstractmethod

from engine.blocks import Block
from engine.errors import Fault
from engine.inputs import Inputs, IntArray
from engine.territory.declaration import Cost


class Objective(Block):
    """A cost in currency units that is minimised, said twice: for the solver, and for a finished alignment."""

    @property
    def title(self) -> str:
        """Name in messages."""
        return str(type(self).model_fields["kind"].default)

    @property
    def needs_pairs(self) -> bool:
        """Whether the cost holds a number for each pair of account and seat, as a table of distances does."""
        return False

    @property
    def of_a_whole_year(self) -> bool:
        """Whether it speaks of a year's work, so that what is left of a year cannot be planned with it."""
        return False

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return what in the objective does not fit the tables; `field` is relative to the objective."""
        return []

    @abstractmethod
    def declare(self, inputs: Inputs) -> Cost:
        """Say what the cost is, over all accounts and seats. Called only when there are no faults."""

    @abstractmethod
    def cost_of(self, inputs: Inputs, rep_of: IntArray) -> float:
        """Return the cost of a finished alignment, currency units, by code that shares nothing with `declare`."""
