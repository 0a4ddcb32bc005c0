"""Component: what every part of a comp plan is.

A component is read from YAML and is the thing that pays. It writes its rule once, as straight-line
expressions over `Quantity`, and so settles real money in exact integers and simulated money in
float64 with the same lines (see `engine.comp.quantity`).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from engine.blocks import Block
from engine.comp.intervals import Pay
from engine.comp.pieces import Pieces
from engine.fields import Name
from engine.inputs import Words

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.quantity import Quantity


class Component(Block):
    """Part of a plan; derived classes give `kind` and `earn`."""

    fixed: ClassVar[bool] = False
    """Whether it is fixed pay (salary), which is no variable pay and depends on no credit."""

    kind: str
    """What sort of component it is."""
    name: Name | None = None
    """Name on statements; the kind unless given. Two components of a plan need different names."""

    @property
    def label(self) -> str:
        """Name on statements."""
        return self.name or self.kind

    @property
    def needs_quota(self) -> bool:
        """Whether it compares credit with a quota."""
        return False

    @property
    def needs_deals(self) -> bool:
        """Whether it looks at every deal by itself, which a simulation does not keep."""
        return False

    @property
    def target_weight(self) -> float:
        """Share of the target incentive that it pays at 100 % attainment by its own words; 0 for none."""
        return 0.0

    def measures(self) -> Words:
        """Return the measures it looks at."""
        return ()

    @abstractmethod
    def earn(self, book: Book) -> Quantity:
        """Return what is earned in each period, in whole minor units, shape (..., spell, period)."""

    def when(self, plan: Pay) -> Pay:
        """Return when it pays, given when its plan does."""
        return plan

    def table(self, minor: int) -> Pieces | None:
        """Return the table it reads, for the plan checker; `minor` is minor units per currency unit."""
        return None

    def faults(self, currency: str) -> Iterator[tuple[str, str, str, str]]:
        """Yield (code, field below the component, message, hint) for what the currency forbids."""
        return iter(())


def paid(component: Component, book: Book, plan: Pay) -> Quantity:
    """Return what is paid in each period: what was earned, collected to the end of each paying interval."""
    return component.earn(book).collected(book.intervals.groups(component.when(plan)))
