"""Auditor: pays people again, plainly, one person and period at a time, in fractions.

Days are counted with dates, tables are read by `engine.comp.plain`, and what a component earns is taken forward period
by period.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from importlib import import_module
from typing import Any

import numpy as np

from engine import amounts
from engine.comp.plain.oncosts import Paid
from engine.comp.plain.person import Person
from engine.comp.spec import CompSpec, Plan
from engine.comp.team import COMPANY, Team
from engine.inputs import Inputs, IntArray
from engine.quota.quotas import PartPeriods


class Auditor:
    """Pays people again, plainly."""

    def __init__(
        self,
        inputs: Inputs,
        quota: IntArray,
        quotas: Mapping[str, IntArray],
        spec: CompSpec,
        opening: Mapping[int, IntArray] | None = None,
        parts: PartPeriods | None = None,
    ) -> None:
        self.inputs = inputs
        self.parts = {(int(spell), int(p)): points for spell, p, *points in zip(*(parts or ()), strict=True)}
        """From where to where in the quota of a seat a spell's part lies, by (spell, period); else by days."""
        self.quota, self.quotas = quota, quotas
        self.spec = spec
        self.opening = opening or {}
        """Balances from before the plan, by the place of their component; shape (spell, period)."""
        self.named = [(plan, part) for plan, block in spec.plans.items() for part in block.components]
        self.minor = 10 ** amounts.decimals(inputs.currency)
        edges = [edge.astype(dt.date) for edge in inputs.calendar.edges]
        self._known_days: dict[tuple[int, int], tuple[int, int, int]] = {}
        self._known_cuts: dict[tuple[int, int], list[int]] = {}
        self._known_teams: dict[tuple[Team, str, str], tuple[list[int], list[int]]] = {}
        self.periods = list(itertools.pairwise(edges))
        self._fixed: dict[int, list[int]] = {}
        self._variable: dict[int, list[int]] = {}

    def round(self, value: Fraction) -> int:
        """Round as the plan says; Python rounds fractions half to even."""
        if self.spec.rounding == "half_even":
            return round(value)
        size = int(abs(value) + Fraction(1, 2))
        return size if value >= 0 else -size

    @property
    def paid(self) -> Paid:
        """What everybody is paid of the plans that were paid last."""
        return Paid(self._fixed, self._variable, self.periods, self.round, self.minor)

    def plan(self, plan: str, person: Callable[[int], Person]) -> tuple[list[int], list[int], int]:
        """Return salary and variable pay of a plan by period, and by how many minor units a period may be off.

        Args:
            plan: its name.
            person: what is known of somebody, by spell.

        """
        fixed, variable = [0] * len(self.periods), [0] * len(self.periods)
        block, points = self.spec.plans[plan], 0
        self._known_teams.clear()
        spells = [spell for spell, name in enumerate(self.inputs.spells.plan) if name == plan]
        people = [person(spell) for spell in spells]
        for rows in (self._fixed, self._variable):
            rows |= {spell: [0] * len(self.periods) for spell in spells}
        for part in sorted(block.components, key=lambda part: part.turn):
            into, rows = (fixed, self._fixed) if part.fixed else (variable, self._variable)
            for spell, pay in zip(spells, self.part(block, part, people), strict=True):
                for p, value in enumerate(pay):
                    into[p] += value
                    rows[spell][p] += value
            if not part.fixed:
                deals = sum(len(person.deals(part.measures()[0])) for person in people if part.needs_deals)
                points += 2 * (part.points * len(self.periods) * len(people) + deals)
        return fixed, variable, points

    def person(self, spell: int, seats: Mapping[str, IntArray]) -> Person:
        """Return what is known of somebody in one replication; `seats` is credit by (rep, period) of each measure."""
        spells = self.inputs.spells
        here = [p for p in range(len(self.periods)) if self._days(spell, p)[0] < self._days(spell, p)[1]]
        came = here[0] if here else len(self.periods)
        rows = self._settled_in(spell)

        def together(cut: Callable[[int], list[int]]) -> list[int]:
            return [sum(parts) for parts in zip([0] * len(self.periods), *map(cut, rows), strict=True)]

        def own_team(team: Team, measure: str) -> tuple[list[int], list[int]]:
            teams = {row: self._team(team, measure, self._node(row, team.level), seats) for row in rows}
            credit = together(lambda row: self._by_days(row, teams[row][0]))
            return credit, together(lambda row: self._by_days(row, teams[row][1]))

        return Person(
            credit=lambda measure: together(lambda row: self._by_days(row, seats[measure][spells.rep[row]])),
            quota=lambda measure: together(lambda row: self._own_quota(row, measure)),
            target=together(lambda row: self._annual(row, int(spells.target_incentive[row]))),
            salary=self._annual(spell, int(spells.salary[spell])),
            annual=lambda amount: together(lambda row: self._annual(row, amount)),
            since=[p - came + self._before(spell) for p in range(len(self.periods))],
            span=self._span,
            round=self.round,
            minor=self.minor,
            who=spells.person[spell],
            days=together(
                lambda row: [self._days(row, p)[1] - self._days(row, p)[0] for p in range(len(self.periods))]
            ),
            periods=self.periods,
            node=lambda level: self._node(spell, level),
            team=lambda team, measure: self._team(team, measure, self._node(spell, team.level), seats),
            own_team=own_team,
            opening={
                self.named[k][1].label: table[spell].tolist()
                for k, table in self.opening.items()
                if self.named[k][0] == spells.plan[spell]
            },
        )

    def _own_quota(self, spell: int, measure: str) -> list[int]:
        seat = self.quotas.get(measure, self.quota)[self.inputs.spells.rep[spell]]
        quota = self._by_days(spell, seat)
        for p, whole in enumerate(seat.tolist()):
            if (spell, p) in self.parts:
                begin, end = self.parts[spell, p]
                quota[p] = self.round(whole * end) - self.round(whole * begin)
        return quota

    def _node(self, spell: int, level: str) -> str:
        levels, seat = self.inputs.reps.levels, self.inputs.spells.rep[spell]
        return "" if level == COMPANY else levels[level][seat]

    def _team(
        self, team: Team, measure: str, home: str, seats: Mapping[str, IntArray]
    ) -> tuple[list[int], list[int]]:
        """Return credit and quota of the people of the team at a node, each cut by their own days."""
        if (team, measure, home) not in self._known_teams:
            spells, credit, quota = self.inputs.spells, [0] * len(self.periods), [0] * len(self.periods)
            for spell, plan in enumerate(spells.plan):
                if plan in team.credit_of and self._node(spell, team.level) == home:
                    own = self._by_days(spell, seats[measure][spells.rep[spell]])
                    for into, figures in ((credit, own), (quota, self._own_quota(spell, measure))):
                        for p, value in enumerate(figures):
                            into[p] += value
            self._known_teams[team, measure, home] = credit, quota
        return self._known_teams[team, measure, home]

    def _before(self, spell: int) -> int:
        """Return the months, begun ones too, from a person's first day to that of the plan; 0 for who came later."""
        start, opening = self.inputs.spells.start[spell].astype(dt.date), self.periods[0][0]
        months = 12 * (opening.year - start.year) + opening.month - start.month
        return max(months + (1 if start.day < opening.day else 0), 0) if start < opening else 0

    def part(self, block: Plan, part: Any, people: list[Person]) -> list[list[int]]:
        """Return what one component pays each person of its plan in each period."""
        if part.fixed:
            return [person.salary for person in people]
        rule = import_module(f"engine.comp.plain.{part.kind}")
        if part.together:
            earned = rule.earned_together(part, people)
        else:
            earned = [rule.earned(part, person) for person in people]
        for person, its in zip(people, earned, strict=True):
            person.earned[part.label] = person.due[part.label] = its
            person.paid[part.label] = self._collected(its, part.when(block.pay))
        return [person.paid[part.label] for person in people]

    def _collected(self, earned: list[int], pay: str) -> list[int]:
        spans = [self._span(pay, p) for p in range(len(earned))]
        return [sum(earned[i] for i in span) if p == span.stop - 1 else 0 for p, span in enumerate(spans)]

    def _span(self, word: str, period: int) -> range:
        """Return the periods of the interval that a period lies in."""
        if word in ("period", "monthly"):
            return range(period, period + 1)
        if word in ("year", "year_to_date", "annually"):
            return range(len(self.periods))
        quarter = [int(q) for q in self.inputs.calendar.quarter]
        return range(quarter.index(quarter[period]), len(quarter) - quarter[::-1].index(quarter[period]))

    def _days(self, spell: int, period: int) -> tuple[int, int, int]:
        """Return days gone before the person came and left, and the length of the period."""
        if (spell, period) not in self._known_days:
            self._known_days[spell, period] = self._count_days(spell, period)
        return self._known_days[spell, period]

    def _count_days(self, spell: int, period: int) -> tuple[int, int, int]:
        start, end = self.inputs.spells.start[spell], self.inputs.spells.end[spell]
        begin, after = self.periods[period]
        came = min(max(start.astype(dt.date), begin), after)
        left = after if np.isnat(end) else max(min(end.astype(dt.date), after), came)
        return (came - begin).days, (left - begin).days, (after - begin).days

    def _by_days(self, spell: int, seat: Sequence[int] | IntArray) -> list[int]:
        cut = []
        for p in range(len(self.periods)):
            came, left, length = self._days(spell, p)
            whole = int(seat[p])
            cut.append(
                self.round(Fraction(whole * left, length)) - self.round(Fraction(whole * came, length))
            )
        return cut

    def _settled_in(self, spell: int) -> list[int]:
        """Return the spells whose credit counts in the row of this one; none where it is carried to an earlier one."""
        spells = self.inputs.spells
        if self.spec.carry != "person" or not self._in_year(spell):
            return [spell]
        who = (spells.person[spell], spells.plan[spell])
        same = [
            other
            for other in range(len(spells))
            if (spells.person[other], spells.plan[other]) == who and self._in_year(other)
        ]
        first = min(same, key=lambda other: (spells.start[other], other))
        return same if spell == first else []

    def _in_year(self, spell: int) -> bool:
        return any(self._days(spell, p)[0] < self._days(spell, p)[1] for p in range(len(self.periods)))

    def _annual(self, spell: int, amount: int) -> list[int]:
        if (spell, amount) not in self._known_cuts:
            gone = [(self._year(spell, p, 0), self._year(spell, p, 1)) for p in range(len(self.periods))]
            cuts = [self.round(amount * left) - self.round(amount * came) for came, left in gone]
            self._known_cuts[spell, amount] = cuts
        return self._known_cuts[spell, amount]

    def _year(self, spell: int, period: int, side: int) -> Fraction:
        """Return the part of a year gone when the person came (side 0) or left (1) in a period."""
        came, left, length = self._days(spell, period)
        days = (came, left)[side]
        if self.spec.proration == "days_of_period":
            return Fraction(period * length + days, 12 * length)
        if self.spec.proration == "days_30_360":
            return Fraction(30 * period + (30 if days == length else min(days, 30)), 360)
        if self.spec.proration == "none":
            counts = came < left and not self._followed(spell, period)
            return Fraction(period + (1 if side == 1 and counts else 0), 12)
        if self.spec.proration != "days_of_year":
            day = min(self.spec.cutoff_day or 1, length)
            return Fraction(period + (1 if side == 1 and came < day <= left else 0), 12)
        first, (begin, _) = self.periods[0][0], self.periods[period]
        if len(self.periods) == 12:
            year = (self.periods[-1][1] - first).days
        elif first.day == 1:
            year = (first.replace(year=first.year + 1) - first).days
        else:
            year = 364
        return Fraction((begin - first).days + days, year)

    def _followed(self, spell: int, period: int) -> bool:
        """Say whether another row of the person begins in the period once this one has ended."""
        _, left, _ = self._days(spell, period)
        for other, person in enumerate(self.inputs.spells.person):
            came, gone, _ = self._days(other, period)
            if other != spell and person == self.inputs.spells.person[spell] and left <= came < gone:
                return True
        return False
