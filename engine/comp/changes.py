"""Changes: what happens to pay after the rule of a component has spoken, on two clocks.

The booking of a deal fixes credit, attainment and rate, and so what is *earned*. What is *due* follows the clock of
payment: where pay waits for the cash of the customer, it becomes due later than it is earned. Clawbacks and shares of a
payout change both. What is due is collected to the end of each paying interval, and that is what is *paid*.

Who gets a share of what somebody else earns has it beside the components of their own plan: adjustments that name no
components (`of`) look at it too.

Limits look at what is due. Holdbacks, guarantees and draws look at what is paid. So a draw bridges the time until cash
comes, and is recovered as it comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.comp.intervals import Pay
from engine.comp.scaled import Scaled
from engine.inputs import BoolArray, IntArray

if TYPE_CHECKING:
    from engine.comp.quantity import Quantity
    from engine.comp.spec import CompSpec


@dataclass(frozen=True)
class Change:
    """What is added to the pay of one component; shapes (spell, period)."""

    earned: Quantity
    """Added to what is earned."""
    due: Quantity
    """Added to what is due."""
    taken: Quantity | None = None
    """What reversals take of what is due, shape (spell, period x period), see `Book.taken`; None for nothing."""
    replaced: bool = False
    """Whether that is all they take: what they earned by the rules of the component is replaced."""


@dataclass(frozen=True)
class Taken:
    """What reversals take of what is due, minor units; shape (entry,)."""

    component: IntArray
    spell: IntArray
    came: IntArray
    """Period in which it is taken."""
    home: IntArray
    """Earlier period in which it had become due."""
    amount: IntArray

    def of(self, component: int, members: IntArray, periods: int) -> Quantity | None:
        """Return that of a component and the members of a plan; None for nothing."""
        row = np.full(int(max(self.spell.max(initial=0), members.max(initial=0))) + 1, -1, dtype=np.int64)
        row[members] = np.arange(members.size)
        at = np.flatnonzero((self.component == component) & (row[self.spell] >= 0))
        if not at.size:
            return None
        sums = np.zeros((members.size, periods**2), dtype=np.int64)
        np.add.at(sums, (row[self.spell[at]], self.came[at] * periods + self.home[at]), self.amount[at])
        return Scaled(sums)


@dataclass(frozen=True)
class Changes:
    """What is added to the pay of all components, minor units; shapes (component, spell, period)."""

    earned: IntArray
    """Added to what is earned."""
    due: IntArray
    """Added to what is due."""
    taken: Taken | None = None
    """What reversals take of it; None where no component asks."""
    replaced: BoolArray | None = None
    """Components of whose deals that says all that reversals take, shape (component,)."""

    def own(self, places: Mapping[str, int], members: IntArray) -> dict[str, Change]:
        """Return what is added to components of a plan, by label, given their places and the members of the plan."""
        found = ((label, self._of(k, members, own=True)) for label, k in places.items())
        return {label: change for label, change in found if change is not None}

    def others(self, spec: CompSpec, plan: str, members: IntArray) -> dict[str, tuple[Change, Pay]]:
        """Return what members of a plan get of what others earn under theirs, and when those plans pay, by name."""
        parts = [(name, block, part) for name, block in spec.plans.items() for part in block.components]
        found: dict[str, tuple[Change, Pay]] = {}
        for k, (name, block, part) in enumerate(parts):
            change = self._of(k, members, own=False) if name != plan else None
            if change is not None:
                found[share_of(name, part.label)] = change, part.when(block.pay)
        return found

    def _of(self, component: int, members: IntArray, *, own: bool) -> Change | None:
        """Return what is added to a component; None where nothing is, and its own rules say what reversals take."""
        earned, due = self.earned[component, members], self.due[component, members]
        taken = None if self.taken is None else self.taken.of(component, members, due.shape[1])
        replaced = own and self.replaced is not None and bool(self.replaced[component])
        if not (replaced or taken is not None or earned.any() or due.any()):
            return None
        return Change(Scaled(earned), Scaled(due), taken, replaced)


def share_of(plan: str, label: str) -> str:
    """Return the name under which a share of what a component of another plan pays is looked at."""
    return f"{plan}: {label}"
