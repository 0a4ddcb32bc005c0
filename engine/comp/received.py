"""Received: a plain look at the payments of one replication, before what is paid on them is worked out again.

No deal may be paid before it is due by the words of the scenario, or on another day where its customers are never late.
Every payment must be that of a deal which was won in the plan and is paid on that day, of its seat, product, segment
and amount, once, and none may be missing; one of a deal from before the plan must be that of one in the history. What
measures of cash count of payments must add up to what they count by period.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

import numpy as np

from engine.inputs import Inputs
from engine.pipeline.bookings import Bookings, WonDeals

_Key = tuple[int, int, int, int, dt.date, dt.date]
"""Seat, product, segment and amount of a deal, the day on which it is won, and that on which it is paid."""


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
    unpaid, past = Counter[_Key](), _before_plan(inputs)
    assert won.paid is not None
    columns = (won.seat, won.product, won.segment, won.amount, won.day, won.booked, won.paid)
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    after = inputs.calendar.edges[-1].astype(dt.date)
    for seat, product, segment, amount, day, closed, paid in rows:
        if closed is None:
            rule = of_segment[segment]
            due = day + dt.timedelta(days=rule["terms"])
            if paid < due or (paid > due and rule["late"] is None):
                yield f"a deal of {inputs.reps.id[seat]}, won on {day}, is paid on {paid}, and due on {due}"
            if paid < after and bookings.cash:
                unpaid[seat, product, segment, amount, day, paid] += 1
    for seat, product, segment, amount, day, closed, _ in rows:
        if closed is None:
            continue
        if unpaid[seat, product, segment, amount, closed, day]:
            unpaid[seat, product, segment, amount, closed, day] -= 1
        elif of_segment[segment]["before_plan"] == "history" and past[product, amount]:
            past[product, amount] -= 1
        else:
            yield f"a payment to {inputs.reps.id[seat]} on {day} is that of no deal which is paid then"
    for (seat, *_, day, paid), count in unpaid.items():
        if count:
            yield f"a deal of {inputs.reps.id[seat]}, won on {day}, has no payment on {paid}"


def _before_plan(inputs: Inputs) -> Counter[tuple[int, int]]:
    """Count the deals that were won before the plan, by product and amount."""
    deals, first = inputs.history, inputs.calendar.start
    rows = np.flatnonzero((deals.outcome == 1) & (deals.closed < first))
    return Counter(zip(deals.product[rows].tolist(), deals.amount[rows].tolist(), strict=True))
