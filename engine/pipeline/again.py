"""Again: won deals of some replications, simulated once more from their keyed draws.

Same model, seed and market factors give the same deals, so nothing of them need be kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from engine.inputs import BoolArray, Inputs, IntArray, Words
from engine.pipeline.bookings import WonDeals
from engine.pipeline.model import LINE, TICKS, WON, Model, Records
from engine.pipeline.replications import DEALS_PER_BLOCK, Run, deals_of, trace
from engine.pipeline.spec import PipelineSpec


def of_seats(model: Model, seats: IntArray) -> Model:
    """Return the model without the leads and open deals of other seats; no seat's deals depend on another's."""
    kept = np.isin(np.arange(model.selling.seats.slots.size), seats)

    def rows(first: IntArray) -> tuple[BoolArray, IntArray]:
        count = np.diff(first)
        return np.repeat(kept, count), np.concatenate([[0], np.cumsum(np.where(kept, count, 0))])

    (accounts, first), (known, opens) = rows(model.arising.first), rows(model.opening.first)
    return model._replace(
        arising=model.arising._replace(of_seat=model.arising.of_seat[accounts], first=first),
        opening=model.opening._replace(deal=model.opening.deal[known], first=opens),
    )


@dataclass(frozen=True)
class Again:
    """Makes won deals again; see `Bookings.deals`."""

    inputs: Inputs
    model: Model
    spec: PipelineSpec
    """Resolved."""
    run: Run
    """What was simulated."""
    measures: Words
    """In the order of the model."""
    deals: IntArray
    """Deals of each replication, won or not, shape (replication,)."""

    def __call__(self, numbers: IntArray, seats: IntArray | None) -> WonDeals:
        """Return the won deals of some replications, given their numbers in rising order, and of some seats."""
        model = self.model if seats is None else of_seats(self.model, seats)
        pieces = [self._won(model, numbers, piece) for piece in self._pieces(numbers)]
        place = np.concatenate([np.zeros(0, np.int64), *(place for place, _ in pieces)])
        won = np.concatenate([np.zeros(0, LINE), *(won for _, won in pieces)])
        order = np.lexsort((won["key"], won["end"], place))
        return self._columns(numbers.size, place[order], won[order])

    def _pieces(self, numbers: IntArray) -> Iterator[slice]:
        """Yield stretches of consecutive replications with few enough deals to be simulated in one piece."""
        start, held = 0, 0
        for place, number in enumerate(numbers.tolist()):
            deals = int(self.deals[number])
            follows = place > start and number == numbers[place - 1] + 1
            if place > start and (not follows or held + deals > DEALS_PER_BLOCK):
                yield slice(start, place)
                start, held = place, 0
            held += deals
        if numbers.size:
            yield slice(start, numbers.size)

    def _won(self, model: Model, numbers: IntArray, piece: slice) -> tuple[IntArray, Records]:
        """Return the place of the replication of each won deal, and the deals."""
        first, count = self.run.first + int(numbers[piece.start]), piece.stop - piece.start
        room = int(self.deals[numbers[piece]].sum())
        tallies, lines = trace(model, self.spec, replace(self.run, first=first, count=count), room)
        place = np.repeat(np.arange(piece.start, piece.stop), deals_of(tallies))
        won = lines[: place.size]["outcome"] == WON
        return place[won], lines[: place.size][won]

    def _columns(self, replications: int, place: IntArray, won: Records) -> WonDeals:
        calendar, closing = self.inputs.calendar, self.model.closing
        segment, product, amount = won["segment"], won["product"], won["amount"]
        counts = closing.counts[:, segment, product]
        return WonDeals(
            replications=replications,
            replication=place,
            seat=won["seat"],
            day=calendar.edges[0] + won["end"] // TICKS,
            period=np.searchsorted(closing.edge, won["end"], side="right") - 1,
            product=product,
            segment=segment,
            segments=(*self.inputs.accounts.segments, ""),
            amount=amount,
            credit={
                name: np.where(counts[m], amount if closing.money[m] else 1, 0)
                for m, name in enumerate(self.measures)
            },
        )
