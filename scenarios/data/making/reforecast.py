"""The annual plan's company on 1 May 2027: what one simulated future of the plan has closed, and what it has open.

The deals are those of a replication that no run of the plan has, cut on that day: so the export is what the pipeline
of the plan produces, draw by draw, and a re-forecast from it can be held against the plan.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from making.export import OPPORTUNITIES
from making.files import Row, read, write
from making.sales import LOST, WON

if TYPE_CHECKING:
    from engine.inputs import Inputs
    from engine.pipeline.reference import Deal, Event, World

TODAY = dt.date(2027, 5, 1)
REPLICATION = 1003
"""Its number: the first behind the plan's own in which nobody quits before the day, so that the people hold."""
WAITING = "New"
"""Stage of leads that nobody works on yet."""


def make(folder: Path, plan: Path, owners: Path) -> None:
    """Write the deals closed since January and those open on 1 May.

    Args:
        folder: where to write them.
        plan: the scenario of the annual plan.
        owners: table of the seat of each account since January, as the plan has it.

    """
    from engine.calendar import calendar
    from engine.data import read as read_tables
    from engine.pipeline.build import build
    from engine.pipeline.factors import each, futures
    from engine.pipeline.reference import simulate_one
    from engine.scenario import Scenario

    scenario = Scenario.load(plan)
    year = calendar(scenario.calendar)
    inputs = read_tables(scenario.data, year, scenario.currency, scenario.source.base)
    seat = {name: place for place, name in enumerate(inputs.reps.id)}
    holder = {account: seat[rep] for account, rep, _ in read(owners)}
    rep_of = np.array([holder[account] for account in inputs.accounts.id], dtype=np.int64)
    built = build(inputs, rep_of, scenario.pipeline, scenario.measures)
    (future,) = each(futures(built.spreads, scenario.seed, REPLICATION, 1))
    stages = [stage.name for stage in scenario.pipeline.stages]
    export = _Export(inputs, stages, simulate_one(built.model, future))
    header = OPPORTUNITIES.split(",")
    write(folder / "crm_closed.csv", header, export.rows(closed=True))
    write(folder / "crm_open.csv", header, export.rows(closed=False))


class _Export:
    """The deals of a simulated year as a CRM shows them on a day."""

    def __init__(self, inputs: Inputs, stages: list[str], world: World) -> None:
        from engine.pipeline.layout import TICKS

        self.inputs, self.stages, self.ticks = inputs, stages, TICKS
        self.opening = world.model.opening.deal
        self.cut = (np.datetime64(TODAY) - inputs.calendar.start).astype(int) * TICKS
        self.deals = sorted(
            (deal for deal in world.deals if deal.arrival < self.cut),
            key=lambda deal: (deal.arrival, int(deal.key)),
        )
        self.last: dict[int, Event] = {}
        for event in world.events:
            if event.tick < self.cut:
                self.last[event.key] = event
        new = [int(deal.key) for deal in self.deals if deal.row < 0]
        known = zip(inputs.pipeline.key.tolist(), inputs.pipeline.id, strict=True)
        self.name = {key: f"008{number:06d}" for number, key in enumerate(new, 10_001)} | dict(known)

    def rows(self, closed: bool) -> list[Row]:
        """Return the deals that are closed on the day, or those that are open."""
        return [self._row(deal) for deal in self.deals if self._shut(deal) == closed]

    def _row(self, deal: Deal) -> Row:
        inputs, shut = self.inputs, self._shut(deal)
        opened = self.opening[deal.row] if deal.row >= 0 else None
        stage, since = self._stage(deal)
        known = -1 if opened is None else int(opened["amount"])
        amount = deal.amount if stage == WON else known
        return [
            self.name[int(deal.key)],
            inputs.accounts.id[deal.account] if deal.account >= 0 else None,
            inputs.reps.id[self._seat(deal)],
            inputs.products.id[deal.product],
            stage,
            self._day(deal.arrival if opened is None else opened["created"]),
            None if since is None else self._day(since),
            self._day(deal.end) if shut else None,
            f"{amount / 100:.2f}" if amount >= 0 else None,
        ]

    def _seat(self, deal: Deal) -> int:
        """Return the seat that has a deal on the day: it may be handed over later."""
        event = self.last.get(int(deal.key))
        return int(self.opening[deal.row]["seat"]) if event is None else event.seat

    def _shut(self, deal: Deal) -> bool:
        return 0 <= deal.end < self.cut

    def _stage(self, deal: Deal) -> tuple[str, int | None]:
        """Return where a deal stands on the day, and the tick since when."""
        from engine.pipeline.layout import ENTERED
        from engine.pipeline.layout import WON as IS_WON

        event = self.last.get(int(deal.key))
        if self._shut(deal):
            return (WON if deal.outcome == IS_WON else LOST), deal.end
        if event is None:
            row = self.opening[deal.row]
            return self.stages[row["stage"]], -round(float(row["age"]) * self.ticks)
        return (self.stages[event.stage], event.tick) if event.what == ENTERED else (WAITING, None)

    def _day(self, tick: int) -> dt.date:
        day: dt.date = (self.inputs.calendar.start + np.timedelta64(int(tick) // self.ticks, "D")).astype(
            dt.date
        )
        return day
