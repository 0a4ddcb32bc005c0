"""Spans: periods joined until what stands in each is the pay of enough people.

A sum over ten people is still one person's pay where the other nine earn nothing in that period, and so is what two
such sums differ by. So periods are joined, one after the other, until every figure of every plan that is shown, and of
the rest of the company, is that of nobody or of at least `FEWEST` people; what is left over at the end joins the span
before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.comp.groups import FEWEST
from engine.inputs import IntArray

ALL = "all"
Units = Sequence[tuple[str, ...]]
"""Periods in their order, in parts that are told together anyway."""


@dataclass(frozen=True)
class Span:
    """Periods that are told together."""

    label: str
    periods: tuple[str, ...]


@dataclass(frozen=True)
class _Figure:
    """Sums by person and plan, and unit of periods; told are those of a span together, or all of them `to_date`."""

    sums: IntArray
    plan: IntArray
    """Number of the plan of each row; 0 for all that are not shown."""
    least: int
    """Minor units from which on a sum tells something of a person."""
    to_date: bool

    @classmethod
    def of(cls, frame: pd.DataFrame, units: Units, told: Sequence[str], least: int, to_date: bool) -> _Figure:
        """Return the figure that a frame of person, plan, period and amount makes up."""
        column = {period: i for i, unit in enumerate(units) for period in unit}
        plans = {plan: 1 + i for i, plan in enumerate(plan for plan in told if plan != ALL)}
        rows = frame[frame["amount"] != 0]
        plan = np.array([plans.get(name, 0) for name in rows["plan"]], dtype=np.int64)
        who, _ = pd.factorize(rows["person"])
        pair, row = np.unique(who.astype(np.int64) * (1 + len(plans)) + plan, return_inverse=True)
        sums = np.zeros((pair.size, len(units)), dtype=np.int64)
        unit = np.array([column[period] for period in rows["period"]], dtype=np.int64)
        np.add.at(sums, (row.reshape(-1), unit), rows["amount"].to_numpy(dtype=np.int64))
        return cls(sums, pair % (1 + len(plans)), least, to_date)

    def is_discreet(self, first: int, end: int) -> bool:
        """Whether what stands in the units from `first` to before `end` is of nobody or of enough people."""
        of = self.sums[:, 0 if self.to_date else first : end].sum(axis=1)
        count = np.bincount(self.plan[np.abs(of) >= self.least])
        return bool(((count == 0) | (count >= FEWEST)).all())


def spans(
    figures: Sequence[pd.DataFrame],
    units: Units,
    told: Sequence[str],
    differences: Sequence[pd.DataFrame] = (),
    to_date: Sequence[pd.DataFrame] = (),
    unit: int = 1,
) -> tuple[Span, ...]:
    """Return the spans of some periods; none where even all of them together are the pay of too few.

    A unit in which nobody earns or is paid anything is in none, unless it is joined.

    Args:
        figures: frames of person, plan, period and amount; what counts is for whom the amounts of a span add up to
            something.
        units: the periods.
        told: the plans that are shown, and `all`.
        differences: such frames of what two figures differ by.
        to_date: those whose amounts are told as the sum of all units up to the end of a span.
        unit: minor units of the currency unit, below which a difference is one of rounding.

    """
    known = [_Figure.of(frame, units, told, 1, False) for frame in figures]
    known += [_Figure.of(frame, units, told, unit, False) for frame in differences]
    known += [_Figure.of(frame, units, told, unit, True) for frame in to_date]
    found: list[tuple[int, int]] = []
    begun = 0
    for end in range(1, len(units) + 1):
        if all(figure.is_discreet(begun, end) for figure in known):
            found.append((begun, end))
            begun = end
    while begun < len(units) and found:
        first, _ = found.pop()
        if all(figure.is_discreet(first, len(units)) for figure in known):
            found.append((first, len(units)))
            begun = len(units)
    return tuple(_named(units[a:b]) for a, b in found if any(one.sums[:, a:b].any() for one in known))


def filled(over: Sequence[Span], labels: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the periods of spans, and between them each period that is in none, in their order."""
    of = {period: span.periods for span in over for period in span.periods}
    yield from dict.fromkeys(of.get(label, (label,)) for label in labels)


def _named(units: Units) -> Span:
    periods = tuple(period for unit in units for period in unit)
    return Span(periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}", periods)
