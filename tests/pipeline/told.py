"""What the reference engine tells of a replication: deals and log as records, and counters counted from them.

The counters are counted here from lines and events alone, so that they can be held against those of the kernel.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.inputs import FloatArray, Inputs, IntArray
from engine.pipeline import counters as c
from engine.pipeline import layout as m
from engine.pipeline.counts import counts_of
from engine.pipeline.factors import each, futures
from engine.pipeline.kpis.counted import Counted
from engine.pipeline.kpis.figures import Simulated
from engine.pipeline.kpis.groups import Group, groups_of
from engine.pipeline.kpis.histories import histories
from engine.pipeline.layout import EVENT, LINE
from engine.pipeline.lever import World as Changed
from engine.pipeline.model import Future, Model
from engine.pipeline.reference import World, simulate_one

SEED = 7


def future_of(changed: Changed, number: int) -> Future:
    """The future of a replication of a world."""
    (future,) = each(futures(changed.spreads, SEED, number, 1))
    return future


def told(changed: Changed, number: int) -> World:
    """One replication of a world by the reference engine."""
    return simulate_one(changed.model, future_of(changed, number))


def play(changed: Changed, measure: str, replications: int) -> FloatArray:
    """Bookings of new business of each replication in currency units, by the reference engine; `measure` is ignored."""
    found = [told(changed, number).bookings for number in range(replications)]
    return np.array([sum(one.amount for one in booked) / 100 for booked in found])


def lines(world: World) -> Any:
    """The deals as LINE."""
    table = np.empty(len(world.deals), dtype=LINE)
    for name in LINE.names or ():
        table[name] = [getattr(deal, name) for deal in world.deals]
    return table


def log(world: World) -> Any:
    """The events as EVENT, in the order in which they happened."""
    return np.array([tuple(event) for event in world.events], dtype=EVENT)


def simulate(inputs: Inputs, changed: Changed, replications: int) -> Simulated:
    """What key figures are computed from, by the reference engine."""
    tallies, found = [], []
    for number in range(replications):
        future, one = future_of(changed, number), told(changed, number)
        tallies.append(tally(changed.model, one))
        found.append(histories(changed.model, future, lines(one), log(one)))
    return Simulated(inputs, changed.model, counts_of(np.array(tallies)), found)


def named(groups: tuple[Group, ...], by: str) -> list[Group]:
    """The groups of a level, or of reps, segments or periods."""
    return [group for group in groups if group.by == by]


def whole(found: Simulated) -> Counted:
    """The counters of the whole pipeline."""
    return found.counted(groups_of(found.inputs, found.model, ())[0])


class Tally:
    """Counters of one replication, shape (group, counter)."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.seats, self.segments, self.periods, count = c.groups(model)
        self.counted: IntArray = np.zeros((count, c.width(model)), dtype=np.int64)

    def add(self, deal: Any, seat: int, tick: int, counter: int, amount: int = 1) -> None:
        period = int(np.searchsorted(self.model.closing.edge, tick, "right")) - 1
        groups = [0, self.segments + int(deal["segment"]), self.periods + period]
        for group in groups + ([self.seats + seat] if seat >= 0 else []):
            self.counted[group, counter] += amount

    def add_time(self, deal: Any, seat: int, span: tuple[int, int], counter: int) -> None:
        begin, end = max(span[0], self.model.selling.start), min(span[1], self.model.selling.horizon)
        for low, high in zip(self.model.closing.edge[:-1], self.model.closing.edge[1:], strict=True):
            if min(end, high) > max(begin, low):
                self.add(deal, seat, int(low), counter, int(min(end, high) - max(begin, low)))


def tally(model: Model, world: World) -> IntArray:
    """Count what happened to deals and contracts; people and resources are left out."""
    count, events, deals = Tally(model), log(world), lines(world)
    for deal in deals:
        _of_deal(count, deal, events[events["key"] == deal["key"]])
    _of_contracts(count, world)
    return count.counted


def _of_deal(count: Tally, deal: Any, events: Any) -> None:
    model, start, horizon = count.model, count.model.selling.start, count.model.selling.horizon
    seat, stage, since, entered = int(deal["seat"]), -1, start, start
    known = model.opening.deal[deal["row"]] if deal["row"] >= 0 else None
    if deal["outcome"] == m.DROPPED:
        count.add(deal, seat, int(deal["arrival"]), c.DROPPED_LEADS)
        return
    if known is not None and known["stage"] >= 0:
        seat, stage, entered = int(known["seat"]), int(known["stage"]), start - int(known["age"] * m.TICKS)
        count.add(deal, seat, start, c.OPEN_AT_START)
        count.add(deal, seat, start, _at(stage) + c.ENTERED)
    for tick, _, what, whose, where in events.tolist():
        if what == m.ARRIVED:
            seat, since = whose, tick
            count.add(deal, seat, tick, c.LEADS if known is None else c.QUEUED_AT_START)
        elif what in (m.STARTED, m.MOVED):
            if stage >= 0:
                count.add_time(deal, seat, (since, tick), c.HELD)
            seat, since = whose, tick
            if what == m.MOVED:
                count.add(deal, seat, tick, c.MOVED)
            if what == m.STARTED:
                count.add(deal, seat, tick, c.STARTED)
                count.add(deal, seat, tick, c.WAIT, tick - int(deal["arrival"]))
        elif what == m.GAVE_UP:
            count.add(deal, seat, tick, c.ABANDONED_LEADS)
        elif what == m.ENTERED:
            stage, entered, since = where, tick, tick
            count.add(deal, seat, tick, _at(stage) + c.ENTERED)
        elif what in (m.ADVANCED, m.RECYCLED, m.LOST_THERE, m.WON_THERE):
            _leaves(count, deal, (seat, stage, since, entered), (tick, what))
            since = tick
    if deal["outcome"] == m.WAITING:
        count.add(deal, seat, horizon - 1, c.WAITING_AT_END)
    elif deal["outcome"] == m.OPEN:
        count.add(deal, seat, horizon - 1, c.OPEN_AT_END)
        count.add(deal, seat, horizon - 1, _at(stage) + c.OPEN_THERE)
        count.add_time(deal, seat, (since, horizon), c.HELD)


def _at(stage: int) -> int:
    return c.GLOBAL + c.FUNNEL * stage


def _leaves(count: Tally, deal: Any, place: tuple[int, int, int, int], event: tuple[int, int]) -> None:
    (seat, stage, since, entered), (tick, what) = place, event
    if stage < 0:
        count.add(deal, seat, tick, c.LOST_DEALS)
        return
    count.add_time(deal, seat, (since, tick), c.HELD)
    count.add(deal, seat, tick, _at(stage) + c.DAYS, tick - entered)
    gone = {
        m.ADVANCED: c.ADVANCED,
        m.RECYCLED: c.RECYCLED,
        m.LOST_THERE: c.LOST_THERE,
        m.WON_THERE: c.ADVANCED,
    }
    count.add(deal, seat, tick, _at(stage) + gone[what])
    if what in (m.ADVANCED, m.RECYCLED):
        return
    cycle = tick - int(deal["start"])
    if what == m.WON_THERE:
        amounts = (
            (c.WON_DEALS, 1),
            (c.WON_AMOUNT, int(deal["amount"])),
            (c.CYCLE_WON, cycle),
        )
    else:
        amounts = ((c.LOST_DEALS, 1), (c.CYCLE_LOST, cycle))
    for counter, amount in amounts:
        count.add(deal, seat, tick, counter, amount)


def _of_contracts(count: Tally, world: World) -> None:
    model, horizon = count.model, count.model.selling.horizon
    for contract in model.base.contract:
        own = [one for one in world.bookings if one.key == int(contract["key"])]
        amount, by = int(contract["amount"]), {one.tick: one for one in own if one.kind == m.RENEWAL}
        ended = any(tick not in by for tick in _renewals(model, contract))
        for one in sorted(own, key=lambda one: (one.tick, one.kind == m.EXPANSION)):
            amount = one.amount if one.kind == m.RENEWAL else amount + one.amount
        first, last = (
            int(amount * m.YEAR / contract["term"] + 0.5) for amount in (contract["amount"], amount)
        )
        last = 0 if ended else last
        seat = int(contract["seat"])
        count.add(contract, seat, model.selling.start, c.BASE_START, first)
        count.add(contract, seat, horizon - 1, c.BASE_END, last)
        count.add(contract, seat, horizon - 1, c.BASE_KEPT, min(first, last))


def _renewals(model: Model, contract: Any) -> Iterator[int]:
    tick = int(contract["renews"])
    while tick < model.selling.horizon:
        if tick >= model.selling.start:
            yield tick
        tick += int(contract["term"])
