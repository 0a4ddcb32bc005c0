"""Actual: what was won in the plan before `as_of`, counted as simulated deals are, and put before them.

A simulation with `as_of` starts there. So a closed period holds what was won in it, and the period in which `as_of`
lies holds what was won in it and what is simulated from then on. Deals that were closed count as new business, and
renewals and expansions as such where the table of actuals tells them apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.inputs import BoolArray, Inputs, IntArray, Opportunities
from engine.measures import KINDS, Measures
from engine.pipeline.bookings import Regenerating, WonDeals


def won(inputs: Inputs, deals: Opportunities, measures: Measures) -> WonDeals:
    """Return what was won in the plan, by day; what has no seat counts for nobody."""
    period = inputs.calendar.period_of(inputs.calendar.day(deals.closed))
    kinds = np.array([KINDS.index(kind) for kind in deals.kind] or [0] * len(deals), dtype=np.int64)
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
                _named(kinds[row], KINDS, measure.kinds)
                & _named(product, (*inputs.products.id, ""), measure.products)
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


def _together(one: WonDeals, other: WonDeals) -> WonDeals:
    """Return the deals of both, by day."""
    order = np.argsort(np.concatenate((one.day, other.day)), kind="stable")

    def column(name: str) -> Any:
        return np.concatenate((getattr(one, name), getattr(other, name)))[order]

    names = ("replication", "seat", "day", "period", "product", "segment", "amount")
    credit = {name: np.concatenate((mine, other.credit[name]))[order] for name, mine in one.credit.items()}
    return replace(one, **{name: column(name) for name in names}, credit=credit)


def cells(known: WonDeals, reps: int, periods: int) -> IntArray:
    """Return the sums of what each measure counts of the deals of one replication, shape (rep, period, measure)."""
    sums = np.zeros((reps, periods, len(known.credit)), dtype=np.int64)
    for place, credit in enumerate(known.credit.values()):
        np.add.at(sums[..., place], (known.seat, known.period), credit)
    return sums


def followed(known: WonDeals, simulated: WonDeals) -> WonDeals:
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


@dataclass(frozen=True)
class Booked:
    """What was won in the plan before `as_of`; the same in every replication."""

    deals: WonDeals
    cells: IntArray
    """Sums of what each measure counts, shape (rep, period, measure)."""

    def add_to(self, cube: IntArray) -> None:
        """Add it to every replication, shape (replication, rep, period, measure); further seats may follow these."""
        cube[:, : len(self.cells)] += self.cells

    def before(self, again: Regenerating) -> Regenerating:
        """Return what makes the simulated deals again, with these before them."""

        def both(numbers: IntArray, seats: IntArray | None) -> WonDeals:
            theirs = self.deals if seats is None else self.deals.only(np.isin(self.deals.seat, seats))
            return followed(theirs, again(numbers, seats))

        return both


def booked(inputs: Inputs, measures: Measures) -> Booked | None:
    """Return what was won before `as_of`; None where no table tells."""
    if inputs.actuals is None:
        return None
    parts = [won(inputs, part, measures) for part in (inputs.actuals, inputs.renewed) if part is not None]
    deals = parts[0] if len(parts) == 1 else _together(*parts)
    return Booked(deals, cells(deals, len(inputs.reps), inputs.calendar.periods))
