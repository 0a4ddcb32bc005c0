"""Ledger: pay reduced to one value per replication and figure, and to what each person may expect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.comp.groups import groups
from engine.comp.loading import Loading
from engine.comp.spec import CompSpec
from engine.comp.sums import Sums
from engine.inputs import FloatArray, Inputs, IntArray

QUANTILES = (0.10, 0.50, 0.90)


@dataclass(frozen=True)
class Line:
    """What some people of a plan are paid by one component. Shapes (spell, period), then the year as last column."""

    label: str
    spells: IntArray
    mean: FloatArray
    quantiles: FloatArray
    """P10, P50, P90: shape (3, spell, period + 1)."""


@dataclass
class Ledger:
    """Sums in whole minor units, exact in float64, so their order does not matter."""

    plans: tuple[str, ...]
    variable: FloatArray
    """Variable pay by (replication, period, plan)."""
    salary: FloatArray
    """Fixed pay by (period, plan)."""
    sums: Sums
    """Pay of groups of people."""
    loading: Loading
    """On-costs."""
    lines: list[Line] = field(default_factory=list)

    @classmethod
    def empty(cls, inputs: Inputs, spec: CompSpec, replications: int) -> Ledger:
        """Open a ledger."""
        plans, periods = tuple(spec.plans), inputs.calendar.periods
        sums = Sums.empty(groups(inputs, plans), replications, periods)
        variable, salary = np.zeros((replications, periods, len(plans))), np.zeros((periods, len(plans)))
        return cls(plans, variable, salary, sums, Loading(inputs, spec, sums.groups, replications))

    def take(self, plan: str, spells: IntArray, labels: Sequence[str], pay: FloatArray) -> None:
        """Enter variable pay by (component, replication, spell, period)."""
        k = self.plans.index(plan)
        for label, amounts in zip(labels, pay, strict=True):
            self.variable[:, :, k] += amounts.sum(axis=1)
            by_year = np.concatenate([amounts, amounts.sum(axis=2, keepdims=True)], axis=2)
            quantiles = np.quantile(by_year, QUANTILES, axis=0)
            self.lines.append(Line(label, spells, by_year.mean(axis=0), quantiles))

    def take_fixed(self, plan: str, spells: IntArray, label: str, pay: FloatArray) -> None:
        """Enter fixed pay by (spell, period)."""
        self.salary[:, self.plans.index(plan)] += pay.sum(axis=0)
        by_year = np.concatenate([pay, pay.sum(axis=1, keepdims=True)], axis=1)
        self.lines.append(Line(label, spells, by_year, np.stack([by_year] * len(QUANTILES))))
