"""Year: what was settled and what it came to, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from engine.comp.given import Given
from engine.comp.ledger import Ledger


@dataclass(frozen=True)
class Year:
    """A settled year: the simulated one, or the one that stands at `as_of`."""

    given: Given
    ledger: Ledger
