"""Spans: periods joined until what stands in each is the pay of enough people.

A sum over ten people is still one person's pay where the other nine earn nothing in that period. So periods are
joined, one after the other, until every figure of every plan that is shown, and of the rest of the company, is that of
nobody or of at least `FEWEST` people; what is left over at the end joins the span before it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from engine.comp.groups import FEWEST

ALL = "all"
Earners = Mapping[tuple[int, str], frozenset[str]]
"""People of whom a figure is made up, by figure and plan."""


@dataclass(frozen=True)
class Span:
    """Periods that are told together."""

    label: str
    periods: tuple[str, ...]


def spans(figures: Sequence[pd.DataFrame], labels: Sequence[str], told: Sequence[str]) -> tuple[Span, ...]:
    """Return the spans of some periods; none where even all of them together are the pay of too few.

    A period in which nobody earns or is paid anything is in none, unless it is joined.

    Args:
        figures: frames of person, plan, period and amount; what counts is whose amounts are not 0.
        labels: the periods in their order.
        told: the plans that are shown, and `all`.

    """
    found: list[tuple[list[str], Earners]] = []
    begun: tuple[list[str], Earners] = ([], {})
    for label in labels:
        begun = ([*begun[0], label], _together(begun[1], _earners(figures, label, told)))
        if _enough(begun[1]):
            found.append(begun)
            begun = ([], {})
    while begun[0] and found:
        periods, before = found.pop()
        begun = ([*periods, *begun[0]], _together(before, begun[1]))
        if _enough(begun[1]):
            found.append(begun)
            begun = ([], {})
    return tuple(Span(_named(periods), tuple(periods)) for periods, earners in found if earners)


def _earners(figures: Sequence[pd.DataFrame], label: str, told: Sequence[str]) -> Earners:
    people: dict[tuple[int, str], set[str]] = defaultdict(set)
    for number, frame in enumerate(figures):
        here = frame[(frame["period"] == label) & (frame["amount"] != 0)]
        for person, plan in zip(here["person"], here["plan"], strict=True):
            people[number, plan if plan in told else ALL].add(person)
    return {key: frozenset(who) for key, who in people.items()}


def _together(one: Earners, other: Earners) -> Earners:
    nobody: frozenset[str] = frozenset()
    return {key: one.get(key, nobody) | other.get(key, nobody) for key in (*one, *other)}


def _enough(earners: Earners) -> bool:
    return all(len(who) >= FEWEST for who in earners.values())


def _named(periods: Sequence[str]) -> str:
    return periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}"
