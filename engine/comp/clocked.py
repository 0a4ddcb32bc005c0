"""Clocked: people paid again plainly on simulated deals, where pay on a deal is due when its customer pays.

What a deal earns is what its component earns in the period with the deals up to it, less what it earns there with those
before it, each worked out from the beginning.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from itertools import takewhile
from typing import Any

from engine.comp.payer import Payer
from engine.comp.plain.person import Person, Sold
from engine.comp.spec import Plan
from engine.inputs import Words


class Clocked(Payer):
    """Pays people again, each deal when it is paid; `rows.due` says in which period that is, -1 for none."""

    cash: Words = ()
    """Measures that count with the cash, on which pay waits no more."""

    def part(self, block: Plan, part: Any, people: list[Person]) -> list[list[int]]:
        """Return what one component pays each person of its plan in each period."""
        pays = super().part(block, part, people)
        if part.fixed or self.rows.due is None or part.of_deals() is None or part.measures()[0] in self.cash:
            return pays
        for person in people:
            due = list(person.earned[part.label])
            for deal, amount in self._earned_by_deal(part, person):
                due[deal.period] -= amount
                later = int(self.rows.due[deal.place])
                if later >= 0:
                    due[later] += amount
            person.due[part.label] = due
            person.paid[part.label] = self._collected(due, part.when(block.pay))
        return [person.paid[part.label] for person in people]

    def _earned_by_deal(self, part: Any, person: Person) -> list[tuple[Sold, int]]:
        rule = import_module(f"engine.comp.plain.{part.kind}")
        alone = part.model_copy(update={name: None for name in ("floor", "budget") if hasattr(part, name)})
        known = {measure: person.deals(measure) for measure in part.measures()}
        order = sorted(
            {(deal.period, deal.place): deal for deals in known.values() for deal in deals}.items()
        )

        def upto(period: int, place: int) -> list[int]:
            some = {
                measure: list(takewhile(lambda deal: (deal.period, deal.place) <= (period, place), deals))
                for measure, deals in known.items()
            }
            few = replace(
                person, deals=some.__getitem__, credit=lambda measure: self._by_period(some[measure])
            )
            earned: list[int] = (
                rule.earned_together(alone, [few])[0] if alone.together else rule.earned(alone, few)
            )
            return earned

        found, before, at = [], [0] * len(self.periods), -1
        for (period, place), deal in order:
            if period != at:
                before, at = upto(period, -1), period
            now = upto(period, place)
            found.append((deal, now[period] - before[period]))
            before = now
        return found
