"""Given: what a settlement works on, side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from engine import amounts
from engine.comp import resold
from engine.comp.book import Book
from engine.comp.crowd import Crowd, TeamCredit, settled_in
from engine.comp.dealt import book_of, dealt
from engine.comp.exact import Rows
from engine.comp.fast import Fast
from engine.comp.held import Held
from engine.comp.opening import Opening, of_plan, opening
from engine.comp.quantity import Quantity
from engine.comp.released import waiting
from engine.comp.sharing import by_group
from engine.comp.spec import CompSpec, Plan
from engine.comp.terms import Terms, terms
from engine.inputs import Inputs, IntArray
from engine.pipeline.bookings import Bookings
from engine.quota.quotas import Quotas


@dataclass(frozen=True)
class Given:
    """Inputs, simulated credits, quotas and plans, and the terms of people that follow from them."""

    inputs: Inputs
    bookings: Bookings
    quotas: Quotas
    spec: CompSpec
    known: Terms
    held: Held
    opening: Opening = field(default_factory=dict)
    """Balances of people from before the plan."""

    @classmethod
    def of(
        cls, inputs: Inputs, bookings: Bookings, quotas: Quotas, spec: CompSpec, workers: int = 1
    ) -> Given:
        """Work out the terms of every person, and who is credited in periods of change."""
        known = terms(
            inputs,
            quotas.by_period,
            spec.proration,
            spec.rounding,
            quotas.single,
            spec.carry,
            spec.cutoff_day or 1,
            quotas.parts,
        )
        held = Held.of(inputs, bookings, known, spec.rounding, workers)
        owed = opening(inputs.owed, inputs, spec, known.head)
        return cls(inputs, bookings, quotas, spec, known, held, owed)

    @property
    def minor(self) -> int:
        """Minor units per currency unit."""
        return int(10 ** amounts.decimals(self.inputs.currency))

    def simulated(self, plan: Plan, spells: IntArray, replications: slice | IntArray) -> Book:
        """Return what the components of a plan look at, for some people and replications, in float64.

        Where sums by period do not tell all of it, the deals of the replications are made again, and all credit of the
        book is what closed on people's days in seat.
        """
        measures = sorted({measure for part in plan.components for measure in part.measures()})
        if self.by_deal(plan):
            rows = self._sold_again(plan, spells, replications)
            book = dealt(Fast, self.inputs, self.spec, self.known, spells, rows, tuple(measures))
            book = self._with_balances(book, plan, spells, Fast)
            return waiting(plan.components, book, self.bookings.cash) if self.waits else book
        credits = {name: Fast(self.held.credit(name, spells, replications)) for name in measures}
        book = self.book(plan, spells, Fast, credits)
        teams = self._team_credit(replications)
        return replace(book, crowd=Crowd.of(Fast, self.inputs, self.known, spells, self.spec.rounding, teams))

    @property
    def waits(self) -> bool:
        """Whether pay waits for the cash of customers."""
        return self.spec.release == "cash" and self.bookings.pays

    def by_deal(self, plan: Plan) -> bool:
        """Whether a plan is settled deal by deal.

        So is one that pays on a team's figures to people who see part of a period of them, where deals are known.
        """
        partly = self.held.partly and self.bookings.again is not None
        return plan.by_deal(self.inputs.calendar, self.bookings.cash, waits=self.waits) or (
            partly and any(part.teams for part in plan.components)
        )

    def _sold_again(self, plan: Plan, spells: IntArray, replications: slice | IntArray) -> Rows:
        """Return deals of some people, of everybody where a component looks at others."""
        everybody = any(part.teams for part in plan.components)
        seats = None if everybody else np.unique(self.known.rep[settled_in(self.known, spells)[0]])
        return resold.rows(self.inputs, self.bookings.deals(replications, seats), waits=self.waits)

    def _team_credit(self, replications: slice | IntArray) -> TeamCredit:
        def credit(measure: str, of: IntArray, groups: int, once: bool) -> Fast:
            some = np.flatnonzero(of >= 0)
            return Fast(by_group(self.held.own(measure, some, replications), of[some], groups))

        return credit

    def book(
        self,
        plan: Plan,
        spells: IntArray,
        number: Callable[[IntArray], Quantity],
        credits: Mapping[str, Quantity],
    ) -> Book:
        """Return what the components of a plan look at, for some people and credits, in some number type."""
        book = book_of(number, self.inputs, self.spec, self.known, spells, credits)
        return self._with_balances(book, plan, spells, number)

    def _with_balances(
        self, book: Book, plan: Plan, spells: IntArray, number: Callable[[IntArray], Quantity]
    ) -> Book:
        if not self.opening:
            return book
        name = next(name for name, block in self.spec.plans.items() if block is plan)
        return replace(book, opening=of_plan(self.opening, self.spec, name, spells, number))
