"""Actual: the year as it stands at `as_of`, with what was booked in place of what was simulated.

Closed periods hold the credit of the deals that were won. The period in which `as_of` lies holds what was won in it and
the part of its simulated credit that falls, by days, from `as_of` on. Later periods stay as they were simulated. Single
deals are those that were won before `as_of`, and the simulated ones that close from then on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from engine.calendar import Calendar
from engine.comp.rounding import Rounding
from engine.comp.terms import cut
from engine.inputs import BoolArray, Inputs, IntArray, Opportunities
from engine.measures import Measure, Measures
from engine.pipeline.bookings import Bookings, WonDeals


def closed_periods(calendar: Calendar) -> int:
    """Return how many periods lie before `as_of` as a whole; 0 without one."""
    if calendar.as_of is None:
        return 0
    return int((calendar.edges[1:] <= calendar.as_of).sum())


def as_it_stands(
    inputs: Inputs, bookings: Bookings, measures: Measures, rounding: Rounding
) -> Bookings | None:
    """Return the bookings with what is known in place; None where nothing is."""
    calendar = inputs.calendar
    if calendar.as_of is None or inputs.actuals is None:
        return None
    as_of = calendar.as_of
    length = np.diff(calendar.edges).astype(np.int64)
    gone = np.clip((as_of - calendar.edges[:-1]).astype(np.int64), 0, length)
    cube = np.array(bookings.cube, dtype=np.int64)
    for p in np.flatnonzero(gone):
        cube[:, :, p] = cut(cube[:, :, p], gone[p], length[p], length[p], rounding)
    known = won(inputs, inputs.actuals, {name: measures.get(name, Measure()) for name in bookings.measures})
    for m, name in enumerate(bookings.measures):
        cube[..., m] += _by_cell(inputs, known, name)

    def again(numbers: IntArray, seats: IntArray | None) -> WonDeals:
        simulated = bookings.deals(numbers, seats)
        theirs = known if seats is None else known.only(np.isin(known.seat, seats))
        return _followed(theirs, simulated.only(simulated.day >= as_of))

    return replace(bookings, cube=cube, again=None if bookings.again is None else again)


def won(inputs: Inputs, deals: Opportunities, measures: Mapping[str, Measure]) -> WonDeals:
    """Return deals that were won in the plan, by day; a deal without a seat counts for nobody."""
    period = inputs.calendar.period_of(inputs.calendar.day(deals.closed))
    counts = np.flatnonzero((deals.outcome == 1) & (deals.rep >= 0) & (period >= 0))
    row = counts[np.argsort(deals.closed[counts], kind="stable")]
    segments = (*inputs.accounts.segments, "")
    places = np.array([*(segments.index(word) for word in inputs.accounts.segment), len(segments) - 1])
    product, segment = deals.product[row], places[deals.account[row]]
    amount = np.maximum(deals.amount[row], 0)
    return WonDeals(
        replications=1,
        replication=np.zeros(row.size, dtype=np.int64),
        seat=deals.rep[row],
        day=deals.closed[row],
        period=period[row],
        product=product,
        segment=segment,
        segments=segments,
        amount=amount,
        credit={
            name: np.where(
                _named(product, (*inputs.products.id, ""), measure.products)
                & _named(segment, segments, measure.segments),
                amount if measure.quantity == "amount" else 1,
                0,
            )
            for name, measure in measures.items()
        },
    )


def _named(index: IntArray, words: tuple[str, ...], chosen: tuple[str, ...]) -> BoolArray:
    """Say which indices into words, -1 for the last, are of the chosen ones; all where none is chosen."""
    return np.array([not chosen or word in chosen for word in words], dtype=np.bool_)[index]


def _by_cell(inputs: Inputs, known: WonDeals, measure: str) -> IntArray:
    """Return what a measure counts of deals of one replication by (rep, period)."""
    cells = np.zeros((len(inputs.reps), inputs.calendar.periods), dtype=np.int64)
    np.add.at(cells, (known.seat, known.period), known.credit[measure])
    return cells


def _followed(known: WonDeals, simulated: WonDeals) -> WonDeals:
    """Return simulated deals with the known ones before them in every replication."""
    count = known.amount.size
    index = np.arange(simulated.replications)
    of = np.concatenate([np.repeat(index, count), simulated.replication])
    order = np.argsort(of, kind="stable")

    def column(before: IntArray, after: IntArray) -> IntArray:
        return np.concatenate([np.tile(before, simulated.replications), after])[order]

    return WonDeals(
        replications=simulated.replications,
        replication=of[order],
        seat=column(known.seat, simulated.seat),
        day=np.concatenate([np.tile(known.day, simulated.replications), simulated.day])[order],
        period=column(known.period, simulated.period),
        product=column(known.product, simulated.product),
        segment=column(known.segment, simulated.segment),
        segments=simulated.segments,
        amount=column(known.amount, simulated.amount),
        credit={name: column(known.credit[name], credit) for name, credit in simulated.credit.items()},
    )
