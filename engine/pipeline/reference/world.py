"""World: one future, and the order in which things happen."""

from __future__ import annotations

from functools import partial

from engine.pipeline.layout import (
    OPEN,
    STARTED,
)
from engine.pipeline.model import Future, Model
from engine.pipeline.reference.deal import Deal
from engine.pipeline.reference.parts import CAPACITY, LEADS, STAFF, Resource
from engine.pipeline.reference.staff import Staff


class World(Staff):
    """One future. `deals`, `events` and `bookings` hold what happened once `run` is done."""

    def __init__(self, model: Model, future: Future) -> None:
        super().__init__(model, future)
        self._open_deals()
        self._schedule()

    def run(self) -> None:
        """Simulate up to the horizon."""
        self.env.run(until=self.selling.horizon)

    def _schedule(self) -> None:
        """Put everything that comes from outside into the calendar."""
        start = self.selling.start
        changes = {tick for seat in self.seats for one in seat.people for tick in (one.begin, one.end)}
        for tick in sorted(tick for tick in changes if tick >= start):
            self._at(tick, STAFF, self._staff)
        steps, first = self.selling.resources
        for resource in self.resources:
            for step in steps[first[resource.number] : first[resource.number + 1]]:
                tick, units = int(step["tick"]), int(step["units"])
                if tick <= start:
                    resource.units = units
                else:
                    self._at(tick, CAPACITY, partial(self._resize, resource, units))
        arising: dict[int, list[tuple[Deal, int]]] = {}
        for deal, route in self._leads():
            arising.setdefault(deal.arrival, []).append((deal, route))
        for tick, leads in arising.items():
            self._at(tick, LEADS, partial(self._arise, leads))
        self._grant_soon()

    def _resize(self, resource: Resource, units: int) -> None:
        resource.units = units
        self._grant_soon()

    def _grant(self) -> None:
        """Give free units to who waits for them, and start deals in free slots."""
        self._granting = False
        for resource in self.resources:
            while resource.queue and resource.held < resource.units:
                first = min(resource.queue, key=lambda entry: (*entry[:2], int(entry[2].key)))
                resource.queue.remove(first)
                resource.held += 1
                first[3].succeed()
        for seat in self.by_key:
            while seat.queue and len(seat.in_progress) < seat.slots and seat.present(int(self.env.now)):
                deal = min(seat.queue, key=lambda one: one.place)
                seat.queue.remove(deal)
                seat.in_progress.append(deal)
                deal.start, deal.outcome = int(self.env.now), OPEN
                self._log(deal, STARTED, 0)
                self.env.process(self._work(deal, 0))


def simulate_one(model: Model, future: Future) -> World:
    """Simulate one replication; return everything that happened."""
    world = World(model, future)
    world.run()
    return world
