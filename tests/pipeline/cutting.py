"""A simulated year cut on a day: the tables as a CRM would show them then."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.inputs import Inputs, Opportunities
from engine.pipeline.layout import ENTERED, TICKS, WON
from engine.pipeline.reference import Deal, World

NAT = np.datetime64("NaT", "D")


def cut(inputs: Inputs, world: World, as_of: str) -> Inputs:
    """The inputs on a day of a year that began empty: what has closed, and what is open with its stage and age."""
    day = np.datetime64(as_of, "D")
    tick = int((day - inputs.calendar.start).astype(int)) * TICKS
    deals = [deal for deal in world.deals if deal.arrival < tick]
    shut = [deal for deal in deals if 0 <= deal.end < tick]
    still = [deal for deal in deals if not 0 <= deal.end < tick]
    last = {event.key: event for event in world.events if event.tick < tick}

    def on(ticks: int) -> np.datetime64:
        return np.datetime64(inputs.calendar.start + np.timedelta64(ticks // TICKS, "D"), "D")

    def stage(deal: Deal) -> tuple[str, np.datetime64]:
        event = last[int(deal.key)]
        return (f"S{event.stage}", on(event.tick)) if event.what == ENTERED else ("new", on(deal.arrival))

    def table(kept: list[Deal], closed: bool) -> Opportunities:
        ends = [on(deal.end) if closed else NAT for deal in kept]
        stands = [("Closed", end) if closed else stage(deal) for deal, end in zip(kept, ends, strict=True)]
        won = [deal.outcome == WON for deal in kept]
        return Opportunities(
            id=tuple(f"{'C' if closed else 'O'}{k:05d}" for k in range(len(kept))),
            account=np.array([deal.account for deal in kept], dtype=np.int64),
            rep=np.array([deal.seat for deal in kept], dtype=np.int64),
            product=np.array([deal.product for deal in kept], dtype=np.int64),
            stage=tuple(name for name, _ in stands),
            outcome=np.array(won if closed else [-1] * len(kept), dtype=np.int8),
            created=np.array([on(deal.arrival) for deal in kept], dtype="datetime64[D]"),
            entered=np.array([since for _, since in stands], dtype="datetime64[D]"),
            closed=np.array(ends, dtype="datetime64[D]"),
            amount=np.array([deal.amount if closed else -1 for deal in kept], dtype=np.int64),
        )

    plan = replace(inputs.calendar, as_of=day)
    return replace(inputs, calendar=plan, actuals=table(shut, True), pipeline=table(still, False))
