"""What is known of a deal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from engine.pipeline.layout import NEVER, WAITING


class Event(NamedTuple):
    """An entry of the log; see `engine.pipeline.model.EVENT`."""

    tick: int
    key: int
    what: int
    seat: int
    stage: int


class Booking(NamedTuple):
    """Money that is booked at a tick."""

    tick: int
    seat: int
    kind: int
    segment: int
    product: int
    amount: int
    key: int
    """Of the deal or contract."""


@dataclass(eq=False)
class Unit:
    """A unit of a resource in the hands of a deal."""

    resource: int
    stage: int
    """For which it was granted."""
    with_stage: bool
    """Whether it goes back when the stage ends, and not after a time of its own."""


@dataclass(eq=False)
class Deal:
    """One deal, and what has become of it so far. Times are ticks; -1 where it has not happened."""

    key: np.uint64
    seat: int
    arrival: int
    account: int
    segment: int
    source: int
    product: int
    rank: int
    row: int = -1
    """That of the open deal it was."""
    amount: int = -1
    """Of all products; -1 unless known or won."""
    start: int = -1
    end: int = -1
    outcome: int = WAITING
    size_band: int = 0
    stage: int = -1
    """Where it is; -1 in the queue."""
    recycled: int = 0
    patience: int = NEVER
    """Ticks that it waits until somebody starts it."""
    due: int = -1
    """When its stage ends; -1 while no clock runs."""
    units: list[Unit] = field(default_factory=list)
    """Units of shared resources that it holds."""

    @property
    def place(self) -> tuple[int, int, int]:
        """Its place in the queue of a seat: by class, arrival and entity."""
        return self.rank, self.arrival, int(self.key)
