"""Clocked: people paid again on simulated deals, where pay on a deal is due when its customer pays.

What a deal earns is what its component earns in the period with the deals up to it, less what it earns there with those
before it. For some people each is worked out plainly, from the beginning; for the others by the exact path of real
deals, in integers, which shares the rules of components with what paid, and no number.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from importlib import import_module
from typing import Any

import numpy as np

from engine.comp.payer import Payer
from engine.comp.plain.person import Person, Sold
from engine.comp.spec import Plan
from engine.comp.steps import stepped
from engine.inputs import IntArray, Words
from engine.quota.quotas import PartPeriods

PLAIN = 200
"""Deals of a component whose pay is worked out plainly, at most; it takes about two milliseconds each."""


class Clocked(Payer):
    """Pays people again, each deal when it is paid; `rows.due` says in which period that is, -1 for none."""

    cash: Words = ()
    """Measures that count with the cash, on which pay waits no more."""
    shares: PartPeriods | None = None
    """Which part of a period's quota is whose."""

    def part(self, block: Plan, part: Any, people: list[Person]) -> list[list[int]]:
        """Return what one component pays each person of its plan in each period."""
        pays = super().part(block, part, people)
        if part.fixed or self.rows.due is None or part.of_deals() is None or part.measures()[0] in self.cash:
            return pays
        plan = next(name for name, its in self.spec.plans.items() if its is block)
        left = PLAIN
        for person in people:
            due, deals = list(person.earned[part.label]), self._deals_of(part, person)
            if len(deals) <= left:
                left -= len(deals)
                earned = self._plainly(part, person, deals)
            else:
                earned = [int(self._exact[plan, part.label][deal.place]) for deal in deals]
            for deal, amount in zip(deals, earned, strict=True):
                due[deal.period] -= amount
                later = int(self.rows.due[deal.place])
                if later >= 0:
                    due[later] += amount
            person.due[part.label] = due
            person.paid[part.label] = self._collected(due, part.when(block.pay))
        return [person.paid[part.label] for person in people]

    @cached_property
    def _exact(self) -> dict[tuple[str, str], IntArray]:
        """What each row earns, by plan and component, shape (row,)."""
        found: dict[tuple[str, str], IntArray] = {}
        for one in stepped(self.inputs, self.quota, self.spec, self.rows, self.quotas, self.shares):
            nothing = np.zeros(self.rows.spell.size, dtype=np.int64)
            found.setdefault((one.plan, one.part.label), nothing)[one.lines] = one.net
        return found

    def _deals_of(self, part: Any, person: Person) -> list[Sold]:
        """Return the deals that count in a measure of a component, in their order."""
        every = {deal.place: deal for name in part.measures() for deal in person.deals(name) if deal.credit}
        return sorted(every.values(), key=lambda deal: (deal.period, deal.place))

    def _plainly(self, part: Any, person: Person, deals: list[Sold]) -> list[int]:
        """Return what each of some deals of a person earns."""
        rule = import_module(f"engine.comp.plain.{part.kind}")
        alone = part.model_copy(update={name: None for name in ("floor", "budget") if hasattr(part, name)})
        known = {measure: person.deals(measure) for measure in part.measures()}

        def upto(period: int, place: int) -> list[int]:
            some = {
                measure: [deal for deal in every if (deal.period, deal.place) <= (period, place)]
                for measure, every in known.items()
            }
            few = replace(
                person, deals=some.__getitem__, credit=lambda measure: self._by_period(some[measure])
            )
            earned: list[int] = (
                rule.earned_together(alone, [few])[0] if alone.together else rule.earned(alone, few)
            )
            return earned

        found, before, at = [], [0] * len(self.periods), -1
        for deal in deals:
            if deal.period != at:
                before, at = upto(deal.period, -1), deal.period
            now = upto(deal.period, deal.place)
            found.append(now[at] - before[at])
            before = now
        return found
