"""History: what an export tells of the past beside the deals themselves; only estimates look at it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.calendar import DateArray

Words = tuple[str, ...]


@dataclass(frozen=True)
class StageHistory:
    """Entries of deals into stages, known on a day. Shape (entry,), by deal, day, and order in the table."""

    opportunity: Words
    stage: Words
    entered: DateArray

    def __len__(self) -> int:
        return len(self.opportunity)


@dataclass(frozen=True)
class Staff:
    """Who came and left. Shape (row,), by person and start."""

    person: Words
    start: DateArray
    end: DateArray
    """Day after the last; NaT for who is still there."""

    def __len__(self) -> int:
        return len(self.person)
