"""Year: what was settled and what it came to, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from engine.comp.given import Given
from engine.comp.ledger import Ledger


@dataclass(frozen=True)
class Year:
    """A settled year; with `as_of` what was booked before that day is in it."""

    given: Given
    ledger: Ledger
