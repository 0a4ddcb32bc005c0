"""Definitions: the key figures that counters give in every replication, in words and as a formula."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.inputs import FloatArray
from engine.pipeline import counters as c
from engine.pipeline.kpis.counted import Counted, over
from engine.pipeline.kpis.groups import Dimension

EVERYWHERE: frozenset[Dimension] = frozenset(("total", "level", "rep", "segment", "period"))
OF_SEATS: frozenset[Dimension] = EVERYWHERE - {"segment"}
OF_DEALS: frozenset[Dimension] = EVERYWHERE - {"period"}


@dataclass(frozen=True)
class Kpi:
    """A figure of one replication."""

    name: str
    unit: str
    of: Callable[[Counted], FloatArray]
    definition: str
    dimensions: frozenset[Dimension] = EVERYWHERE
    """What it is defined for."""


def _presence(counted: Counted) -> FloatArray:
    return counted.time(c.PRESENT) / counted.days


KPIS = (
    Kpi("leads", "deals", lambda k: k(c.LEADS), "leads that arose and found a seat"),
    Kpi("dropped", "deals", lambda k: k(c.DROPPED_LEADS), "leads that asked for a product that is sold no more"),
    Kpi("open_at_start", "deals", lambda k: k(c.OPEN_AT_START), "deals in progress at the start", OF_DEALS),
    Kpi("queued_at_start", "deals", lambda k: k(c.QUEUED_AT_START), "open deals that nobody works on yet at the start",
        OF_DEALS),
    Kpi("started", "deals", lambda k: k(c.STARTED), "waiting deals that got a slot"),
    Kpi("abandoned", "deals", lambda k: k(c.ABANDONED_LEADS), "leads that gave up waiting for a slot"),
    Kpi("won", "deals", lambda k: k.won, "deals won"),
    Kpi("lost", "deals", lambda k: k.lost, "deals lost, with those that were lost as somebody left"),
    Kpi("open_at_end", "deals", lambda k: k(c.OPEN_AT_END), "deals in progress after the last day", OF_DEALS),
    Kpi("waiting_at_end", "deals", lambda k: k(c.WAITING_AT_END), "leads without a slot after the last day", OF_DEALS),
    Kpi("bookings", "money", lambda k: k.money(c.WON_AMOUNT), "money of won deals; renewals and expansions are apart"),
    Kpi("win_rate", "ratio", lambda k: k.win_rate, "won / (won + lost), by count, of deals closed in the time"),
    Kpi("average_deal", "money", lambda k: k.average, "money of won deals / won deals"),
    Kpi("cycle", "days", lambda k: k.cycle,
        "mean days from the start of work (created, if before the start) to the close, won and lost"),
    Kpi("cycle_won", "days", lambda k: over(k.time(c.CYCLE_WON), k.won), "the same, won deals"),
    Kpi("cycle_lost", "days", lambda k: over(k.time(c.CYCLE_LOST), k.lost), "the same, lost deals"),
    Kpi("wait", "days", lambda k: over(k.time(c.WAIT), k(c.STARTED)),
        "mean days from arrival to the start of work, of deals that were started"),
    Kpi("open_deals", "deals", lambda k: k.open_deals, "deals in progress, averaged over the days"),
    Kpi("velocity", "money a day", lambda k: k.velocity,
        "open_deals x win_rate x average_deal / cycle, with the cycle of all closed deals; in a steady state the "
        "bookings of a day"),
    Kpi("people", "people", _presence, "seats that somebody sits in, averaged over the days", OF_SEATS),
    Kpi("quits", "people", lambda k: k(c.QUITS), "people who quit", OF_SEATS),
    Kpi("hired", "people", lambda k: k(c.HIRED), "people who came as a backfill", OF_SEATS),
    Kpi("moved", "deals", lambda k: k(c.MOVED), "deals that were handed over, at the seat that took them"),
    Kpi("utilisation", "ratio", lambda k: over(k(c.HELD), k(c.SLOT_TICKS)),
        "time of slots in use / time of the slots of seats where somebody sits; above 1 where deals are in progress "
        "beyond the slots, or at seats that nobody sits in", OF_SEATS),
    Kpi("capacity", "deals", lambda k: k.capacity,
        "deals that the slots of the people who are there can close: their time / cycle", OF_SEATS),
    Kpi("capacity_money", "money", lambda k: k.capacity * k.win_rate * k.average,
        "capacity x win_rate x average_deal: bookings with every slot in use", OF_SEATS),
    Kpi("renewals", "contracts", lambda k: k(c.RENEWALS), "contracts that came to a renewal"),
    Kpi("churned", "contracts", lambda k: k(c.CHURNED), "contracts that ended at it"),
    Kpi("logo_churn", "ratio", lambda k: over(k(c.CHURNED), k(c.RENEWALS)), "churned / renewals"),
    Kpi("renewed", "money", lambda k: k.money(c.RENEWED_AMOUNT), "amounts of contracts after their renewal"),
    Kpi("expanded", "money", lambda k: k.money(c.EXPANDED_AMOUNT), "what expansions added to amounts of a term"),
    Kpi("renewal_rate", "ratio", lambda k: over(k(c.KEPT_AMOUNT), k(c.DUE_AMOUNT)),
        "amount that was due and is kept / amount due, at renewals; growth does not count"),
    Kpi("nrr", "ratio", lambda k: over(k(c.BASE_END), k(c.BASE_START)),
        "net revenue retention: yearly amount at the end / at the start, of the contracts that there were at the start",
        OF_DEALS),
    Kpi("grr", "ratio", lambda k: over(k(c.BASE_KEPT), k(c.BASE_START)),
        "gross revenue retention: the same with each contract at no more than it was", OF_DEALS),
)  # fmt: skip
"""In the order in which they are shown."""


def kpi_values(counted: Counted) -> dict[str, FloatArray]:
    """Return each figure by name, shape (replication,)."""
    return {kpi.name: np.asarray(kpi.of(counted), dtype=np.float64) for kpi in KPIS}
