"""Received: a plain look at the payments of one replication, before what is paid on them is worked out again.

Every payment must be that of a deal that was won in the plan: of its seat, product, segment and amount, once, and not
before it is due by the words of the scenario. Where customers pay on the day when it is due, none may be missing. A
payment of a deal from before the plan must be that of one in the history. What measures of cash count of payments must
add up to what they count by period.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

import numpy as np

from engine.inputs import Inputs
from engine.pipeline.bookings import Bookings, WonDeals


def violations(inputs: Inputs, bookings: Bookings, replication: int, won: WonDeals) -> Iterator[str]:
    """Yield what is wrong with the payments of a replication, given its deals, one sentence each."""
    if won.booked is None or bookings.resolved is None:
        return
    for name in bookings.cash:
        sums = np.zeros(bookings.cube.shape[1:3], dtype=np.int64)
        np.add.at(sums, (won.seat, won.period), won.credit[name])
        if (sums != bookings.measure(name)[replication]).any():
            yield f"what {name} counts of payments is not what it counts by period"
    said = [one.model_dump() for one in bookings.resolved.processes if one.kind == "payment"]
    rules = {segment: one for one in said for segment in one["segments"] or ("",)}
    of_segment = [rules.get(segment, rules[""]) for segment in won.segments]
    open_ = Counter[tuple[int, int, int, int, dt.date]]()
    past = _before_plan(inputs)
    what = list(
        zip(won.seat.tolist(), won.product.tolist(), won.segment.tolist(), won.amount.tolist(), strict=True)
    )
    days, booked = won.day.tolist(), won.booked.tolist()
    for deal, day, closed in zip(what, days, booked, strict=True):
        if closed is None:
            open_[*deal, day] += 1
    for deal, day, closed in zip(what, days, booked, strict=True):
        if closed is None:
            continue
        (seat, product, segment, amount), rule = deal, of_segment[deal[2]]
        if open_[*deal, closed] and day >= closed + dt.timedelta(days=rule["terms"]):
            open_[*deal, closed] -= 1
        elif rule["before_plan"] == "history" and past[product, amount]:
            past[product, amount] -= 1
        else:
            yield f"a payment to {inputs.reps.id[seat]} on {day} is that of no deal which was due by then"
    after = inputs.calendar.edges[-1].astype(dt.date)
    for (seat, _, segment, _, day), count in open_.items():
        rule = of_segment[segment]
        if count and rule["late"] is None and day + dt.timedelta(days=rule["terms"]) < after:
            yield f"a deal of {inputs.reps.id[seat]}, won on {day}, is not paid when it is due"


def _before_plan(inputs: Inputs) -> Counter[tuple[int, int]]:
    """Count the deals that were won before the plan, by product and amount."""
    deals, first = inputs.history, inputs.calendar.start
    rows = np.flatnonzero((deals.outcome == 1) & (deals.closed < first))
    return Counter(zip(deals.product[rows].tolist(), deals.amount[rows].tolist(), strict=True))
