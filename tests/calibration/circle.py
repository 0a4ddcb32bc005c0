"""Full circle: what the engine simulated, as a CRM would show it on the first of January 2027."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from engine.calendar import CalendarSpec, calendar
from engine.inputs import Inputs
from engine.measures import Measure
from engine.pipeline.build import build
from engine.pipeline.factors import each, futures
from engine.pipeline.layout import ENTERED, LOST, TICKS, WON
from engine.pipeline.reference import simulate_one
from engine.pipeline.spec import PipelineSpec
from tests.calibration.exports import TODAY, company
from tests.worlds import world


@dataclass(frozen=True)
class Simulated:
    """An export, and what came after it."""

    inputs: Inputs
    booked: int
    """Money of deals that were won from the day of the export on, minor units."""


def exported(
    truth: PipelineSpec,
    seed: int,
    *,
    visible: int = 365,
    stages: bool = True,
    begin: dt.date = dt.date(2026, 1, 1),
) -> Simulated:
    """Simulate twelve months of a pipeline once, and cut them.

    Args:
        truth: what is simulated.
        seed: of the one replication.
        visible: only closes of the last so many days are in the export, and what is still open.
        stages: whether the export has a history of stages.
        begin: first day, when nothing is open yet; what closes after the export is what came.

    """
    year = replace(world(), calendar=calendar(CalendarSpec(start=begin)))
    begun = (TODAY.astype(dt.date) - begin).days
    built = build(year, year.accounts.owner, truth, {"bookings": Measure()})
    (future,) = each(futures(built.spreads, seed, 0, 1))
    run = simulate_one(built.model, future)
    names = [stage.name for stage in truth.stages]

    def day(tick: int) -> int:
        return tick // TICKS - begun

    entries = [
        (f"D{event.key:020d}", names[event.stage], day(event.tick))
        for event in run.events
        if event.what == ENTERED and day(event.tick) < 0
    ]
    last = {name: stage for name, stage, _ in sorted(entries, key=lambda entry: entry[2])}
    rows, gone, booked = [], set[str](), 0
    for deal in run.deals:
        name, end = f"D{int(deal.key):020d}", day(deal.end)
        closed = deal.outcome in (WON, LOST)
        if closed and deal.outcome == WON and end >= 0:
            booked += int(deal.amount)
        if day(deal.arrival) >= 0 or (closed and end < -visible):
            gone.add(name)
            continue
        row = {"id": name, "account": deal.account, "rep": deal.seat, "product": deal.product}
        row |= {"created": day(deal.arrival), "stage": last.get(name, names[0])}
        if closed and end < 0:
            row |= {"closed": end, "outcome": int(deal.outcome == WON)}
            row["amount"] = deal.amount if deal.outcome == WON else -1
        rows.append(row)
    kept = [entry for entry in entries if entry[0] not in gone]
    return Simulated(company(rows, kept if stages else ()), booked)
