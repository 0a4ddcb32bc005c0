"""Audit: a few replications paid again, one person and period at a time, in fractions.

Independent of the stage's own arithmetic: days are counted with dates, tables are read by `engine.comp.plain`, and
what a component earns is taken forward period by period. Both sides work on the same whole credits.
Each rounding point of the fast path may differ by one minor unit, when a value lies within float error of a tie; that,
and no more, is granted.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from importlib import import_module
from typing import Any

import numpy as np

from engine import amounts
from engine.comp.payouts import Payouts
from engine.comp.plain.person import Person
from engine.comp.spec import CompSpec, Plan
from engine.comp.team import COMPANY, Team
from engine.inputs import Inputs, IntArray
from engine.pipeline.bookings import Bookings
from engine.quota.quotas import Quotas

EFFORT = 20_000
"""(replication, spell, period) cells that an audit pays again, about; at least one replication."""
REPLICATIONS = 3


def violations(
    inputs: Inputs, bookings: Bookings, quotas: Quotas, spec: CompSpec, payouts: Payouts
) -> list[str]:
    """Return what is wrong with finished payouts, one sentence each; empty when all is well."""
    return [*_totals(bookings, payouts), *_paid_again(inputs, bookings, quotas, spec, payouts)]


def _totals(bookings: Bookings, payouts: Payouts) -> Iterator[str]:
    if payouts.cost.shape[0] != bookings.replications:
        yield f"cost has {payouts.cost.shape[0]} replications, bookings have {bookings.replications}"
        return
    if not np.isfinite(payouts.cost).all() or not np.isfinite(payouts.variable).all():
        yield "a cost is not a finite number"
    if (payouts.cost != np.rint(payouts.cost)).any() or (payouts.variable != np.rint(payouts.variable)).any():
        yield "a cost is no whole number of minor units"
    salary = payouts.cost - payouts.variable
    if (salary != salary[:1]).any():
        yield "cost less variable pay is salary, and differs between replications"


def _paid_again(
    inputs: Inputs, bookings: Bookings, quotas: Quotas, spec: CompSpec, payouts: Payouts
) -> Iterator[str]:
    people = len(inputs.spells)
    count = max(
        1, min(REPLICATIONS, EFFORT // max(people * inputs.calendar.periods, 1), bookings.replications)
    )
    chosen = (
        np.unique(np.linspace(0, bookings.replications - 1, count).astype(int))
        if bookings.replications
        else ()
    )
    auditor = Auditor(inputs, quotas.by_period, spec)
    for r in chosen:
        seats = {name: bookings.measure(name)[r] for name in bookings.measures}
        for k, plan in enumerate(payouts.plans):
            fixed, variable, points = auditor.plan(plan, seats)
            for p, label in enumerate(inputs.calendar.labels):
                for what, ours, again, slack in (
                    ("salary", payouts.cost[r, p, k] - payouts.variable[r, p, k], fixed[p], 0),
                    ("variable pay", payouts.variable[r, p, k], variable[p], points),
                ):
                    if abs(int(ours) - again) > slack:
                        yield (
                            f"plan {plan}, {label}, replication {r}: {what} is {int(ours)} minor units, "
                            f"paid again it is {again}"
                        )


class Auditor:
    """Pays people again, plainly."""

    def __init__(self, inputs: Inputs, quota: IntArray, spec: CompSpec) -> None:
        self.inputs = inputs
        self.quota = quota
        self.spec = spec
        self.minor = 10 ** amounts.decimals(inputs.currency)
        edges = [edge.astype(dt.date) for edge in inputs.calendar.edges]
        self._known_days: dict[tuple[int, int], tuple[int, int, int]] = {}
        self._known_cuts: dict[tuple[int, int], list[int]] = {}
        self._known_teams: dict[tuple[Team, str, str], tuple[list[int], list[int]]] = {}
        self.periods = list(itertools.pairwise(edges))

    def round(self, value: Fraction) -> int:
        """Round as the plan says; Python rounds fractions half to even."""
        if self.spec.rounding == "half_even":
            return round(value)
        size = int(abs(value) + Fraction(1, 2))
        return size if value >= 0 else -size

    def plan(self, plan: str, seats: dict[str, IntArray]) -> tuple[list[int], list[int], int]:
        """Return salary and variable pay of a plan by period, and the rounding points of a period's variable pay."""
        fixed, variable = [0] * len(self.periods), [0] * len(self.periods)
        block, points = self.spec.plans[plan], 0
        self._known_teams.clear()
        spells = [s for s, name in enumerate(self.inputs.spells.plan) if name == plan]
        people = [self._person(s, seats) for s in spells]
        for part in sorted(block.components, key=lambda part: part.turn):
            into = fixed if part.fixed else variable
            for pay in self.part(block, part, people):
                for p, value in enumerate(pay):
                    into[p] += value
            points += 0 if part.fixed else 2 * part.points * len(self.periods) * len(people)
        return fixed, variable, points

    def _person(self, spell: int, seats: dict[str, IntArray]) -> Person:
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
            quota=lambda measure: together(lambda row: self._by_days(row, self.quota[spells.rep[row]])),
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
        )

    def _node(self, spell: int, level: str) -> str:
        levels, seat = self.inputs.reps.levels, self.inputs.spells.rep[spell]
        return "" if level == COMPANY else levels[level][seat]

    def _team(
        self, team: Team, measure: str, home: str, seats: dict[str, IntArray]
    ) -> tuple[list[int], list[int]]:
        """Return credit and quota of the people of the team at a node, each cut by their own days."""
        if (team, measure, home) not in self._known_teams:
            spells, credit, quota = self.inputs.spells, [0] * len(self.periods), [0] * len(self.periods)
            for spell, plan in enumerate(spells.plan):
                if plan in team.credit_of and self._node(spell, team.level) == home:
                    for into, figures in ((credit, seats[measure]), (quota, self.quota)):
                        for p, value in enumerate(self._by_days(spell, figures[spells.rep[spell]])):
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
