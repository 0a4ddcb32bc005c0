"""Payer: the auditor of single deals, credited to people on the days of these deals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache, cached_property

import numpy as np

from engine.comp.auditor import Auditor
from engine.comp.component import Component, in_turn
from engine.comp.components.holdback import Holdback
from engine.comp.exact import Rows
from engine.comp.plain.holdback import forfeited
from engine.comp.plain.person import Person, Sold
from engine.comp.spec import CompSpec, Plan
from engine.comp.team import Team
from engine.inputs import Inputs, IntArray
from engine.quota.quotas import PartPeriods


class Payer(Auditor):
    """Pays people again on single deals; each has a number, its day and the credit of the whole deal."""

    def __init__(
        self,
        inputs: Inputs,
        quota: IntArray,
        quotas: Mapping[str, IntArray],
        spec: CompSpec,
        rows: Rows,
        opening: Mapping[int, IntArray] | None = None,
        parts: PartPeriods | None = None,
    ) -> None:
        super().__init__(inputs, quota, quotas, spec, opening, parts)
        self.rows = rows
        self._payers: dict[int, Payer] = {}
        self._known_alone: dict[tuple[int, str], dict[int, list[int]]] = {}
        self.forfeited: dict[tuple[str, int], list[int]] = {}
        """What holdbacks keep for good, by (component, spell) of the people who were paid again."""
        self._known_deals: dict[tuple[Team, str, str], list[Sold]] = {}
        self._order = np.argsort(rows.spell, kind="stable")
        self._start = np.searchsorted(rows.spell[self._order], np.arange(len(inputs.spells) + 1))

    def earned(self, block: Plan, members: list[int], chosen: list[int]) -> dict[tuple[str, int], list[int]]:
        """Return what components earn in each period, by (component, spell), of the chosen members of a plan."""
        together = any(part.together for part in block.components)
        people = {spell: self.seller(spell) for spell in (members if together else chosen)}
        found, restated = {}, any(part.restates for part in block.components)
        for part in in_turn(block.components):
            who = members if part.together else chosen
            if isinstance(part, Holdback):
                lost = {(part.label, spell): forfeited(part, people[spell]) for spell in chosen}
                self.forfeited |= lost
            self.part(block, part, [people[spell] for spell in who])
            if restated:
                self.take(block, part, {spell: people[spell] for spell in who})
            for spell in chosen:
                again = people[spell].salary if part.fixed else people[spell].earned[part.label]
                found[part.label, spell] = again
        return found

    def take(self, block: Plan, part: Component, people: Mapping[int, Person]) -> None:
        """Note what deals that are taken back later take of what one component earned."""
        if self.rows.origin is None or part.turn or part.fixed:
            return
        for person in people.values():
            person.taken[part.label] = {}
        for sort in self.sorts:
            for spell, cost in self.costs(block, part, people, sort).items():
                people[spell].taken[part.label][sort] = cost

    def costs(
        self, block: Plan, part: Component, people: Iterable[int], sort: tuple[int, int]
    ) -> dict[int, int]:
        """Return what one sort of reversals costs people of a component that looks at no other.

        Args:
            block: the plan.
            part: the component.
            people: their spells; all of the plan where it is settled for all together.
            sort: period in which they come, and that of their deals; one of `sorts`.

        """
        after, before = (self._known(sort, also=also).alone(block, part, people) for also in (True, False))
        return {spell: after[spell][sort[0]] - before[spell][sort[0]] for spell in people}

    def alone(self, block: Plan, part: Component, people: Iterable[int]) -> dict[int, list[int]]:
        """Return what some people earn in each period of one component that looks at no other."""
        if (id(block), part.label) not in self._known_alone:
            who = {spell: self.seller(spell) for spell in people}
            Auditor.part(self, block, part, list(who.values()))
            earned = {spell: person.earned[part.label] for spell, person in who.items()}
            self._known_alone[id(block), part.label] = earned
        return self._known_alone[id(block), part.label]

    @cached_property
    def _back(self) -> list[tuple[int, int] | None]:
        """The period of each row that takes a deal of an earlier one back, and that of its deal; None for others."""
        rows, first = self.rows, dict[int, int]()
        found: list[tuple[int, int] | None] = []
        if rows.origin is None:
            return [None] * rows.period.size
        for row, (origin, period) in enumerate(zip(rows.origin.tolist(), rows.period.tolist(), strict=True)):
            deal = first.setdefault(origin, row)
            turned = any(int(credit[row]) * int(credit[deal]) < 0 for credit in rows.credit.values())
            home = int(rows.period[deal])
            found.append((period, home) if turned and home < period else None)
        return found

    @cached_property
    def sorts(self) -> list[tuple[int, int]]:
        """The periods in which reversals of deals of earlier ones come, with those of their deals, in order."""
        return sorted({event for event in self._back if event is not None})

    def _known(self, last: tuple[int, int], *, also: bool) -> Payer:
        """Return a payer of the deals with the reversals before one sort, and of that sort also."""
        at = self.sorts.index(last) + also
        if at not in self._payers:
            first = self.sorts[at : at + 1]
            kept = np.array([event is None or not first or event < first[0] for event in self._back])
            credit = {name: np.where(kept, values, 0) for name, values in self.rows.credit.items()}
            rows = replace(self.rows, credit=credit)
            self._payers[at] = Payer(self.inputs, self.quota, self.quotas, self.spec, rows)
        return self._payers[at]

    def seller(self, spell: int) -> Person:
        """Return what is known of somebody and of the deals."""
        settled = self._settled_in(spell)

        @cache
        def deals(measure: str) -> list[Sold]:
            return _in_order(deal for row in settled for deal in self._deals(row, measure))

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

        @cache
        def own_team_deals(team: Team, measure: str) -> list[Sold]:
            return _in_order(deal for row in settled for deal in self._seen(row, team, measure))

        def team_deals(team: Team, measure: str) -> list[Sold]:
            return self._of_team(team, measure, self._node(spell, team.level))

        return replace(
            self.person(spell, {}), dated=True, deals=deals, credit=credit, quota=quota, own_team=own_team,
            own_team_deals=own_team_deals, team_deals=team_deals,
        )  # fmt: skip

    def _deals(self, spell: int, measure: str) -> list[Sold]:
        return [deal for _, _, deal in self._numbered(spell, measure)]

    def _numbered(self, spell: int, measure: str) -> Iterator[tuple[int, int, Sold]]:
        """Yield the number of each deal with which a spell is credited, the credit of the whole deal, and the deal."""
        rows = self.rows
        assert rows.day is not None
        assert rows.deal is not None
        mine = self._order[self._start[spell] : self._start[spell + 1]]
        columns = (rows.deal, rows.whole[measure], rows.period, rows.day, rows.credit[measure])
        for row, number, whole, period, day, credit in zip(
            mine.tolist(), *(each[mine].tolist() for each in columns), strict=True
        ):
            origin = None if self.rows.origin is None else int(self.rows.origin[row])
            yield number, whole, Sold(period, day, credit, row, self._says(row), origin)

    def _says(self, row: int) -> dict[str, str | Fraction]:
        """Return what a deal is, by column."""
        rows = self.rows
        words = {name: column.words[column.codes[row]] for name, column in rows.labels.items()}
        numbers = {
            name: Fraction(int(column.values[row]), column.scale) for name, column in rows.numbers.items()
        }
        return {**words, **numbers}

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
        quota = self._team(team, measure, self._node(spell, team.level), {})[1]
        return self._by_period(self._seen(spell, team, measure)), self._by_days(spell, quota)

    def _seen(self, spell: int, team: Team, measure: str) -> list[Sold]:
        """Return the deals of a team on the days on which somebody held a seat of it."""
        home, spells = self._node(spell, team.level), self.inputs.spells
        first, after = spells.start[spell].astype(dt.date), self.periods[-1][1]
        if not np.isnat(spells.end[spell]):
            after = spells.end[spell].astype(dt.date)
        return [deal for deal in self._of_team(team, measure, home) if first <= deal.day < after]

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
            self._known_deals[team, measure, home] = _in_order(
                deals[0]._replace(credit=_credit(deals, whole[number] if once else None))
                for number, deals in credited.items()
            )
        return self._known_deals[team, measure, home]


def _credit(deals: list[Sold], whole: int | None) -> int:
    """Return what the rows of one deal credit together: no more than the whole of it, where that is given."""
    every = sum(int(deal.credit) for deal in deals)
    if whole is None:
        return every
    return min(every, whole) if whole >= 0 else max(every, whole)


def _in_order(deals: Iterable[Sold]) -> list[Sold]:
    return sorted(deals, key=lambda deal: (deal.period, deal.place))


def _sum(rows: list[list[int]], periods: int) -> list[int]:
    return [sum(row[p] for row in rows) for p in range(periods)]
