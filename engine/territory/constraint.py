"""Constraint: what every rule of an alignment is."""

from __future__ import annotations

from abc import abstractmethod

from engine.blocks import Block
from engine.errors import Fault
from engine.fields import Text
from engine.inputs import Inputs, IntArray
from engine.territory.declaration import BoolArray, Cost, Declaration


class Constraint(Block):
    """A hard rule, said twice: as a declaration, and as a plain check.

    The rows of the solver are derived from the declaration; the check looks at a finished alignment and shares
    nothing with it. One test proves the two equal by enumeration.
    """

    name: Text = ""
    """What messages call the rule; its kind unless given."""

    @property
    def title(self) -> str:
        """Name in messages and in the names of rows."""
        return self.name or str(type(self).model_fields["kind"].default)

    def place(self, index: int) -> str:
        """Return where the rule stands in the scenario; `index` is its place among the constraints."""
        return f"territories.constraints[{index}]"

    @property
    def needs_pairs(self) -> bool:
        """Whether the rule holds a number for each pair of account and seat, as a table of distances does."""
        return False

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return what in the rule does not fit the tables; `field` is relative to the rule."""
        return []

    @abstractmethod
    def declare(self, inputs: Inputs) -> Declaration | Cost:
        """Say what the rule is, over all accounts and seats. Called only when there are no faults."""

    def never(self, inputs: Inputs) -> BoolArray | None:
        """Return pairs that the rule forbids besides what it declares, shape (account, rep); None for none."""
        return None

    @abstractmethod
    def violations(self, inputs: Inputs, rep_of: IntArray) -> list[str]:
        """Check a finished alignment in Python integers with tolerance zero; one sentence per breach.

        `rep_of` holds the seat of each account, shape (account,).
        """

    @property
    def priced_rank(self) -> int:
        """Rank of a lexicographic rule; 0 for a hard rule, and for one that is priced in currency units."""
        return 0

    def cost_of(self, inputs: Inputs, rep_of: IntArray) -> float:
        """Return what breaking the rule costs where it has a price, by code that shares nothing with `declare`.

        Currency units, or the weighted distance of a lexicographic rule; 0 for a hard rule.
        """
        return 0.0
