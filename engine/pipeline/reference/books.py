"""Books: what became of the deals of a world, and what its bookings count by seat, period and measure."""

from __future__ import annotations

from itertools import groupby

import numpy as np

from engine.inputs import IntArray
from engine.pipeline.layout import LINE, Records
from engine.pipeline.model import Closing
from engine.pipeline.reference.deal import Booking, Deal


def lines_of(deals: list[Deal]) -> Records:
    """Return deals as records of LINE."""
    lines = np.zeros(len(deals), LINE)
    for place, deal in enumerate(deals):
        for name in LINE.names or ():
            lines[place][name] = getattr(deal, name)
    return lines


def books(closing: Closing, bookings: list[Booking], seats: int) -> IntArray:
    """Return what bookings count, shape (rep, period, measure); see `engine.pipeline.model.Closing`.

    Lines that a deal or contract books at one tick are one booking to a measure that counts.
    """
    cube = np.zeros((seats, len(closing.edge) - 1, len(closing.money)), dtype=np.int64)
    ordered = sorted(bookings, key=_event)
    for (tick, _, kind, seat), lines in groupby(ordered, _event):
        period = int(np.searchsorted(closing.edge, tick, side="right")) - 1
        items = list(lines)
        for measure, money in enumerate(closing.money):
            counted = [
                line.amount for line in items if closing.counts[measure, kind, line.segment, line.product]
            ]
            cube[seat, period, measure] += sum(counted) if money else min(len(counted), 1)
    return cube


def _event(booking: Booking) -> tuple[int, int, int, int]:
    return booking.tick, booking.key, booking.kind, booking.seat
