"""Bookings: what the simulation fills, (replication, rep, period, measure), and the deals behind it.

The cube is kept, deals are not: of 10,000 replications there may be billions. Who needs single deals asks for those of
some replications, uses them and drops them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from engine.calendar import DateArray
from engine.columns import Table
from engine.inputs import BoolArray, FloatArray, IntArray, Words

if TYPE_CHECKING:
    from engine.pipeline.precision import Precision
    from engine.pipeline.spec import PipelineSpec


@dataclass(frozen=True)
class WonDeals:
    """Won deals of some replications, a row each, by replication and the moment of closing. Shape (deal,).

    Where measures count with the cash, what its customer pays of a deal in the plan is a row of its own, which those
    measures count and no other.
    """

    replications: int
    """How many replications they are of; some may have no deal."""
    replication: IntArray
    """Place of the deal's replication among them, never falling."""
    seat: IntArray
    """Seat that won it."""
    day: DateArray
    """Day on which it closed; of a payment, that of the payment."""
    period: IntArray
    """Period in which that day lies."""
    product: IntArray
    """Index of the product; -1 where it is not known."""
    segment: IntArray
    """Index into `segments`."""
    segments: Words
    """Segments of accounts; the last one is blank, for deals without an account."""
    amount: IntArray
    """Minor units."""
    credit: Mapping[str, IntArray]
    """What each measure counts of it: minor units, or 1; 0 where it does not count."""

    booked: DateArray | None = None
    """Of a payment, the day on which its deal closed, or that of the payment itself where that was before the plan; NaT
    of a deal. None where no row is a payment."""

    paid: DateArray | None = None
    """Of a deal, the day on which its customer pays it, which may lie after the plan; NaT of a payment. None where
    nothing says when customers pay."""

    @property
    def held(self) -> DateArray:
        """Day whose holder of the seat is credited, shape (deal,)."""
        return self.day if self.booked is None else np.where(np.isnat(self.booked), self.day, self.booked)

    def only(self, rows: BoolArray) -> WonDeals:
        """Return some of the deals, of as many replications; shape (deal,)."""
        return replace(
            self,
            replication=self.replication[rows],
            seat=self.seat[rows],
            day=self.day[rows],
            booked=None if self.booked is None else self.booked[rows],
            paid=None if self.paid is None else self.paid[rows],
            period=self.period[rows],
            product=self.product[rows],
            segment=self.segment[rows],
            amount=self.amount[rows],
            credit={name: credit[rows] for name, credit in self.credit.items()},
        )


Renewing = Callable[[int], IntArray]
"""How many -> the cube of as many fresh replications."""
Regenerating = Callable[[IntArray, IntArray | None], WonDeals]
"""(numbers of replications in rising order, seats or None for all) -> their won deals, made again."""


@dataclass(frozen=True)
class Bookings:
    """The answer of the pipeline stage; integers, so that sums do not depend on blocks or workers."""

    measures: tuple[str, ...]
    """Names of the measures, in the order of the last axis."""
    cube: IntArray
    """Shape (replication, rep, period, measure); money measures in minor units, counts in units.
    May be a memory map.
    """
    kpis: IntArray
    """Shape (replication, kpi): counters per replication in the order of `kpi_names`."""
    kpi_names: tuple[str, ...]
    tables: tuple[Table, ...]
    """funnel, kpis, bookings by period with quantiles ..."""
    resolved: PipelineSpec | None = None
    """What was simulated: the `pipeline:` block with everything that was estimated filled in."""
    notes: tuple[str, ...] = ()
    """What the estimate rests on, in sentences; empty when nothing was estimated."""
    precisions: tuple[Precision, ...] = ()
    """How well outputs are known: those that were asked for, or the mean of each measure."""
    open_value: FloatArray | None = None
    """Mean value, minor units, of the deals in progress at the start of each period, of those that are expected to
    close in it and of all, shape (2, rep, period)."""
    again: Regenerating | None = field(default=None, repr=False, compare=False)
    """Makes won deals once more; None where only the cube is known."""
    fresh: Renewing | None = field(default=None, repr=False, compare=False)
    """Simulates replications that are none of these, with parameters drawn anew as far as the data leave them open;
    None where only the cube is known."""
    actual: IntArray | None = None
    """The part of the cube that was won before `as_of`, the same in every replication, shape (rep, period, measure);
    None without `as_of`, and where no table tells."""
    cash: Words = ()
    """Measures that count when customers pay, and not when a deal is won."""
    pays: bool = False
    """Whether it is known when customers pay."""

    @property
    def replications(self) -> int:
        """Number of replications."""
        return int(self.cube.shape[0])

    def measure(self, name: str) -> IntArray:
        """Return one measure, shape (replication, rep, period)."""
        return self.cube[..., self.measures.index(name)]

    def deals(self, replications: slice | IntArray, seats: IntArray | None = None) -> WonDeals:
        """Make won deals again; their credits sum to the cube by (replication, rep, period).

        Costs what simulating these replications and seats costs, and memory for their won deals.

        Args:
            replications: a slice of the replications, or their numbers in rising order.
            seats: whose deals; everybody's unless given.

        Raises:
            ValueError: only the cube is known.

        """
        if self.again is None:
            raise ValueError("these bookings are known by period alone")
        return self.again(np.arange(self.replications)[replications], seats)
