"""Receipts: when customers pay what they bought, and what measures with `basis: cash` count of it.

A deal that is won at t is paid in whole at

    t + terms + L,    L drawn from the law of lateness of its segment, keyed by the deal

so that what becomes of others moves no payment. What is paid after the plan counts in none of its periods.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.inputs import BoolArray, IntArray, KeyArray
from engine.pipeline.draws import BELOW_ONE
from engine.pipeline.layout import NEW, TICKS, Records
from engine.pipeline.model import Closing, Laws
from engine.pipeline.quantiles import ticks_of
from engine.streams import Purpose, compiled, uniform

_PAID = int(Purpose.PAID)
WON, EARLIER = range(2)
"""Places of sums of a measure: what is won, and what is received of deals that were won before the plan."""


@dataclass(frozen=True)
class Receipts:
    """When customers pay."""

    cash: IntArray
    """Places of the measures that count with the cash, among all."""
    terms: IntArray
    """Ticks until payment is due, shape (segment + 1,)."""
    late: IntArray
    """Law of the days by which it comes after that, -1 for none, shape (segment + 1,)."""
    earlier: Records
    """BOOKING: deals that were won before the plan and may be paid in it, by tick, the same in every replication."""

    def paid(
        self, closing: Closing, seed: int, numbers: IntArray, place: IntArray, lines: Records
    ) -> tuple[IntArray, Records, IntArray]:
        """Return what is paid within the plan, that of a replication together: place of it, bookings, ticks of payment.

        Args:
            closing: periods, and the tables of laws.
            seed: of the run.
            numbers: numbers of the replications.
            place: place of the replication of each booking among them.
            lines: BOOKING: what is won in the plan.

        """
        end = closing.edge[-1]
        when = self.when(closing, seed, numbers[place], lines)
        kept = np.flatnonzero(when < end)
        places, rows, ticks = [place[kept]], [lines[kept]], [when[kept]]
        for at, number in enumerate(numbers.tolist() if len(self.earlier) else ()):
            when = self.when(closing, seed, np.full(len(self.earlier), number), self.earlier)
            kept = np.flatnonzero((when >= 0) & (when < end))
            places.append(np.full(kept.size, at))
            rows.append(self.earlier[kept])
            ticks.append(when[kept])
        together = np.concatenate(places)
        order = np.argsort(together, kind="stable")
        return together[order], np.concatenate(rows)[order], np.concatenate(ticks)[order]

    def when(self, closing: Closing, seed: int, number: IntArray, lines: Records) -> IntArray:
        """Return the ticks at which bookings are paid, given the number of the replication of each; shape (line,)."""
        segment, tick = lines["segment"], np.ascontiguousarray(lines["tick"])
        day = np.maximum(tick // TICKS, 0)
        draw = np.where(lines["kind"] == NEW, 0, lines["kind"] + 2 * day)
        found = np.asarray(tick + self.terms[segment], dtype=np.int64)
        _add_late(
            closing.laws, self.late[segment], seed, number, np.ascontiguousarray(lines["key"]), draw, found
        )
        return found

    def enter(
        self, closing: Closing, seed: int, first: int, place: IntArray, lines: Records, cube: IntArray
    ) -> IntArray:
        """Put what measures of cash count into the periods in which it is paid.

        Args:
            closing: what measures count.
            seed: of the run.
            first: number of the first replication.
            place: place of the replication of each booking behind it.
            lines: BOOKING: all bookings of the replications.
            cube: what they count when they are won, shape (replication, rep, period, measure); changed.

        Returns:
            Sums over seats of what is won, and of what is received of deals that were won before the plan, shape
            (replication, period, measure of cash, 2).

        """
        replications, _, periods, _ = cube.shape
        sums = np.zeros((replications, periods, self.cash.size, 2), dtype=np.int64)
        sums[..., WON] = cube[..., self.cash].sum(axis=1)
        place, lines, paid = self.paid(closing, seed, first + np.arange(replications), place, lines)
        period = np.searchsorted(closing.edge, paid, side="right") - 1
        amounts = counted(closing, place, lines)[self.cash]
        early = np.flatnonzero(lines["tick"] < 0)
        for k, measure in enumerate(self.cash):
            cube[..., measure] = 0
            np.add.at(cube[..., measure], (place, lines["seat"], period), amounts[k])
            np.add.at(sums[..., k, EARLIER], (place[early], period[early]), amounts[k, early])
        return sums


def counted(closing: Closing, place: IntArray, lines: Records) -> IntArray:
    """Return what each measure counts of each booking, shape (measure, line).

    A measure that counts deals counts the first line of a deal.

    Args:
        closing: what measures count.
        place: place of the replication of each booking.
        lines: BOOKING; a product of -1 is not known, and counts where all do.

    """
    product = lines["product"]
    of_product = closing.counts[:, lines["kind"], lines["segment"], product]
    of_any: BoolArray = np.logical_and.reduce(closing.counts, axis=3)
    inside = np.where(product < 0, of_any[:, lines["kind"], lines["segment"]], of_product)
    of_deal = np.lexsort((product, lines["tick"], lines["kind"], lines["key"], place))
    found = np.where(inside, lines["amount"], 0)
    for measure in np.flatnonzero(~closing.money):
        rows = of_deal[inside[measure, of_deal]]
        same = np.ones(rows.size, dtype=np.bool_)
        here, before = lines[rows[1:]], lines[rows[:-1]]
        again = (place[rows[1:]] == place[rows[:-1]]) & (here["kind"] == before["kind"])
        same[1:] = ~(again & (here["key"] == before["key"]) & (here["tick"] == before["tick"]))
        found[measure] = 0
        found[measure, rows[same]] = 1
    return found


@compiled
def _add_late(
    laws: Laws,
    late: IntArray,
    seed: int,
    number: IntArray,
    key: KeyArray,
    draw: IntArray,
    paid: IntArray,
) -> None:
    """Add the ticks by which each booking is paid late to those at which its payment is due."""
    for row in range(len(paid)):
        if late[row] >= 0:
            level = min(uniform(seed, number[row], _PAID, key[row], draw[row]), BELOW_ONE)
            paid[row] += ticks_of(laws, late[row], level)
