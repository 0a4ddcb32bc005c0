"""Leads: where deals come from, and which seat they go to."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from engine.pipeline import draws
from engine.pipeline.layout import (
    ABANDONED,
    ARRIVED,
    DISCARDED,
    DROPPED,
    GAVE_UP,
    LEAST_LOADED,
    OPEN,
    ROUND_ROBIN,
    WAITING,
)
from engine.pipeline.reference.deal import Deal
from engine.pipeline.reference.parts import PATIENCE, Seat
from engine.pipeline.reference.work import Work
from engine.streams import child


class Leads(Work):
    """Deals that are open at the start, and leads."""

    def _open_deals(self) -> None:
        """Put the open deals where they are at the start."""
        for number, row in enumerate(self.model.opening.deal):
            waiting = row["stage"] < 0
            arrival = self.selling.start if waiting else int(row["created"])
            deal = self._deal(np.uint64(row["key"]), arrival, row, (int(row["product"]), int(row["amount"])))
            deal.seat, deal.row = int(row["seat"]), number
            deal.size_band = self._size_band(deal, self.selling.start)
            seat = self.seats[deal.seat]
            if waiting:
                seat.queue.append(deal)
                self._log(deal, ARRIVED, -1)
            else:
                deal.start, deal.outcome, deal.stage = deal.arrival, OPEN, int(row["stage"])
                seat.in_progress.append(deal)
                self.env.process(self._carry_on(deal, row))

    def _deal(self, key: np.uint64, arrival: int, row: Any, known: tuple[int, int] = (-1, -1)) -> Deal:
        product, amount = known
        segment = int(row["segment"])
        if product < 0:
            product = draws.product_of(self.future, key, self.model.closing.mix[segment])
        source = int(row["source"]) if "source" in row.dtype.names else -1
        deal = Deal(key, -1, arrival, int(row["account"]), segment, source, product, int(row["rank"]))
        deal.amount = amount
        self.deals.append(deal)
        return deal

    def _size_band(self, deal: Deal, tick: int) -> int:
        if not len(self.selling.size_edge):
            return 0
        closing, amount = self.model.closing, deal.amount
        if amount < 0:
            price = draws.price_at(closing, tick, deal.product)
            amount = draws.amount_of(closing, self.future, deal.key, (deal.product, 0), price)
        return int(draws.band(self.selling.size_edge, amount))

    def _leads(self) -> Iterator[tuple[Deal, int]]:
        """Return the leads of every spring, and how they find a seat."""
        arising, future = self.model.arising, self.future
        for spring in arising.spring:
            key, group = np.uint64(spring["key"]), int(spring["group"])
            rate = spring["rate"] * future.arrivals * (future.group[group] if group >= 0 else 1.0)
            index, mark = 0, draws.mark(future, key, 0)
            while mark < rate:
                own = np.uint64(child(key, index))
                arrival = draws.instant(arising, int(spring["shape"]), future, own)
                deal = self._deal(own, arrival, spring)
                deal.seat = int(spring["owner"])
                deal.size_band = self._size_band(deal, arrival)
                deal.patience = draws.patience_of(self.selling.laws, int(spring["patience"]), future, own)
                yield deal, int(spring["route"])
                index += 1
                mark += draws.mark(future, key, index)

    def _arise(self, leads: list[tuple[Deal, int]]) -> None:
        """Let the leads of a tick find their seats."""
        for deal, route in sorted(leads, key=lambda lead: int(lead[0].key)):
            if not self._on_sale(deal.product):
                deal.outcome = DROPPED
                self._log(deal, DISCARDED, -1)
                continue
            if deal.seat < 0:
                deal.seat = self._routed(deal, route)
            self.seats[deal.seat].queue.append(deal)
            self._log(deal, ARRIVED, -1)
            self._at(deal.arrival + deal.patience, PATIENCE, partial(self._give_up, deal))
        self._grant_soon()

    def _give_up(self, deal: Deal) -> None:
        """Take a lead that nobody has started out of the queue it waits in."""
        if deal.outcome == WAITING:
            self.seats[deal.seat].queue.remove(deal)
            deal.end, deal.outcome = int(self.env.now), ABANDONED
            self._log(deal, GAVE_UP, -1)

    def _routed(self, deal: Deal, route: int) -> int:
        """Return the seat that a lead of a pool goes to."""
        kind, first, seat, weight = self.selling.routes
        segments, products = self.model.closing.mix.shape
        pool = (route * segments + deal.segment) * products + deal.product
        entries = list(range(first[pool], first[pool + 1]))
        there = [at for at in entries if self.seats[seat[at]].present(int(self.env.now))] or entries
        if kind[route] == ROUND_ROBIN:
            turn = self._turn.get(pool, 0)
            chosen = next((at for at in there if at - entries[0] >= turn), there[0])
            self._turn[pool] = (chosen - entries[0] + 1) % len(entries)
        elif kind[route] == LEAST_LOADED:
            chosen = self._least_loaded(there, [self.seats[seat[at]] for at in there])
        else:
            bids = [
                draws.claim(self.future, deal.key, np.uint64(self.seats[seat[at]].key), weight[at])
                for at in there
            ]
            chosen = there[bids.index(min(bids))]
        return int(seat[chosen])

    def _least_loaded(self, what: list[Any], seats: list[Seat]) -> Any:
        """Return of some things the first whose seat has the fewest deals for its slots."""
        best = 0
        for place, seat in enumerate(seats):
            if seat.load * seats[best].slots < seats[best].load * seat.slots:
                best = place
        return what[best]
