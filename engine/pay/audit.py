"""Audit: some people paid again plainly, in fractions, from credits added up by period.

What is paid line by line is checked as its sum: lines add up to what a period earns, and that is worked out here by
`engine.comp.plain`, which shares no table and no number type with what paid. Plans with a component that
looks at single deals, or at others, are left out: no plain reading takes real deals for those.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from engine.comp.adjustment import Adjustment
from engine.comp.audit import Auditor
from engine.comp.component import Component, in_turn
from engine.comp.exact import Rows, Settled
from engine.comp.plain.person import Person
from engine.comp.spec import CompSpec
from engine.comp.steps import has_steps
from engine.inputs import Inputs, IntArray

PEOPLE = 40
"""Whom an audit pays again, at most; evenly chosen."""


def violations(
    inputs: Inputs, quota: IntArray, quotas: Mapping[str, IntArray], spec: CompSpec, rows: Rows, paid: Settled
) -> Iterator[str]:
    """Yield what is wrong with what people earn, a sentence each.

    Args:
        inputs: calendar, currency and people.
        quota: quota by (rep, period).
        quotas: quotas of single measures.
        spec: the plans.
        rows: credited deals, each in the row in which its spell is settled.
        paid: what is to be checked, to the minor unit.

    """
    named = {name: k for k, name in enumerate(paid.components)}
    plans = [name for name, plan in spec.plans.items() if all(map(_is_plain, plan.components))]
    spells = [s for s, plan in enumerate(inputs.spells.plan) if plan in plans]
    count = min(len(spells), PEOPLE)
    auditor = Payer(inputs, quota, quotas, spec, rows)
    for spell in (
        [spells[i] for i in np.unique(np.linspace(0, len(spells) - 1, count).astype(int))] if spells else ()
    ):
        plan, person = inputs.spells.plan[spell], auditor.person(spell)
        for part in in_turn(spec.plans[plan].components):
            auditor.part(spec.plans[plan], part, person)
            again = person.salary if part.fixed else person.earned[part.label]
            ours = paid.earned[named[plan, part.label], spell].tolist()
            for label, mine, other in zip(inputs.calendar.labels, ours, again, strict=True):
                if mine != other:
                    who = inputs.spells.id[spell]
                    yield f"{part.label} of {who} in {label} is {mine} minor units, paid again it is {other}"


def _is_plain(part: Component) -> bool:
    return part.fixed or isinstance(part, Adjustment) or (has_steps(part) and not part.needs_deals)


class Payer(Auditor):
    """Pays people again on the sums of their real deals."""

    def __init__(
        self, inputs: Inputs, quota: IntArray, quotas: Mapping[str, IntArray], spec: CompSpec, rows: Rows
    ) -> None:
        super().__init__(inputs, quota, spec)
        self.quotas, self.rows = quotas, rows
        self._order = np.argsort(rows.spell, kind="stable")
        self._start = np.searchsorted(rows.spell[self._order], np.arange(len(inputs.spells) + 1))

    def person(self, spell: int) -> Person:
        """Return what is known of somebody."""
        mine = self._order[self._start[spell] : self._start[spell + 1]]

        def credit(measure: str) -> list[int]:
            sums = [0] * len(self.periods)
            for period, amount in zip(
                self.rows.period[mine].tolist(), self.rows.credit[measure][mine].tolist(), strict=True
            ):
                sums[period] += amount
            return sums

        def quota(measure: str) -> list[int]:
            table, sums = self.quotas.get(measure, self.quota), [0] * len(self.periods)
            for row in self._settled_in(spell):
                cut = self._by_days(row, table[self.inputs.spells.rep[row]])
                sums = [a + b for a, b in zip(sums, cut, strict=True)]
            return sums

        return replace(self._person(spell, {}), credit=credit, quota=quota)
