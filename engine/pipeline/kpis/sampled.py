"""Sampled: figures that no counter gives, from the deals of some replications that are simulated again.

Each is one value per replication, as those of counters are: medians, the win rate of cohorts, and of deals that came
to a stage.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.inputs import BoolArray, FloatArray, IntArray
from engine.pipeline.competing_risks import Incidence, Observed, incidence
from engine.pipeline.kpis.definitions import EVERYWHERE
from engine.pipeline.kpis.groups import Dimension, Group
from engine.pipeline.kpis.histories import Histories
from engine.pipeline.layout import DROPPED, LOST, TICKS, WON
from engine.pipeline.model import Model

COHORT_DAYS = (30, 90, 180, 360)
"""Ages at which the win rate of a cohort is told."""


@dataclass(frozen=True)
class Part:
    """The deals of a group in one replication."""

    model: Model
    scale: float
    told: Histories
    mine: BoolArray
    """Deals of the group by where they ended: the seat that had them last, the period of the close."""
    born: BoolArray
    """Deals of the group by where they began: for periods, that of the arrival."""
    there: BoolArray
    """Deals that may be in the group at some time: for periods, all."""
    span: tuple[int, int]
    """Ticks [begin, end) that are simulated of the group."""

    @cached_property
    def won(self) -> IntArray:
        """Numbers of the deals of the group that were won."""
        return np.flatnonzero(self.mine & self.told.was_closed & (self.told.deal["outcome"] == WON))

    @cached_property
    def lost(self) -> IntArray:
        """Numbers of those that were worked on and lost."""
        return np.flatnonzero(self.mine & self.told.was_closed & (self.told.deal["outcome"] == LOST))

    @cached_property
    def _observed(self) -> Observed:
        observed, mine = self.told.observed, self.born & (self.told.deal["outcome"] != DROPPED)
        return Observed(observed.entry[mine], observed.exit[mine], observed.outcome[mine])

    @cached_property
    def cohort(self) -> Incidence | None:
        """Cumulative incidence of the deals that began in the group, by age; None where none of them is closed."""
        return incidence(self._observed) if (self._observed.outcome >= 0).any() else None

    @cached_property
    def watched(self) -> float:
        """Age in days up to which they are watched; infinite where all of them are closed."""
        open_, ages = self._observed.outcome < 0, self._observed.exit
        return float(ages.max(initial=-1)) if open_.any() or not len(ages) else float("inf")


@dataclass(frozen=True)
class SampledKpi:
    """A figure of the deals of a replication."""

    name: str
    unit: str
    of: Callable[[Part], float]
    definition: str
    dimensions: frozenset[Dimension] = EVERYWHERE


def _median(values: FloatArray) -> float:
    return float(np.median(values)) if len(values) else float("nan")


def _days(part: Part, which: IntArray) -> FloatArray:
    deal = part.told.deal
    return np.asarray((deal["end"][which] - deal["start"][which]) / TICKS, dtype=np.float64)


def cohort_win_rate(part: Part, age: int) -> float:
    """Return the share of a cohort that is won by an age; NaN where nobody is watched for so long."""
    if part.watched < age:
        return float("nan")
    return 0.0 if part.cohort is None else float(part.cohort.won[min(age, len(part.cohort.won) - 1)])


def win_rate_by_value(part: Part) -> float:
    """Return won over won and lost value; NaN where nothing closed."""
    won, lost = (float(part.told.value[which].sum()) for which in (part.won, part.lost))
    return won / (won + lost) if won + lost else float("nan")


def _mean_number(begin: IntArray, end: IntArray, span: tuple[int, int]) -> float:
    """Return how many are there, averaged over a span: the sum of their times in it over its length."""
    times = np.minimum(end, span[1]) - np.maximum(begin, span[0])
    return float(np.maximum(times, 0).sum()) / (span[1] - span[0])


def mean_waiting(part: Part) -> float:
    """Return how many deals wait for a slot, averaged over the time."""
    deal = part.told.deal[part.there & (part.told.deal["outcome"] != DROPPED)]
    waiting = deal[(deal["start"] == -1) | (deal["start"] >= deal["arrival"])]
    end = np.where(waiting["start"] != -1, waiting["start"], waiting["end"])
    return _mean_number(waiting["arrival"], np.where(end == -1, part.model.selling.horizon, end), part.span)


def mean_open(part: Part, stage: int) -> float:
    """Return how many deals are in a stage, averaged over the time."""
    told = part.told
    here = (told.stage == stage) & part.there[told.of]
    return _mean_number(told.entered[here], told.left[here], part.span)


SAMPLED = (
    SampledKpi("win_rate_by_value", "ratio", win_rate_by_value,
               "won / (won + lost) by value, of deals closed in the time: a known amount as it is, else what its "
               "product brings or would have brought at the close, without what is taken along"),
    SampledKpi("waiting_deals", "deals", mean_waiting, "leads without a slot, averaged over the days"),
    SampledKpi("median_deal", "money", lambda p: _median(p.told.deal["amount"][p.won] / p.scale),
               "median amount of won deals"),
    SampledKpi("median_cycle_won", "days", lambda p: _median(_days(p, p.won)), "median cycle of won deals"),
    SampledKpi("median_cycle_lost", "days", lambda p: _median(_days(p, p.lost)), "median cycle of lost deals"),
    *(
        SampledKpi(
            f"cohort_win_rate_{age}", "ratio", lambda p, age=age: cohort_win_rate(p, age),  # type: ignore[misc]
            f"share of the deals of a cohort that are won by {age} days after their creation; open deals are censored, "
            "those older than the start enter at their age (Aalen-Johansen); of a period: deals that arose in it",
        )
        for age in COHORT_DAYS
    ),
)  # fmt: skip


def members(told: Histories, group: Group, edge: IntArray) -> tuple[BoolArray, BoolArray, BoolArray]:
    """Return which deals belong to a group by where they ended, by where they began, and at any time."""
    deal = told.deal
    if group.dimension == "total":
        every = np.ones(len(deal), dtype=np.bool_)
        return every, every, every
    if group.dimension == "period":
        low, high = edge[group.members[0]], edge[group.members[0] + 1]
        ended = (deal["end"] >= low) & (deal["end"] < high)
        return ended, (deal["arrival"] >= low) & (deal["arrival"] < high), np.ones(len(deal), dtype=np.bool_)
    field = "segment" if group.dimension == "segment" else "seat"
    inside = np.isin(deal[field], group.members)
    return inside, inside, inside


def won_from(part: Part, stage: int) -> float:
    """Return won / closed, of the closed deals of a group that were in a stage."""
    been = part.told.been[stage]
    won, lost = int(been[part.won].sum()), int(been[part.lost].sum())
    return won / (won + lost) if won + lost else float("nan")
