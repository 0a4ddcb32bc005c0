"""The reference engine: the pipeline as SimPy processes, to be read as the description of what is simulated.

Leads arise at accounts and go to the account's seat, which serves them first come, first served (ties by
entity). The seat starts the first of the queue as soon as fewer than K deals are in progress and somebody sits
there. A deal passes the stages in order, in each of which it draws whether it advances and how long it stays, and
holds its slot until it is closed, won after the last stage or lost. Deals in progress when a person leaves go on
with the seat. The deals that are open at the start are in progress from the start, however many they are.

It draws through the same keyed scalar functions as the kernel; everything else is written independently of it,
and a test holds both to the same deals, bit by bit.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import simpy

from engine.pipeline import draws
from engine.pipeline.model import LOST, MONTH, NEVER, OPEN, TICKS, WAITING, WON, Future, Model, Records
from engine.streams import child

Process = Generator[simpy.Event, Any, None]


class Visit(NamedTuple):
    """A deal in a stage, in ticks; `left` is -1 while it is there."""

    stage: int
    entered: int
    left: int = -1
    advanced: bool = False


@dataclass
class Deal:
    """One deal, and what has become of it so far. Times are ticks; -1 where it has not happened."""

    key: np.uint64
    seat: int
    arrival: int
    account: int
    segment: int
    product: int
    amount: int = -1
    start: int = -1
    end: int = -1
    outcome: int = WAITING
    visits: list[Visit] = field(default_factory=list)


class Seat:
    """A position that works on K deals at a time while somebody sits there."""

    def __init__(self, env: simpy.Environment, model: Model, future: Future, number: int) -> None:
        self.env, self.model, self.future, self.number = env, model, future, number
        seats = model.selling.seats
        self.slots = int(seats.slots[number])
        self.spells: list[tuple[int, int]] = seats.spell[
            seats.first[number] : seats.first[number + 1]
        ].tolist()
        self.in_progress = 0
        self.queue: deque[Deal] = deque()
        self.arrived, self.freed = env.event(), env.event()
        self.deals: list[Deal] = []
        for row in self._open_rows():
            if row["stage"] >= 0:
                deal = self._known(row, int(row["created"]))
                deal.start = deal.arrival
                self.deals.append(deal)
                self._begin(deal, self._carry_on(deal, row))
        env.process(self._arrivals(sorted(self._leads(), key=lambda lead: (lead.arrival, int(lead.key)))))
        env.process(self._serve())

    def _arrivals(self, leads: list[Deal]) -> Process:
        """Put leads into the queue as they arise."""
        self.deals += leads
        for lead in leads:
            yield self.env.timeout(lead.arrival - self.env.now)
            self.queue.append(lead)
            self.arrived.succeed()
            self.arrived = self.env.event()

    def _serve(self) -> Process:
        """Start the first of the queue once a slot is free and somebody is there."""
        while True:
            while not self.queue:
                yield self.arrived
            while self.in_progress >= self.slots:
                yield self.freed
            there = self._next_in_seat()
            if there > self.env.now:
                yield self.env.timeout(there - self.env.now)
            deal = self.queue.popleft()
            deal.start = self.env.now
            self._begin(deal, self._work(deal, 0))

    def _next_in_seat(self) -> int:
        coming = [max(begin, self.env.now) for begin, end in self.spells if end > self.env.now]
        return int(min(coming, default=NEVER))

    def _begin(self, deal: Deal, working: Process) -> None:
        self.in_progress += 1
        deal.outcome = OPEN
        self.env.process(working)

    def _work(self, deal: Deal, stage: int) -> Process:
        """Carry a deal through the stages from `stage` on."""
        last, advanced = len(self.model.selling.stage) - 1, True
        while advanced and stage <= last:
            step = self.model.selling.stage[stage]
            chance = step["advance"] * (self._ramp() if stage == last else 1.0)
            advanced = draws.advances(self.future, deal.key, stage, chance)
            law = step["law"] if advanced else step["law_lost"]
            draw = draws.days_draw(self.future, deal.key, stage)
            deal.visits.append(Visit(stage, self.env.now))
            yield self.env.timeout(draws.rest(self.model.selling.laws, law, draw, 0.0, 0.0))
            deal.visits[-1] = deal.visits[-1]._replace(left=self.env.now, advanced=advanced)
            stage += 1
        self._close(deal, WON if advanced else LOST)

    def _carry_on(self, deal: Deal, row: Any) -> Process:
        """Finish the stage in which a deal stands at the start, given its age, and go on."""
        stage = int(row["stage"])
        step = self.model.selling.stage[stage]
        advanced = draws.advances(self.future, deal.key, stage, row["chance"])
        law, floor = (step["law"], row["floor"]) if advanced else (step["law_lost"], row["floor_lost"])
        draw = draws.days_draw(self.future, deal.key, stage)
        deal.visits.append(Visit(stage, -int(row["age"] * TICKS)))
        yield self.env.timeout(draws.rest(self.model.selling.laws, law, draw, floor, row["age"]))
        deal.visits[-1] = deal.visits[-1]._replace(left=self.env.now, advanced=advanced)
        if advanced:
            yield from self._work(deal, stage + 1)
        else:
            self._close(deal, LOST)

    def _close(self, deal: Deal, outcome: int) -> None:
        deal.end, deal.outcome = self.env.now, outcome
        if outcome == WON and deal.amount < 0:
            deal.amount = draws.amount_of(self.model.closing, self.future, deal.key, deal.product)
        self.in_progress -= 1
        self.freed.succeed()
        self.freed = self.env.event()

    def _ramp(self) -> float:
        """Ratio of the person who last came, by full months in the seat."""
        ramp = self.model.selling.seats.ramp
        begun = [begin for begin, _ in self.spells if begin <= self.env.now]
        month = (self.env.now - begun[-1]) // MONTH if begun else NEVER
        return float(ramp[month]) if month < len(ramp) else 1.0

    def _open_rows(self) -> Records:
        deal, first = self.model.opening
        return deal[first[self.number] : first[self.number + 1]]

    def _known(self, row: Any, arrival: int) -> Deal:
        """Return a deal of the open pipeline."""
        key, segment, product = row["key"], int(row["segment"]), int(row["product"])
        if product < 0:
            product = draws.product_of(self.future, key, self.model.closing.mix[segment])
        return Deal(key, self.number, arrival, int(row["account"]), segment, product, int(row["amount"]))

    def _leads(self) -> Iterator[Deal]:
        """Return what arrives in the plan: queued deals at its start, then Poisson arrivals at each account."""
        arising, future = self.model.arising, self.future
        yield from (self._known(row, 0) for row in self._open_rows() if row["stage"] < 0)
        for number in arising.of_seat[arising.first[self.number] : arising.first[self.number + 1]].tolist():
            account = arising.account[number]
            rate, segment, index = account["rate"] * future.arrivals, int(account["segment"]), 0
            mass = draws.arrival_mass(future, account["key"], 0)
            while mass < rate:
                key = np.uint64(child(account["key"], index))
                product = draws.product_of(future, key, self.model.closing.mix[segment])
                yield Deal(key, self.number, draws.instant(arising, mass / rate), number, segment, product)
                index += 1
                mass += draws.arrival_mass(future, account["key"], index)


def simulate_one(model: Model, future: Future) -> list[Deal]:
    """Simulate one replication; return its deals by seat: those open at the start, then leads as they arise."""
    env = simpy.Environment()
    seats = [Seat(env, model, future, number) for number in range(len(model.selling.seats.slots))]
    env.run(until=model.selling.horizon)
    return [deal for seat in seats for deal in seat.deals]
