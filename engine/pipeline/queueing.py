"""Who is with a seat, and in which order: deals open at the start, and leads as they arise."""

from __future__ import annotations

import numpy as np

from engine.inputs import IntArray
from engine.pipeline.draws import arrival_mass, instant
from engine.pipeline.model import LINE, Arising, Future, Opening, Records
from engine.streams import child, compiled


@compiled
def grown(rows: Records) -> Records:
    """Return the rows with room for as many again."""
    larger = np.empty(2 * len(rows) + 64, LINE)
    for place in range(len(rows)):
        larger[place] = rows[place]
    return larger


@compiled
def known_deals(opening: Opening, seat: int) -> tuple[Records, int]:
    """Return a seat's open deals, first those in progress and then those in the queue, and how many the former are."""
    first, end = opening.first[seat], opening.first[seat + 1]
    deals, count, started = np.empty(end - first, LINE), 0, 0
    for in_queue in range(2):
        for row in range(first, end):
            known = opening.deal[row]
            if (known["stage"] < 0) == (in_queue == 1):
                deal = deals[count]
                deal["key"], deal["account"], deal["segment"] = (
                    known["key"],
                    known["account"],
                    known["segment"],
                )
                deal["product"], deal["amount"], deal["row"] = known["product"], known["amount"], row
                deal["arrival"] = 0 if in_queue else known["created"]
                count += 1
        started = started if in_queue else count
    return deals, started


@compiled
def with_leads(deals: Records, arising: Arising, future: Future, seat: int) -> Records:
    """Return the deals with the leads that arise at the seat's accounts behind them."""
    count = len(deals)
    for place in range(arising.first[seat], arising.first[seat + 1]):
        number = arising.of_seat[place]
        account = arising.account[number]
        key, rate = account["key"], account["rate"] * future.arrivals
        mass, index = arrival_mass(future, key, 0), 0
        while mass < rate:
            if count == len(deals):
                deals = grown(deals)
            deal = deals[count]
            deal["key"], deal["account"], deal["segment"] = child(key, index), number, account["segment"]
            deal["product"], deal["amount"], deal["row"] = -1, -1, -1
            deal["arrival"] = instant(arising, mass / rate)
            count += 1
            index += 1
            mass += arrival_mass(future, key, index)
    return deals[:count]


@compiled
def served_order(deals: Records, started: int) -> IntArray:
    """Return the deals in progress as they stand, then the others by (arrival, entity).

    A Shell sort, as rows are few and compile time counts.
    """
    order = np.arange(len(deals))
    gap = 1
    while gap < len(order) // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for right in range(started + gap, len(order)):
            item, at = order[right], right
            arrival, key = deals[item]["arrival"], deals[item]["key"]
            while at >= started + gap:
                before = deals[order[at - gap]]
                if before["arrival"] < arrival or (before["arrival"] == arrival and before["key"] < key):
                    break
                order[at] = order[at - gap]
                at -= gap
            order[at] = item
        gap //= 3
    return order
