"""Event log: one replication traced: what happened, its deals, and what they booked.

The log has the column names that process-mining tools expect (XES, IEEE 1849: `case:concept:name`, `concept:name`,
`time:timestamp`, `org:resource`, `lifecycle:transition`), so it can be read by them as it is, and rows in the order in
which things happened, also at one moment. It comes from the reference engine, which simulates the replication
independently of the kernel that filled the cube: that both agree is checked, not assumed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from engine.columns import Column, Table
from engine.inputs import Inputs, IntArray, Words
from engine.measures import KINDS
from engine.pipeline.build import Built
from engine.pipeline.factors import futures
from engine.pipeline.layout import (
    ADVANCED,
    ARRIVED,
    ASKED,
    DISCARDED,
    ENTERED,
    EXPANSION,
    FREED,
    GAVE_UP,
    GRANTED,
    LOST_THERE,
    MOVED,
    OUTCOMES,
    RECYCLED,
    RENEWAL,
    STARTED,
    TICKS,
    WON_THERE,
    Records,
)
from engine.pipeline.model import future_of
from engine.pipeline.names import Names
from engine.pipeline.reference import World, simulate_one
from engine.pipeline.reference.books import books, lines_of
from engine.pipeline.reference.deal import Booking, Deal, Event
from engine.pipeline.replications import enter_receipts
from engine.pipeline.run_tables import COUNTS, booked

ACTIVITIES = {
    ARRIVED: "arrived",
    STARTED: "started",
    ENTERED: "entered",
    ASKED: "asked for",
    GRANTED: "was granted",
    FREED: "gave back",
    ADVANCED: "left",
    RECYCLED: "went back from",
    MOVED: "moved",
    DISCARDED: "dropped",
    GAVE_UP: "gave up",
    LOST_THERE: "lost",
    WON_THERE: "won",
}
"""Activity of each event; some are followed by the stage or the resource."""
LIFECYCLE = {ENTERED: "start", ASKED: "schedule", GRANTED: "start", MOVED: "reassign"}
"""Lifecycle transition of each event, in the words of XES; those that are not named here are `complete`."""
SINCE = {
    STARTED: ARRIVED,
    GAVE_UP: ARRIVED,
    ADVANCED: ENTERED,
    RECYCLED: ENTERED,
    LOST_THERE: ENTERED,
    WON_THERE: ENTERED,
    GRANTED: ASKED,
    FREED: GRANTED,
}
"""What began an event: the log tells when, so that waits and days in stages can be read from one row."""
_BOOKED = {RENEWAL: "renewed", EXPANSION: "expanded"}
_WITH_STAGE, _WITH_RESOURCE = {ENTERED, ADVANCED, RECYCLED}, {ASKED, GRANTED, FREED}


class About(NamedTuple):
    """What a model does not know."""

    stages: Words
    measures: Words


@dataclass(frozen=True)
class Trace:
    """What happened in one replication."""

    events: Table
    """A row each, in the order in which they happened."""
    deals: Table
    bookings: Table
    cube: IntArray
    """What was booked, with what was booked before `as_of`, shape (rep, period, measure)."""
    totals: dict[str, int]
    """What the table `replications` says of it, by column."""
    lines: Records
    """The deals as the kernel writes them, LINE each."""


def told(inputs: Inputs, built: Built, about: About, seed: int, replication: int) -> Trace:
    """Simulate one replication alone, and tell what happened; see `engine.pipeline.trace`."""
    world = simulate_one(built.model, future_of(futures(built.spreads, seed, replication, 1), 0))
    names = Names(inputs, built, about.stages)
    cube = books(built.model.closing, world.bookings, len(inputs.reps))
    if built.booked is not None:
        built.booked.add_to(cube[None])
    if built.receipts is not None and built.receipts.cash.size:
        enter_receipts(built, seed, replication, cube[None])
    outcomes = Counter(OUTCOMES[deal.outcome] for deal in world.deals)
    totals = {
        booked(name): int(total) for name, total in zip(about.measures, cube.sum(axis=(0, 1)), strict=True)
    }
    totals |= {name: outcomes[name] for name in COUNTS}
    tables = _events(world, names), _deals(world, names), _bookings(world, names)
    return Trace(*tables, cube, totals, lines_of(world.deals))


def _events(world: World, names: Names) -> Table:
    deals = {int(deal.key): deal for deal in world.deals}
    rows = [
        (event.tick, _row(event, since, deals[event.key], names))
        for event, since in zip(world.events, _began(world), strict=True)
    ]
    rows += [(one.tick, _contract_row(one, names)) for one in world.bookings if one.kind in _BOOKED]
    rows.sort(key=lambda row: row[0])
    columns = (
        Column("case:concept:name", "text", "the deal: its id if it was open at the start; the contract"),
        Column("concept:name", "text", "what happened"),
        Column("time:timestamp", "text", "when, ISO 8601, to the microsecond"),
        Column("org:resource", "text", "seat that has the deal then"),
        Column(
            "lifecycle:transition",
            "text",
            "start of a stage or unit, schedule of a unit, reassign, or complete",
        ),
        Column(
            "since",
            "text",
            "when that began which ends here: the wait, the stage, the hold of a unit",
        ),
        Column("stage", "text", "stage in which the deal is; blank outside of any"),
        Column("shared_resource", "text", "what is asked for or granted"),
        Column("amount", "money", "booked then"),
        Column("case:segment", "text", "segment; blank for deals without an account"),
        Column("case:source", "text", "source of the lead; blank for deals that were open at the start"),
        Column("case:product", "text", "product"),
        Column("case:account", "text", "account, where there is one"),
    )
    frame = _frame(columns, [row for _, row in rows])
    return Table("events", columns, frame, "Event log of one replication")


def _began(world: World) -> list[int]:
    """Return for every event the tick at which that began which it ends; its own tick where it ends nothing."""
    opening = world.model.opening.deal
    begun = dict[tuple[int, int, int], int]()
    for row in opening[opening["stage"] >= 0]:
        entered = world.selling.start - round(float(row["age"]) * TICKS)
        begun[int(row["key"]), ENTERED, int(row["stage"])] = entered
    found = []
    for event in world.events:
        stage = -1 if SINCE.get(event.what) == ARRIVED else event.stage
        found.append(begun.get((event.key, SINCE.get(event.what, -1), stage), event.tick))
        begun[event.key, event.what, event.stage] = event.tick
    return found


def _row(event: Event, since: int, deal: Deal, names: Names) -> tuple[object, ...]:
    stage, resource = names.stage(event.stage), None
    activity = ACTIVITIES[event.what]
    if event.what in _WITH_STAGE:
        activity = f"{activity} {stage}"
    elif event.what in _WITH_RESOURCE:
        resource = names.resources[event.stage]
        activity = f"{activity} {resource}"
    return (
        names.case(event.key), activity, names.moment(event.tick), names.seat(event.seat),
        LIFECYCLE.get(event.what, "complete"), names.moment(since), stage, resource,
        deal.amount if event.what == WON_THERE else None, names.segments[deal.segment], names.source(deal.source),
        names.product(deal.product), names.account(deal.account),
    )  # fmt: skip


def _contract_row(one: Booking, names: Names) -> tuple[object, ...]:
    return (
        names.case(one.key), _BOOKED[one.kind], names.moment(one.tick), names.seat(one.seat), "complete",
        names.moment(one.tick), None, None,
        one.amount, names.segments[one.segment], None, names.product(one.product), names.account_of(one.key),
    )  # fmt: skip


def _deals(world: World, names: Names) -> Table:
    columns = (
        Column("deal", "text", "as in the event log"),
        Column("rep", "text", "seat that had it last; blank where none did"),
        Column("account", "text", "account, where there is one"),
        Column("segment", "text", "segment; blank for deals without an account"),
        Column("source", "text", "source of the lead; blank for deals that were open at the start"),
        Column("product", "text", "product that it is for"),
        Column("arrival", "text", "when it arose, or was created; ISO 8601"),
        Column("start", "text", "when work began; blank where it has not"),
        Column("end", "text", "when it was won or lost; blank where it was not"),
        Column(
            "outcome",
            "text",
            "won, lost, open, waiting (for a slot), dropped (its product is sold no more) or abandoned",
        ),
        Column("recycled", "whole", "times it went back to an earlier stage"),
        Column("amount", "money", "of all its products; blank unless known or won"),
    )
    rows = [
        (
            names.case(int(deal.key)), names.seat(deal.seat), names.account(deal.account),
            names.segments[deal.segment], names.source(deal.source), names.product(deal.product),
            names.moment(deal.arrival), names.moment(deal.start), names.moment(deal.end),
            OUTCOMES[deal.outcome], deal.recycled, deal.amount if deal.amount >= 0 else None,
        )
        for deal in sorted(world.deals, key=lambda deal: (deal.arrival, int(deal.key)))
    ]  # fmt: skip
    return Table("deals", columns, _frame(columns, rows), "Deals of one replication")


def _bookings(world: World, names: Names) -> Table:
    columns = (
        Column("deal", "text", "deal or contract, as in the event log"),
        Column("rep", "text", "seat that booked it"),
        Column("time", "text", "when, ISO 8601"),
        Column("kind", "text", "new, renewal or expansion"),
        Column("segment", "text", "segment; blank for deals without an account"),
        Column("product", "text", "product"),
        Column("amount", "money", "of this product"),
    )
    rows = [
        (
            names.case(one.key), names.seat(one.seat), names.moment(one.tick), KINDS[one.kind],
            names.segments[one.segment], names.product(one.product), one.amount,
        )
        for one in sorted(world.bookings, key=lambda one: (one.tick, one.key))
    ]  # fmt: skip
    return Table("bookings", columns, _frame(columns, rows), "Bookings of one replication, by product")


def _frame(columns: tuple[Column, ...], rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=[column.name for column in columns], dtype=object)
    whole = {column.name: "Int64" for column in columns if column.type in ("money", "whole")}
    return frame.astype(whole)
