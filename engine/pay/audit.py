"""Audit: people paid again plainly, in fractions, deal by deal, from the credited deals and the words of the plans.

Every kind of component is paid again by its reading in `engine.comp.plain`, which shares no table and no number type
with what paid, and compared with what was earned, to the minor unit. What takes effect on single deals, by their days,
or on a team, is read from the deals themselves; who shares a pool or a budget with others is paid again with all of
them. Some people of every plan are chosen, at least one, about `PEOPLE` in all; a year has all its periods compared.

Not worked out again here: how deals come to be credited (conversion, splits, rollups), and what shares of payouts,
clawbacks and cash change. That is taken as given, and what limits, holdbacks, guarantees and draws make of it is paid
again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache

import numpy as np

from engine.comp.audit import Auditor
from engine.comp.changes import Changes
from engine.comp.component import Component, in_turn
from engine.comp.exact import Rows, Settled
from engine.comp.plain.person import Person, Sold
from engine.comp.spec import CompSpec, Plan
from engine.comp.team import Team
from engine.inputs import Inputs, IntArray

PEOPLE = 40
"""Whom an audit pays again, about; evenly chosen, and some of every plan."""


def violations(
    inputs: Inputs,
    quota: IntArray,
    quotas: Mapping[str, IntArray],
    spec: CompSpec,
    rows: Rows,
    paid: Settled,
    changes: Changes,
    opening: Mapping[int, IntArray],
) -> Iterator[str]:
    """Yield what is wrong with what people earn, a sentence each.

    Args:
        inputs: calendar, currency and people.
        quota: quota by (rep, period).
        quotas: quotas of single measures.
        spec: the plans.
        rows: credited deals, each of the spell in which it was credited, with days.
        paid: what is to be checked, to the minor unit.
        changes: what was added to the pay of components after their own rules.
        opening: balances from before the plan, by the place of their component.

    """
    named = {name: k for k, name in enumerate(paid.components)}
    payer = Payer(inputs, quota, quotas, spec, rows, changes)
    for plan, block in spec.plans.items():
        members = [s for s, name in enumerate(inputs.spells.plan) if name == plan]
        places = {part.label: named[plan, part.label] for part in block.components}
        before = {label: opening[k] for label, k in places.items() if k in opening}
        again = payer.earned(block, members, _chosen(members, len(inputs.spells)), places, before)
        for (label, spell), amounts in again.items():
            ours = paid.earned[named[plan, label], spell].tolist()
            for period, mine, other in zip(inputs.calendar.labels, ours, amounts, strict=True):
                if mine != other:
                    who = inputs.spells.id[spell]
                    yield f"{label} of {who} in {period} is {mine} minor units, paid again it is {other}"


def _chosen(members: list[int], everybody: int) -> list[int]:
    """Return some of the members of a plan, evenly spread, at least one where there are any."""
    count = min(max(PEOPLE * len(members) // max(everybody, 1), 1), len(members))
    return [members[i] for i in np.linspace(0, len(members) - 1, count).astype(int).tolist()]


class Payer(Auditor):
    """Pays people again on their real deals."""

    def __init__(
        self,
        inputs: Inputs,
        quota: IntArray,
        quotas: Mapping[str, IntArray],
        spec: CompSpec,
        rows: Rows,
        changes: Changes,
    ) -> None:
        super().__init__(inputs, quota, spec)
        self.quotas, self.rows, self.changes = quotas, rows, changes
        self._known_deals: dict[tuple[Team, str, str], list[Sold]] = {}
        self._order = np.argsort(rows.spell, kind="stable")
        self._start = np.searchsorted(rows.spell[self._order], np.arange(len(inputs.spells) + 1))

    def earned(
        self,
        block: Plan,
        members: list[int],
        chosen: list[int],
        places: Mapping[str, int],
        opening: Mapping[str, IntArray],
    ) -> dict[tuple[str, int], list[int]]:
        """Return what components earn in each period, by (component, spell), of the chosen members of a plan."""
        together = any(part.together for part in block.components)
        people = {
            spell: replace(
                self.person(spell), opening={name: table[spell].tolist() for name, table in opening.items()}
            )
            for spell in (members if together else chosen)
        }
        for spell, person in people.items():
            self._add_shares(person, spell, places)
        found = {}
        for part in in_turn(block.components):
            who = members if part.together else chosen
            self.part(block, part, [people[spell] for spell in who])
            for spell in who if not part.fixed else ():
                self._change(people[spell], spell, part, places[part.label], part.when(block.pay))
            for spell in chosen:
                again = people[spell].salary if part.fixed else people[spell].earned[part.label]
                found[part.label, spell] = again
        return found

    def _add_shares(self, person: Person, spell: int, own: Mapping[str, int]) -> None:
        """Add what somebody gets of what others earn under other plans."""
        parts = [(block, part) for block in self.spec.plans.values() for part in block.components]
        for k, (block, part) in enumerate(parts):
            if k not in own.values() and self.changes.due[k, spell].any():
                name, due = f"share {k}", self.changes.due[k, spell].tolist()
                person.due[name] = due
                person.paid[name] = self._collected(due, part.when(block.pay))

    def _change(self, person: Person, spell: int, part: Component, place: int, pays: str) -> None:
        """Add what clawbacks, shares of payouts and cash change in what somebody earned, when it is due and paid."""
        own = person.earned[part.label]
        for into, table in ((person.earned, self.changes.earned), (person.due, self.changes.due)):
            into[part.label] = _sum([own, table[place, spell].tolist()], len(own))
        person.paid[part.label] = self._collected(person.due[part.label], pays)

    def person(self, spell: int) -> Person:
        """Return what is known of somebody."""
        settled = self._settled_in(spell)

        @cache
        def deals(measure: str) -> list[Sold]:
            return [deal for row in settled for deal in self._deals(row, measure)]

        @cache
        def credit(measure: str) -> list[int]:
            return self._by_period(deals(measure))

        @cache
        def quota(measure: str) -> list[int]:
            return _sum([self._own_quota(row, measure) for row in settled], len(self.periods))

        def own_team(team: Team, measure: str) -> tuple[list[int], list[int]]:
            seen = [self._team_seen(row, team, measure) for row in settled]
            return (
                _sum([credit for credit, _ in seen], len(self.periods)),
                _sum([quota for _, quota in seen], len(self.periods)),
            )

        return replace(
            self._person(spell, {}), dated=True, deals=deals, credit=credit, quota=quota, own_team=own_team
        )

    def _own_quota(self, spell: int, measure: str) -> list[int]:
        return self._by_days(spell, self.quotas.get(measure, self.quota)[self.inputs.spells.rep[spell]])

    def _deals(self, spell: int, measure: str) -> list[Sold]:
        return [deal for _, _, deal in self._numbered(spell, measure)]

    def _numbered(self, spell: int, measure: str) -> Iterator[tuple[int, int, Sold]]:
        """Yield the number of each deal with which a spell is credited, the credit of the whole deal, and the deal."""
        rows = self.rows
        assert rows.day is not None
        assert rows.deal is not None
        mine = self._order[self._start[spell] : self._start[spell + 1]]
        columns = (rows.deal, rows.whole[measure], rows.period, rows.day, rows.credit[measure])
        for number, whole, period, day, credit in zip(
            *(each[mine].tolist() for each in columns), strict=True
        ):
            yield number, whole, Sold(period, day, credit)

    def _by_period(self, deals: Iterable[Sold]) -> list[int]:
        sums = [0] * len(self.periods)
        for deal in deals:
            sums[deal.period] += int(deal.credit)
        return sums

    def _team(
        self, team: Team, measure: str, home: str, seats: Mapping[str, IntArray]
    ) -> tuple[list[int], list[int]]:
        """Return credit and quota of a team in each period, whoever looks at it."""
        if (team, measure, home) not in self._known_teams:
            quotas = [self._own_quota(spell, measure) for spell in self._members(team, home)]
            credit = self._by_period(self._of_team(team, measure, home))
            self._known_teams[team, measure, home] = credit, _sum(quotas, len(self.periods))
        return self._known_teams[team, measure, home]

    def _team_seen(self, spell: int, team: Team, measure: str) -> tuple[list[int], list[int]]:
        """Return credit and quota of a team on the days on which somebody held a seat of it."""
        home, spells = self._node(spell, team.level), self.inputs.spells
        first, after = spells.start[spell].astype(dt.date), self.periods[-1][1]
        if not np.isnat(spells.end[spell]):
            after = spells.end[spell].astype(dt.date)
        seen = (deal for deal in self._of_team(team, measure, home) if first <= deal.day < after)
        return self._by_period(seen), self._by_days(spell, self._team(team, measure, home, {})[1])

    def _members(self, team: Team, home: str) -> list[int]:
        return [
            spell
            for spell, plan in enumerate(self.inputs.spells.plan)
            if plan in team.credit_of and self._node(spell, team.level) == home
        ]

    def _of_team(self, team: Team, measure: str, home: str) -> list[Sold]:
        """Return the deals of a team, each with what it is credited there in all."""
        if (team, measure, home) not in self._known_deals:
            credited: dict[int, list[Sold]] = {}
            whole: dict[int, int] = {}
            for spell in self._members(team, home):
                for number, size, deal in self._numbered(spell, measure):
                    credited.setdefault(number, []).append(deal)
                    whole[number] = size
            once = team.double_credit == "once"
            self._known_deals[team, measure, home] = [
                deals[0]._replace(credit=_credit(deals, whole[number] if once else None))
                for number, deals in credited.items()
            ]
        return self._known_deals[team, measure, home]


def _credit(deals: list[Sold], whole: int | None) -> int:
    """Return what the rows of one deal credit together: no more than the whole of it, where that is given."""
    every = sum(int(deal.credit) for deal in deals)
    if whole is None:
        return every
    return min(every, whole) if whole >= 0 else max(every, whole)


def _sum(rows: list[list[int]], periods: int) -> list[int]:
    return [sum(row[p] for row in rows) for p in range(periods)]
