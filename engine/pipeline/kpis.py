"""KPIs of the pipeline, one value per replication, by definitions that are printed beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine import amounts
from engine.columns import Column, Table
from engine.inputs import FloatArray, Inputs, IntArray
from engine.pipeline import counters
from engine.pipeline.model import TICKS
from engine.pipeline.summary import MEAN, quantile_columns, summed_up

_LEVELS = (10, 50, 90)


@dataclass(frozen=True)
class Counted:
    """Counters of the replications in units that people read; each of shape (replication,)."""

    tallies: IntArray
    scale: float
    """Minor units in a currency unit."""
    days: float
    """Length of the plan."""
    slots: float
    """Slots of all seats together."""

    def __call__(self, counter: int) -> FloatArray:
        """Return a counter as it is: deals."""
        return self.tallies[:, counter].astype(np.float64)

    def time(self, counter: int) -> FloatArray:
        """Return a counter of ticks in days."""
        return self(counter) / TICKS

    @property
    def won(self) -> FloatArray:
        """Won deals."""
        return self(counters.WON_DEALS)

    @property
    def closed(self) -> FloatArray:
        """Won and lost deals."""
        return self.won + self(counters.LOST_DEALS)

    @property
    def amount(self) -> FloatArray:
        """Money of won deals in currency units."""
        return self(counters.WON_AMOUNT) / self.scale

    @property
    def cycle(self) -> FloatArray:
        """Mean days from the start of work to the close, won and lost deals."""
        return over(self.time(counters.CYCLE_WON) + self.time(counters.CYCLE_LOST), self.closed)

    @property
    def open_deals(self) -> FloatArray:
        """Deals in progress, averaged over the days of the plan."""
        days: FloatArray = self.time(counters.HELD) / self.days
        return days

    @property
    def velocity(self) -> FloatArray:
        """Return n w D / L: open deals, win rate, average deal, cycle."""
        return over(self.open_deals * over(self.won, self.closed) * over(self.amount, self.won), self.cycle)


@dataclass(frozen=True)
class Kpi:
    """A figure of one replication."""

    name: str
    unit: str
    of: Callable[[Counted], FloatArray]
    definition: str


def over(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Return part / whole; NaN where whole is 0."""
    ratio: FloatArray = np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole != 0)
    return ratio


KPIS = (
    Kpi("leads", "deals", lambda c: c(counters.LEADS), "leads that arose in the plan"),
    Kpi("open_at_start", "deals", lambda c: c(counters.OPEN_AT_START), "deals in progress on the first day"),
    Kpi("queued_at_start", "deals", lambda c: c(counters.QUEUED_AT_START), "open deals that nobody works on yet"),
    Kpi("started", "deals", lambda c: c(counters.STARTED), "waiting deals that got a slot in the plan"),
    Kpi("won", "deals", lambda c: c.won, "deals won in the plan"),
    Kpi("lost", "deals", lambda c: c(counters.LOST_DEALS), "deals lost in the plan"),
    Kpi("open_at_end", "deals", lambda c: c(counters.OPEN_AT_END), "deals in progress after the last day"),
    Kpi("waiting_at_end", "deals", lambda c: c(counters.WAITING_AT_END), "leads without a slot after the last day"),
    Kpi("bookings", "money", lambda c: c.amount, "money of deals won in the plan"),
    Kpi("win_rate", "ratio", lambda c: over(c.won, c.closed), "won / (won + lost), by count, closed in the plan"),
    Kpi("average_deal", "money", lambda c: over(c.amount, c.won), "money of won deals / won deals"),
    Kpi("cycle", "days", lambda c: c.cycle, 
        "mean days from start of work (created, if before the plan) to close, won and lost"),
    Kpi("cycle_won", "days", lambda c: over(c.time(counters.CYCLE_WON), c.won), "the same, won deals"),
    Kpi("cycle_lost", "days", lambda c: over(c.time(counters.CYCLE_LOST), c.closed - c.won), "the same, lost deals"),
    Kpi("wait", "days", lambda c: over(c.time(counters.WAIT), c(counters.STARTED)),
        "mean days from arrival to the start of work"),
    Kpi("open_deals", "deals", lambda c: c.open_deals, "deals in progress, averaged over the days of the plan"),
    Kpi("utilisation", "ratio", lambda c: c.open_deals / c.slots,
        "open_deals / slots of all seats; vacancies lower it, deals beyond the slots at the start raise it"),
    Kpi("velocity", "money a day", lambda c: c.velocity,
        "open_deals x win_rate x average_deal / cycle; in a steady state the bookings of a day"),
)  # fmt: skip


def kpi_values(inputs: Inputs, slots: IntArray, tallies: IntArray) -> dict[str, FloatArray]:
    """Return each KPI by name, shape (replication,)."""
    scale = 10.0 ** amounts.decimals(inputs.currency)
    counted = Counted(tallies, scale, float(inputs.calendar.days), float(slots.sum()))
    return {kpi.name: kpi.of(counted) for kpi in KPIS}


def kpi_table(inputs: Inputs, slots: IntArray, tallies: IntArray) -> Table:
    """Sum up every KPI over replications."""
    values = kpi_values(inputs, slots, tallies)
    rows = [
        {"kpi": kpi.name, "unit": kpi.unit}
        | summed_up(values[kpi.name], *_LEVELS)
        | {"definition": kpi.definition}
        for kpi in KPIS
    ]
    columns = (
        Column("kpi", "text", "name of the figure"),
        Column("unit", "text", "deals, days, ratio, or money in currency units"),
        MEAN,
        *quantile_columns(*_LEVELS),
        Column("definition", "text", "how it is computed in each replication; undefined ones are left out"),
    )
    return Table("kpis", columns, pd.DataFrame(rows), "KPIs of the pipeline over replications")
