"""On-costs read plainly: one payment after the other, in fractions, held to what a settlement added up."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.comp.oncosts import OnCost, any_ceiling

if TYPE_CHECKING:
    from engine.comp.loading import Loading
    from engine.inputs import FloatArray, Inputs, Words

Payment = tuple[int, int]
"""Spell and period that are paid."""


@dataclass(frozen=True)
class Paid:
    """What everybody is paid in one replication, whole minor units."""

    fixed: Mapping[int, Sequence[int]]
    """Fixed pay of each spell by period."""
    variable: Mapping[int, Sequence[int]]
    """Variable pay of each spell by period."""
    periods: Sequence[tuple[dt.date, dt.date]]
    """First day of each period, and the day after its last."""
    round: Callable[[Fraction], int]
    """Rounds as the plans say."""
    minor: int
    """Minor units per currency unit."""

    def plus(self, other: Paid) -> Paid:
        """Return both, of other people each."""
        return replace(
            self, fixed={**self.fixed, **other.fixed}, variable={**self.variable, **other.variable}
        )

    def due(self, cost: OnCost, payments: Sequence[Payment]) -> dict[Payment, int]:
        """Return what is due on each of the payments that count together, in their order."""
        found: dict[Payment, int] = {}
        to_date = told = 0
        for spell, period in payments:
            last = self.periods[period][1] - dt.timedelta(days=1)
            if (cost.start is None or last >= cost.start) and (cost.end is None or last < cost.end):
                to_date += self.variable[spell][period]
                to_date += self.fixed[spell][period] if cost.of == "total" else 0
            base = Fraction(to_date)
            if cost.ceiling is not None:
                base = min(base, Fraction(cost.ceiling) * self.minor)
            owed = self.round(Fraction(cost.rate) * max(base, Fraction(0)))
            found[spell, period] = owed - told
            told = owed
        return found


def owed_otherwise(
    inputs: Inputs, loading: Loading, replication: int, paid: Paid, slack: int
) -> Iterator[str]:
    """Yield where the on-costs of a replication, by item, plan and group, are not what its payments owe.

    Args:
        inputs: who is paid.
        loading: what was added up.
        replication: which one.
        paid: everybody's pay, worked out again.
        slack: minor units by which that pay may differ from what was settled.

    """
    start, person, plan = inputs.spells.start, inputs.spells.person, inputs.spells.plan
    years: dict[str | int, list[int]] = defaultdict(list)
    for spell in sorted(paid.variable, key=lambda spell: (start[spell], spell)):
        years[person[spell] if any_ceiling(loading.costs) else spell].append(spell)
    periods = range(len(paid.periods))
    again: list[dict[Payment, int]] = []
    for cost in loading.costs:
        again.append({})
        for seats in years.values():
            again[-1] |= paid.due(cost, [(spell, p) for p in periods for spell in seats])
    # Each payment may meet a tie, with it and before it.
    ties = [2 * len(paid.variable) + int(Fraction(cost.rate) * slack) for cost in loading.costs]
    for what, ours, items, spells in _sums(loading, replication, paid, plan):
        for p in periods:
            plain = sum(again[i].get((spell, p), 0) for i in items for spell in spells)
            if abs(int(ours[p]) - plain) > sum(ties[i] for i in items):
                yield (
                    f"on-costs of {what}, {inputs.calendar.labels[p]}, replication {replication}: "
                    f"{int(ours[p])} minor units, owed again it is {plain}"
                )


def _sums(
    loading: Loading, replication: int, paid: Paid, plan: Words
) -> Iterator[tuple[str, FloatArray, Sequence[int], Sequence[int]]]:
    """Yield what was added up: its name, the sum by period, and the on-costs and spells that make it up."""
    every = range(len(loading.costs))
    for i, cost in enumerate(loading.costs):
        yield cost.name, loading.by_item[replication, :, i], [i], list(paid.variable)
    for k, name in enumerate(loading.plans):
        mine = [spell for spell in paid.variable if plan[spell] == name]
        yield f"plan {name}", loading.by_plan[replication, :, k], every, mine
    for k, group in enumerate(loading.groups):
        yield f"{group.level} {group.name}", loading.by_group[replication, :, k], every, group.spells.tolist()
