"""Resold: won deals that a simulation makes again, as credited rows.

A deal is credited to whoever holds its seat on the day on which it closes, also when its customer pays later, where a
measure counts with the cash; one that was won before the plan, to whoever holds it on the day of the payment. What a
vacant seat wins pays nobody.
"""

from __future__ import annotations

import numpy as np

from engine.calendar import DateArray
from engine.comp.book import Labels
from engine.comp.exact import Rows
from engine.inputs import Inputs, IntArray, Spells
from engine.pipeline.bookings import WonDeals

NOBODY = -1
_DAYS = 1 << 32


def rows(inputs: Inputs, won: WonDeals, *, waits: bool = False) -> Rows:
    """Return the deals that are credited to somebody, by replication and the moment of closing.

    Where pay `waits` for the customer, with the period in which each is paid.
    """
    spell = holder(inputs.spells, won.seat, won.held)
    held = np.flatnonzero(spell != NOBODY)
    return Rows(
        spell=spell[held],
        period=won.period[held],
        credit={name: credit[held] for name, credit in won.credit.items()},
        day=won.day[held],
        labels={name: column.take(held) for name, column in said(inputs, won).items()},
        replication=won.replication[held],
        replications=won.replications,
        due=paid_in(inputs, won)[held] if waits else None,
    )


def paid_in(inputs: Inputs, won: WonDeals) -> IntArray:
    """Return the period in which the customer pays each deal, or in which a payment comes; -1 after the plan."""
    assert won.paid is not None
    day = np.where(np.isnat(won.paid), won.day, won.paid)
    return inputs.calendar.period_of(inputs.calendar.day(day))


def said(inputs: Inputs, won: WonDeals) -> dict[str, Labels]:
    """Return what simulated deals say, shape (deal,)."""
    unknown = len(inputs.products.id)
    product = np.where(won.product < 0, unknown, won.product)
    return {
        "product": Labels(product, (*inputs.products.id, "")),
        "segment": Labels(won.segment, won.segments),
    }


def holder(spells: Spells, seat: IntArray, day: DateArray) -> IntArray:
    """Return the spell that holds a seat on a day, -1 for none; shape (deal,).

    Spells of one seat do not overlap, so of those that have begun only the last one can still run.
    """
    if not len(spells):
        return np.full(seat.shape, NOBODY, dtype=np.int64)
    order = np.lexsort((spells.start, spells.rep))
    begun = np.searchsorted(_by_seat(spells.rep, spells.start)[order], _by_seat(seat, day), side="right") - 1
    last = order[np.maximum(begun, 0)]
    holds = (begun >= 0) & (spells.rep[last] == seat) & ~(day >= spells.end[last])
    return np.where(holds, last, NOBODY)


def _by_seat(seat: IntArray, day: DateArray) -> IntArray:
    """Return one number that rises by seat, and by day within a seat."""
    return np.asarray(seat * _DAYS + day.astype("datetime64[D]").astype(np.int64), dtype=np.int64)
