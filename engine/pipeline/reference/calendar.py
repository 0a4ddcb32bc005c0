"""Calendar: what there is in one future, and when things happen in it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

import simpy

from engine.pipeline.model import Future, Model
from engine.pipeline.reference.contracts import renewals
from engine.pipeline.reference.deal import Booking, Deal, Event
from engine.pipeline.reference.parts import GRANTS, Resource, Seat
from engine.pipeline.reference.people import presences


class Calendar:
    """Seats, resources and deals of one future, and its calendar."""

    def __init__(self, model: Model, future: Future) -> None:
        self.model, self.selling, self.future = model, model.selling, future
        self.env = simpy.Environment(initial_time=model.selling.start)
        self.deals: list[Deal] = []
        self.events: list[Event] = []
        self.bookings: list[Booking] = list(renewals(model, future))
        held = self.selling.seats
        self.seats = [
            Seat(
                number, int(held.key[number]), int(held.slots[number]), int(held.team[number]),
                int(held.on_leave[number]), presences(self.selling, future, number),
            )
            for number in range(len(held.slots))
        ]  # fmt: skip
        self.by_key = sorted(self.seats, key=lambda seat: seat.key)
        self.resources = [Resource(number) for number in range(len(self.selling.resources.first) - 1)]
        self._turn: dict[int, int] = {}
        self._granting = False

    def _at(self, tick: int, priority: int, what: Callable[[], None]) -> None:
        """Let something happen at a tick, in its turn."""
        if tick < self.selling.horizon:
            event = simpy.Event(self.env)
            event._ok, event._value = True, None
            event.callbacks.append(lambda _: what())
            self.env.schedule(event, priority, tick - self.env.now)

    def _grant_soon(self) -> None:
        """Look for what can start, after everything else of this tick."""
        if not self._granting:
            self._granting = True
            self._at(int(self.env.now), GRANTS, self._grant)

    def _log(self, deal: Deal, what: int, stage: int) -> None:
        self.events.append(Event(int(self.env.now), int(deal.key), what, deal.seat, stage))

    @abstractmethod
    def _grant(self) -> None:
        """Give free units to who waits for them, and start deals in free slots."""
