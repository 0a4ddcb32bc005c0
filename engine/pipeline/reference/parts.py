"""Parts: seats, resources, and in which turn things happen at one tick."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import simpy

from engine.pipeline.reference.deal import Deal
from engine.pipeline.reference.people import Presence

Process = Generator[simpy.Event, Any, None]
STAFF, CAPACITY, LEADS, GRANTS, PATIENCE = range(2, 7)
"""Priorities of what happens at one tick, behind the ends that are due (SimPy's 0 and 1)."""


@dataclass(eq=False)
class Seat:
    """A position that works on K deals at a time while somebody sits there."""

    number: int
    key: int
    slots: int
    team: int
    on_leave: int
    people: list[Presence]
    in_progress: list[Deal] = field(default_factory=list)
    queue: list[Deal] = field(default_factory=list)

    def present(self, tick: int) -> bool:
        """Whether somebody is there."""
        return any(one.begin <= tick < one.end for one in self.people)

    def vacated(self, tick: int) -> bool:
        """Whether somebody has left for good at this tick, and nobody is there."""
        return any(one.over and one.end == tick for one in self.people) and not self.present(tick)

    def tenure(self, tick: int) -> int | None:
        """Ticks in the seat of who last took it; None before anybody did."""
        begun = [one for one in self.people if one.begin <= tick]
        return tick - max(begun).since if begun else None

    @property
    def load(self) -> int:
        """Deals in progress and waiting."""
        return len(self.in_progress) + len(self.queue)


@dataclass(eq=False)
class Resource:
    """What seats share."""

    number: int
    units: int = 0
    held: int = 0
    queue: list[tuple[int, int, Deal, simpy.Event]] = field(default_factory=list)
    """(class, tick of asking, deal, what it waits for)."""
