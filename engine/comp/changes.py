"""Changes: what happens to pay after the rule of a component has spoken, on two clocks.

The booking of a deal fixes credit, attainment and rate, and so what is *earned*. What is *due* follows the clock of
payment: where pay waits for the cash of the customer, it becomes due later than it is earned. Clawbacks and shares of a
payout change both. What is due is collected to the end of each paying interval, and that is what is *paid*.

Limits look at what is due. Holdbacks, guarantees and draws look at what is paid. So a draw bridges the time until cash
comes, and is recovered as it comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.inputs import IntArray

if TYPE_CHECKING:
    from engine.comp.quantity import Quantity


@dataclass(frozen=True)
class Change:
    """What is added to the pay of one component; shapes (spell, period)."""

    earned: Quantity
    """Added to what is earned."""
    due: Quantity
    """Added to what is due."""


@dataclass(frozen=True)
class Changes:
    """What is added to the pay of all components, minor units; shapes (component, spell, period)."""

    earned: IntArray
    """Added to what is earned."""
    due: IntArray
    """Added to what is due."""

    @classmethod
    def none(cls, components: int, spells: int, periods: int) -> Changes:
        """Return no changes at all."""
        nothing = np.zeros((components, spells, periods), dtype=np.int64)
        return cls(nothing, nothing.copy())
