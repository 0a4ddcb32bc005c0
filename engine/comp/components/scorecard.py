"""Scorecard: goals that somebody judges (MBO, KSO), each with a weight.

    due = weight x T x sum over goals of (weight of the goal x what its achievement pays)

where T is the target incentive of the interval. Weights of goals sum to 1, so a scorecard that is achieved in full pays
weight x T. About three goals a quarter carry 10 to 15 % of variable pay in practice:
https://www.xactlycorp.com/blog/mbo-bonus-definition-tips

Achievements are not simulated: each is stated by person and interval, or expected of everybody else. The plan checker
takes every goal as achieved in full.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import BeforeValidator, Field, field_validator, model_validator

from engine.blocks import Block
from engine.comp.component import Component
from engine.comp.components.bonus import Node
from engine.comp.intervals import Interval, Pay
from engine.comp.pieces import Closed
from engine.comp.reason import Reason, share, some
from engine.comp.tiers import MOST_MULTIPLE, in_range
from engine.errors import did_you_mean
from engine.fields import Name, Ratio, Text, refuse

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.quantity import Quantity
    from engine.comp.reason import Figure
    from engine.comp.rounding import Integers
    from engine.inputs import Inputs, IntArray, Words

Achieved = Annotated[
    tuple[Ratio, ...], BeforeValidator(lambda value: value if isinstance(value, list | tuple) else (value,))
]
"""A ratio for every interval of the plan, or one for all of them."""


class Goal(Block):
    """One goal of a scorecard."""

    name: Name
    """What is to be achieved. Required."""
    weight: Ratio = Field(gt=0, le=1)
    """Share of the scorecard; those of all goals sum to 100%. Required."""
    pays: Literal["pro_rata", "all_or_nothing", "curve"]
    """`pro_rata`: the achievement, up to `most`; `all_or_nothing`: 100% from `threshold` on, else nothing; `curve`:
    what `nodes` say. Required."""
    threshold: Ratio | None = Field(default=None, gt=0)
    """Achievement below which nothing is paid; none unless given. Required for `all_or_nothing`."""
    most: Ratio | None = Field(default=None, gt=0)
    """Most that the goal pays, as a ratio of its share. For `pro_rata` alone, and required there."""
    nodes: tuple[Node, ...] = ()
    """Points of the curve by rising achievement, straight lines in between, flat after the last; below the first
    nothing is paid. For `curve` alone, and required there."""
    achieved: Mapping[Text, Achieved] = Field(default_factory=dict)
    """Achievement by person: a ratio for every interval of the plan in order, or one for all."""
    expected: Ratio | None = Field(default=None, ge=0)
    """Achievement of everybody whom `achieved` does not name. Required where somebody is not named."""

    @model_validator(mode="after")
    def _complete(self) -> Goal:
        for key, kind, given in (
            ("most", "pro_rata", self.most is not None),
            ("nodes", "curve", bool(self.nodes)),
        ):
            if given != (self.pays == kind):
                raise refuse("E_REQUIRED", f"`{key}` belongs to pays: {kind}, and is required there")
        if self.pays == "all_or_nothing" and self.threshold is None:
            raise refuse("E_REQUIRED", "pays: all_or_nothing needs a `threshold`", "For example 100%.")
        for before, after in itertools.pairwise(self.nodes):
            if after.attainment <= before.attainment:
                raise refuse(
                    "E_TIERS",
                    f"a node at {after.attainment:f} follows one at {before.attainment:f}",
                    "Sort nodes by achievement, no doubles.",
                )
        return self

    @field_validator("achieved")
    @classmethod
    def _in_range(cls, value: Mapping[str, tuple[Ratio, ...]]) -> Mapping[str, tuple[Ratio, ...]]:
        for ratio in itertools.chain.from_iterable(value.values()):
            in_range(ratio, MOST_MULTIPLE, "achievement")
        return value

    def worth(self, achievement: Fraction, closed: Closed) -> Fraction:
        """Return what an achievement pays, as a ratio of the goal's share."""
        floor = None if self.threshold is None else Fraction(self.threshold)
        if floor is not None and (achievement < floor or (achievement == floor and closed == "right")):
            return Fraction(0)
        if self.pays == "all_or_nothing":
            return Fraction(1)
        if self.pays == "pro_rata":
            return min(achievement, Fraction(self.most or 0))
        return self._on_curve(achievement)

    def _on_curve(self, achievement: Fraction) -> Fraction:
        points = [(Fraction(node.attainment), Fraction(node.pay)) for node in self.nodes]
        if achievement < points[0][0]:
            return Fraction(0)
        for (a, p), (b, q) in itertools.pairwise(points):
            if achievement < b:
                return p + (q - p) * (achievement - a) / (b - a)
        return points[-1][1]


class Scorecard(Component):
    """Pays a share of the target incentive by how far goals were achieved."""

    kind: Literal["scorecard"] = "scorecard"
    """Goals that somebody judges (MBO, KSO)."""
    weight: Ratio = Field(gt=0, le=1)
    """Share of the person's target incentive that the scorecard carries. Required."""
    per: Interval
    """Interval for which goals are set: `period`, `quarter` or `year`. It is earned in the interval's last period, on
    the target incentive of the whole interval, also by a person who has left. Required."""
    closed: Closed
    """Whether an achievement exactly at a threshold pays: `left` yes, `right` no. Required."""
    goals: tuple[Goal, ...] = Field(min_length=1)
    """The goals; their weights sum to 100%."""
    pay: Pay | None = None
    """When it is paid: `monthly`, `quarterly` or `annually`; as the plan says unless given."""

    @model_validator(mode="after")
    def _whole(self) -> Scorecard:
        total = sum((goal.weight for goal in self.goals), Decimal(0))
        if total != 1:
            raise refuse(
                "E_WEIGHTS",
                f"the weights of the goals sum to {(total * 100).normalize():f}%",
                "Let them sum to 100%.",
                at="goals",
            )
        names = [goal.name for goal in self.goals]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise refuse(
                "E_DUPLICATE",
                f"two goals are called '{twice[0]}'",
                "Give each a name of its own.",
                at="goals",
            )
        return self

    @property
    def target_weight(self) -> float:
        """Share of the target incentive when every goal is achieved in full."""
        return float(self.weight)

    def when(self, plan: Pay) -> Pay:
        """Return when it pays, given when its plan does."""
        return self.pay or plan

    def misfits(self, inputs: Inputs, people: Words, days: bool) -> Iterator[tuple[str, str, str, str]]:
        """Yield achievements of nobody, of too few or too many intervals, and people without one."""
        quarters = len(set(inputs.calendar.quarter.tolist()))
        count = {"period": inputs.calendar.periods, "quarter": quarters, "year": 1}[self.per]
        for i, goal in enumerate(self.goals):
            field = f"goals[{i}].achieved"
            for person, ratios in goal.achieved.items():
                if person not in people:
                    yield (
                        "E_REFERENCE",
                        field,
                        f"'{person}' does not have this plan",
                        did_you_mean(person, people),
                    )
                if len(ratios) not in (1, count):
                    message = f"'{person}' has {len(ratios)} achievements; the plan has {count} intervals"
                    yield "E_RANGE", field, message, f"Give {count}, or one for all of them."
            left_out = [person for person in people if person not in goal.achieved]
            if left_out and goal.expected is None:
                message = f"nothing says what {len(left_out)} people achieve, such as '{left_out[0]}'"
                yield (
                    "E_REQUIRED",
                    f"goals[{i}].expected",
                    message,
                    "Name them in `achieved`, or give `expected`.",
                )

    def earn(self, book: Book) -> Quantity:
        """Return what is earned in each period, in whole minor units, shape (spell, period)."""
        groups = book.intervals.groups(self.per)
        above, below = self._ratios(book.who, len(groups.spans))
        interval = np.repeat(np.arange(len(groups.spans)), [b - a for a, b in groups.spans])
        target = book.target.times(Fraction(self.weight)).collected(groups)
        return target.share(book.whole(below), of=book.whole(above[:, interval])).rounded(book.rounding)

    def reasons(self, book: Book) -> Iterator[Reason]:
        """Yield each goal: what its achievement pays of its weight in the target incentive of the interval."""
        groups = book.intervals.groups(self.per)
        interval = np.repeat(np.arange(len(groups.spans)), [b - a for a, b in groups.spans])
        target = book.target.times(Fraction(self.weight)).collected(groups)
        before, to_date = target.times(Fraction(0)).rounded(book.rounding), target.times(Fraction(0))
        for goal in self.goals:
            achieved = [
                [self._achievement(goal, name, i) for i in range(len(groups.spans))] for name in book.who
            ]
            pays = [[goal.worth(each, self.closed) for each in row] for row in achieved]
            shares = [_over_one(rows, book, interval) for rows in (achieved, pays)]
            weighted = target.times(Fraction(goal.weight))
            to_date = to_date.plus(weighted.share(shares[1][1], of=shares[1][0]))
            upto = to_date.rounded(book.rounding)
            words = f"{goal.name}, weight {share(goal.weight)}: {{achieved}} achieved, pays {{pays}} of {{target}}"
            figures: dict[str, Figure] = {
                "achieved": shares[0],
                "pays": shares[1],
                "target": weighted.rounded(book.rounding),
            }
            yield Reason("goal", upto.minus(before), words, figures, some(target))
            before = upto

    def _ratios(self, who: Words, count: int) -> tuple[Integers, Integers]:
        """Return what achievements pay as ratios: numerators, shape (spell, interval), over one denominator."""
        if (who, count) not in self._known:
            rows = {name: [self._share(name, i) for i in range(count)] for name in dict.fromkeys(who)}
            below = lcm(*(share.denominator for row in rows.values() for share in row))
            above = [[int(share * below) for share in rows[name]] for name in who]
            table = np.array(above, dtype=object).reshape(len(who), count)
            self._known[who, count] = table, np.array(below, dtype=object)
        return self._known[who, count]

    @cached_property
    def _known(self) -> dict[tuple[Words, int], tuple[Integers, Integers]]:
        """Ratios worked out so far: they are the same in every replication."""
        return {}

    def _share(self, who: str, interval: int) -> Fraction:
        """Return what a person's achievements of an interval pay, as a ratio of the scorecard's target."""
        worths = (
            Fraction(goal.weight) * goal.worth(self._achievement(goal, who, interval), self.closed)
            for goal in self.goals
        )
        return sum(worths, Fraction(0))

    def _achievement(self, goal: Goal, who: str, interval: int) -> Fraction:
        if not who:
            return Fraction(1)
        ratios = goal.achieved.get(who)
        if ratios is None:
            return Fraction(goal.expected or 0)
        return Fraction(ratios[interval if len(ratios) > 1 else 0])


def _over_one(
    rows: Sequence[Sequence[Fraction]], book: Book, interval: IntArray
) -> tuple[Quantity, Quantity]:
    """Return ratios by (spell, interval) as what stands above and below the line, shape (spell, period)."""
    below = lcm(*(ratio.denominator for row in rows for ratio in row))
    above = np.array([[int(ratio * below) for ratio in row] for row in rows], dtype=object)
    table = above.reshape(len(rows), interval.max() + 1)[:, interval]
    return book.whole(table), book.whole(np.full(table.shape, below, dtype=object))
