"""World: seats, resources and deals of one future, and the order in which things happen."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import simpy

from engine.pipeline import draws
from engine.pipeline.model import (
    ABANDONED,
    ADVANCED,
    ARRIVED,
    ASKED,
    DISCARDED,
    DROPPED,
    ENTERED,
    FREED,
    GAVE_UP,
    GRANTED,
    LEAST_LOADED,
    LOSE,
    LOST,
    LOST_THERE,
    MOVED,
    NEW,
    OPEN,
    REASSIGN,
    RECYCLED,
    ROUND_ROBIN,
    STARTED,
    WAITING,
    WON,
    WON_THERE,
    Future,
    Model,
)
from engine.pipeline.reference.contracts import renewals
from engine.pipeline.reference.deal import Booking, Deal, Event, Unit
from engine.pipeline.reference.people import Presence, presences
from engine.streams import child

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


class World:
    """One future. `deals`, `events` and `bookings` hold what happened once `run` is done."""

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
        self._open_deals()
        self._schedule()

    def run(self) -> None:
        """Simulate up to the horizon."""
        self.env.run(until=self.selling.horizon)

    # What happens when

    def _at(self, tick: int, priority: int, what: Callable[[], None]) -> None:
        """Let something happen at a tick, in its turn."""
        if tick < self.selling.horizon:
            event = simpy.Event(self.env)
            event._ok, event._value = True, None
            event.callbacks.append(lambda _: what())
            self.env.schedule(event, priority, tick - self.env.now)

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

    def _grant_soon(self) -> None:
        """Look for what can start, after everything else of this tick."""
        if not self._granting:
            self._granting = True
            self._at(int(self.env.now), GRANTS, self._grant)

    def _log(self, deal: Deal, what: int, stage: int) -> None:
        self.events.append(Event(int(self.env.now), int(deal.key), what, deal.seat, stage))

    # Leads

    def _open_deals(self) -> None:
        """Put the open deals where they are at the start."""
        for number, row in enumerate(self.model.opening.deal):
            waiting = row["stage"] < 0
            arrival = self.selling.start if waiting else int(row["created"])
            deal = self._deal(np.uint64(row["key"]), arrival, row, (int(row["product"]), int(row["amount"])))
            deal.seat, deal.row = int(row["seat"]), number
            deal.size_band = self._size_band(deal, self.selling.start)
            seat = self.seats[deal.seat]
            if waiting:
                seat.queue.append(deal)
                self._log(deal, ARRIVED, -1)
            else:
                deal.start, deal.outcome, deal.stage = deal.arrival, OPEN, int(row["stage"])
                seat.in_progress.append(deal)
                self.env.process(self._carry_on(deal, row))

    def _deal(self, key: np.uint64, arrival: int, row: Any, known: tuple[int, int] = (-1, -1)) -> Deal:
        product, amount = known
        segment = int(row["segment"])
        if product < 0:
            product = draws.product_of(self.future, key, self.model.closing.mix[segment])
        source = int(row["source"]) if "source" in row.dtype.names else -1
        deal = Deal(key, -1, arrival, int(row["account"]), segment, source, product, int(row["rank"]))
        deal.amount = amount
        self.deals.append(deal)
        return deal

    def _size_band(self, deal: Deal, tick: int) -> int:
        if not len(self.selling.size_edge):
            return 0
        closing, amount = self.model.closing, deal.amount
        if amount < 0:
            price = draws.price_at(closing, tick, deal.product)
            amount = draws.amount_of(closing, self.future, deal.key, (deal.product, 0), price)
        return int(draws.band(self.selling.size_edge, amount))

    def _leads(self) -> Iterator[tuple[Deal, int]]:
        """Return the leads of every spring, and how they find a seat."""
        arising, future = self.model.arising, self.future
        for spring in arising.spring:
            key, group = np.uint64(spring["key"]), int(spring["group"])
            rate = spring["rate"] * future.arrivals * (future.group[group] if group >= 0 else 1.0)
            index, mark = 0, draws.mark(future, key, 0)
            while mark < rate:
                own = np.uint64(child(key, index))
                arrival = draws.instant(arising, int(spring["shape"]), future, own)
                deal = self._deal(own, arrival, spring)
                deal.seat = int(spring["owner"])
                deal.size_band = self._size_band(deal, arrival)
                deal.patience = draws.patience_of(self.selling.laws, int(spring["patience"]), future, own)
                yield deal, int(spring["route"])
                index += 1
                mark += draws.mark(future, key, index)

    def _arise(self, leads: list[tuple[Deal, int]]) -> None:
        """Let the leads of a tick find their seats."""
        for deal, route in sorted(leads, key=lambda lead: int(lead[0].key)):
            if self.model.closing.product[deal.product]["until"] <= self.env.now:
                deal.outcome = DROPPED
                self._log(deal, DISCARDED, -1)
                continue
            if deal.seat < 0:
                deal.seat = self._routed(deal, route)
            self.seats[deal.seat].queue.append(deal)
            self._log(deal, ARRIVED, -1)
            self._at(deal.arrival + deal.patience, PATIENCE, partial(self._give_up, deal))
        self._grant_soon()

    def _give_up(self, deal: Deal) -> None:
        """Take a lead that nobody has started out of the queue it waits in."""
        if deal.outcome == WAITING:
            self.seats[deal.seat].queue.remove(deal)
            deal.end, deal.outcome = int(self.env.now), ABANDONED
            self._log(deal, GAVE_UP, -1)

    def _routed(self, deal: Deal, route: int) -> int:
        """Return the seat that a lead of a pool goes to."""
        kind, first, seat, weight = self.selling.routes
        segments, products = self.model.closing.mix.shape
        pool = (route * segments + deal.segment) * products + deal.product
        entries = list(range(first[pool], first[pool + 1]))
        there = [at for at in entries if self.seats[seat[at]].present(int(self.env.now))] or entries
        if kind[route] == ROUND_ROBIN:
            turn = self._turn.get(pool, 0)
            chosen = next((at for at in there if at - entries[0] >= turn), there[0])
            self._turn[pool] = (chosen - entries[0] + 1) % len(entries)
        elif kind[route] == LEAST_LOADED:
            chosen = self._least_loaded(there, [self.seats[seat[at]] for at in there])
        else:
            bids = [
                draws.claim(self.future, deal.key, np.uint64(self.seats[seat[at]].key), weight[at])
                for at in there
            ]
            chosen = there[bids.index(min(bids))]
        return int(seat[chosen])

    def _least_loaded(self, what: list[Any], seats: list[Seat]) -> Any:
        """Return of some things the first whose seat has the fewest deals for its slots."""
        best = 0
        for place, seat in enumerate(seats):
            if seat.load * seats[best].slots < seats[best].load * seat.slots:
                best = place
        return what[best]

    # People and capacity

    def _staff(self) -> None:
        """Deal with what people leave behind; who is there is told by the calendar of each seat."""
        now = int(self.env.now)
        for seat in self.by_key:
            if seat.vacated(now) and seat.on_leave == REASSIGN:
                self._reassign(seat)
            elif seat.vacated(now) and seat.on_leave == LOSE:
                self._lose_all(seat)
        self._grant_soon()

    def _reassign(self, left: Seat) -> None:
        now = int(self.env.now)
        others = [s for s in self.by_key if s is not left and s.team == left.team and s.present(now)]
        if not others:
            return
        for deal in sorted(left.in_progress, key=lambda one: int(one.key)):
            seat = self._least_loaded(others, others)
            left.in_progress.remove(deal)
            seat.in_progress.append(deal)
            deal.seat = seat.number
            deal.due += self.selling.seats.handover if deal.due >= 0 else 0
            self._log(deal, MOVED, deal.stage)
        for deal in sorted(left.queue, key=lambda one: one.place):
            seat = self._least_loaded(others, others)
            left.queue.remove(deal)
            seat.queue.append(deal)
            deal.seat = seat.number
            self._log(deal, MOVED, -1)

    def _lose_all(self, left: Seat) -> None:
        for deal in left.in_progress + left.queue:
            deal.end, deal.outcome = int(self.env.now), LOST
            self._log(deal, LOST_THERE, deal.stage)
            self._free(deal, list(deal.units))
        for resource in self.resources:
            resource.queue = [entry for entry in resource.queue if entry[2].outcome == OPEN]
        left.in_progress, left.queue = [], []

    def _resize(self, resource: Resource, units: int) -> None:
        resource.units = units
        self._grant_soon()

    # Grants

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

    def _free(self, deal: Deal, units: list[Unit]) -> None:
        """Give back units that a deal holds."""
        for unit in units:
            if unit in deal.units:
                deal.units.remove(unit)
                self.resources[unit.resource].held -= 1
                self._log(deal, FREED, unit.stage)
                self._grant_soon()

    # The life of a deal

    def _work(self, deal: Deal, stage: int) -> Process:
        """Carry a deal through the stages from `stage` on, and close it."""
        last = len(self.selling.cell) - 1
        while 0 <= stage <= last:
            deal.stage = stage
            row = self._row(deal)
            self._log(deal, ENTERED, stage)
            visit = draws.visit_number(stage, deal.recycled)
            if row["resource"] >= 0 and draws.needs(self.future, deal.key, visit, row["needs"]):
                yield from self._ask(deal, row, visit)
            if deal.outcome == LOST:
                return
            chance = draws.chance_at(float(row["advance"]), float(self.future.odds[stage]))
            if stage == last and self.selling.seat_factor_wins:
                chance = min(chance * float(self.future.seat[deal.seat]), 1.0)
            how = draws.leaving(self.future, deal.key, visit, (chance, float(row["recycle"])))
            law = row["law"] if how == draws.ADVANCE else row["law_lost"]
            days = draws.days_draw(self.future, deal.key, visit)
            lasts = draws.rest(self.selling.laws, law, days, (0.0, 0.0), float(self.future.days[stage]))
            yield from self._stay(deal, lasts)
            if deal.outcome == LOST:
                return
            stage = self._leave(deal, how, int(row["back"]))

    def _carry_on(self, deal: Deal, row: Any) -> Process:
        """Finish the stage in which a deal stands at the start, given its age, and go on."""
        stage, present = int(row["stage"]), self.selling.row[row["row"]]
        chance = draws.chance_at(float(row["chance"]), float(self.future.odds[stage]))
        advance = float(present["advance"])
        back = (1 - chance) * float(present["recycle"]) / (1 - advance) if advance < 1 else 0.0
        visit = draws.visit_number(stage, 0)
        how = draws.leaving(self.future, deal.key, visit, (chance, back))
        on = how == draws.ADVANCE
        law, floor = (present["law"], row["floor"]) if on else (present["law_lost"], row["floor_lost"])
        days = draws.days_draw(self.future, deal.key, visit)
        reached = float(floor), float(row["age"])
        lasts = draws.rest(self.selling.laws, law, days, reached, float(self.future.days[stage]))
        yield from self._stay(deal, lasts)
        if deal.outcome == OPEN:
            yield from self._work(deal, self._leave(deal, how, int(present["back"])))

    def _row(self, deal: Deal) -> Any:
        """Return the stage as it is for a deal that enters it now."""
        selling, now = self.selling, int(self.env.now)
        tenure = self.seats[deal.seat].tenure(now)
        last = len(selling.tenure_edge)
        band = last if tenure is None else int(draws.band(selling.tenure_edge, tenure))
        month = int(draws.month_of(selling, now))
        return selling.row[selling.cell[deal.stage, deal.segment, deal.size_band, band, month]]

    def _ask(self, deal: Deal, row: Any, visit: int) -> Process:
        """Wait for a unit of a resource; it goes back when the stage ends, or after a time of its own."""
        granted = self.env.event()
        resource = self.resources[row["resource"]]
        resource.queue.append((deal.rank, int(self.env.now), deal, granted))
        self._log(deal, ASKED, deal.stage)
        self._grant_soon()
        yield granted
        self._log(deal, GRANTED, deal.stage)
        unit = Unit(resource.number, deal.stage, with_stage=row["hold"] < 0)
        deal.units.append(unit)
        if not unit.with_stage:
            self.env.process(self._hold(deal, unit, row, visit))

    def _hold(self, deal: Deal, unit: Unit, row: Any, visit: int) -> Process:
        """Give a unit back after a time of its own, whatever becomes of the deal."""
        yield self.env.timeout(draws.held_for(self.selling.laws, row["hold"], self.future, deal.key, visit))
        self._free(deal, [unit])

    def _stay(self, deal: Deal, lasts: int) -> Process:
        """Stay in a stage; a hand-over may put off its end."""
        deal.due = int(self.env.now) + lasts
        while deal.outcome == OPEN and self.env.now < deal.due:
            yield self.env.timeout(deal.due - self.env.now)
        deal.due = -1

    def _leave(self, deal: Deal, how: int, back: int) -> int:
        """Leave a stage; return the next one, or -1 where the deal is closed."""
        stage, last = deal.stage, len(self.selling.cell) - 1
        self._free(deal, [unit for unit in deal.units if unit.with_stage])
        if how == draws.BACK:
            self._log(deal, RECYCLED, stage)
            deal.recycled += 1
            return back
        if how == draws.ADVANCE and stage < last:
            self._log(deal, ADVANCED, stage)
            return stage + 1
        sold = self.env.now < self.model.closing.product[deal.product]["until"]
        self._close(deal, WON if how == draws.ADVANCE and sold else LOST)
        return -1

    def _close(self, deal: Deal, outcome: int) -> None:
        deal.end, deal.outcome = int(self.env.now), outcome
        self._log(deal, WON_THERE if outcome == WON else LOST_THERE, deal.stage)
        self.seats[deal.seat].in_progress.remove(deal)
        if outcome == WON:
            self._book(deal)
        self._grant_soon()

    def _book(self, deal: Deal) -> None:
        """Book what a won deal is worth, and what it takes along."""
        closing, now = self.model.closing, int(self.env.now)
        mine = 1.0 if self.selling.seat_factor_wins else float(self.future.seat[deal.seat])

        def worth(product: int, draw: int) -> int:
            factor = draws.price_at(closing, now, product) * mine
            return int(draws.amount_of(closing, self.future, deal.key, (product, draw), factor))

        items = [(deal.product, deal.amount if deal.amount >= 0 else worth(deal.product, 0))]
        if deal.amount < 0:
            for product, chance in enumerate(closing.attach[deal.product]):
                if draws.takes_along(self.future, deal.key, product, float(chance)):
                    items.append((product, worth(product, 1 + product)))
        deal.amount = sum(amount for _, amount in items)
        for product, amount in items:
            self.bookings.append(Booking(now, deal.seat, NEW, deal.segment, product, amount, int(deal.key)))


def simulate_one(model: Model, future: Future) -> World:
    """Simulate one replication; return everything that happened."""
    world = World(model, future)
    world.run()
    return world
