"""Ledger: pay reduced to one value per replication and figure, and to what each person may expect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.comp.groups import Group, groups
from engine.comp.loading import Loading
from engine.comp.spec import CompSpec
from engine.comp.sums import Sums
from engine.inputs import BoolArray, FloatArray, Inputs, IntArray

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
    """Sums in whole minor units, exact in float64, so their order does not matter.

    People are added up by cell: those of one plan who lie in the same groups.
    """

    plans: tuple[str, ...]
    groups: tuple[Group, ...]
    cell: IntArray
    """Cell of each spell, shape (spell,)."""
    plan_of: IntArray
    """Plan of each cell, shape (cell,); -1 for people without one."""
    inside: BoolArray
    """Whether a cell lies in a group, shape (group, cell)."""
    pay: FloatArray
    """Variable pay by (cell, period, replication)."""
    fixed: FloatArray
    """Fixed pay by (cell, period)."""
    loading: Loading
    """On-costs."""
    lines: list[Line] = field(default_factory=list)

    @classmethod
    def empty(cls, inputs: Inputs, spec: CompSpec, replications: int) -> Ledger:
        """Open a ledger."""
        plans, periods, spells = tuple(spec.plans), inputs.calendar.periods, inputs.spells
        found = groups(inputs, plans)
        plan = [plans.index(name) if name in plans else -1 for name in spells.plan]
        everybody = np.arange(len(spells))
        kind = np.array([plan, *(np.isin(everybody, group.spells) for group in found)], dtype=np.int64)
        kinds, cell = np.unique(kind, axis=1, return_inverse=True)
        return cls(
            plans,
            found,
            cell.reshape(-1),
            kinds[0],
            kinds[1:] > 0,
            np.zeros((kinds.shape[1], periods, replications)),
            np.zeros((kinds.shape[1], periods)),
            Loading(inputs, spec, found, replications),
        )

    @property
    def variable(self) -> FloatArray:
        """Variable pay by (replication, period, plan)."""
        cells = (self.plan_of == k for k in range(len(self.plans)))
        return np.stack([self.pay[of].sum(axis=0).T for of in cells], axis=-1)

    @property
    def salary(self) -> FloatArray:
        """Fixed pay by (period, plan)."""
        cells = (self.plan_of == k for k in range(len(self.plans)))
        return np.stack([self.fixed[of].sum(axis=0) for of in cells], axis=-1)

    @property
    def sums(self) -> Sums:
        """Pay of groups of people."""
        pay = np.zeros((self.pay.shape[2], self.pay.shape[1], len(self.groups)))
        for g, cells in enumerate(self.inside):
            pay[:, :, g] = self.pay[cells].sum(axis=0).T + self.fixed[cells].sum(axis=0)
        return Sums(self.groups, pay)

    def take(self, spells: IntArray, labels: Sequence[str], pay: FloatArray) -> None:
        """Enter what people may expect, from variable pay by (component, spell, period, replication)."""
        for label, amounts in zip(labels, pay, strict=True):
            by_year = np.concatenate([amounts, amounts.sum(axis=1, keepdims=True)], axis=1)
            quantiles = np.quantile(by_year, QUANTILES, axis=-1)
            self.lines.append(Line(label, spells, by_year.mean(axis=-1), quantiles))

    def take_fixed(self, spells: IntArray, label: str, pay: FloatArray) -> None:
        """Enter fixed pay by (spell, period)."""
        np.add.at(self.fixed, self.cell[spells], pay)
        by_year = np.concatenate([pay, pay.sum(axis=1, keepdims=True)], axis=1)
        self.lines.append(Line(label, spells, by_year, np.stack([by_year] * len(QUANTILES))))
