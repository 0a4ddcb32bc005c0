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
    """Sums in whole minor units, exact in float64, so their order does not matter.

    People are added up by cell: those of one plan in one node of the top level of the hierarchy.
    """

    plans: tuple[str, ...]
    cells: tuple[tuple[str, str], ...]
    """Plan and node of each cell; the node is blank where seats have no levels."""
    cell: IntArray
    """Cell of each spell; -1 without a plan."""
    variable: FloatArray
    """Variable pay by (cell, period, replication)."""
    salary: FloatArray
    """Fixed pay by (cell, period)."""
    sums: Sums
    """Pay of groups of people."""
    loading: Loading
    """On-costs."""
    lines: list[Line] = field(default_factory=list)

    @classmethod
    def empty(cls, inputs: Inputs, spec: CompSpec, replications: int) -> Ledger:
        """Open a ledger."""
        spells, levels = inputs.spells, inputs.reps.levels
        top = next(iter(levels.values())) if levels else ("",) * len(inputs.reps)
        of = [(plan, top[rep]) for plan, rep in zip(spells.plan, spells.rep, strict=True)]
        cells = tuple(sorted({one for one in of if one[0] in spec.plans}))
        place = {one: c for c, one in enumerate(cells)}
        periods = inputs.calendar.periods
        sums = Sums.empty(groups(inputs, spec.plans), replications, periods)
        return cls(
            tuple(spec.plans),
            cells,
            np.array([place.get(one, -1) for one in of], dtype=np.int64),
            np.zeros((len(cells), periods, replications)),
            np.zeros((len(cells), periods)),
            sums,
            Loading(inputs, spec, sums.groups, replications),
        )

    @property
    def cost(self) -> FloatArray:
        """Variable and fixed pay by (cell, period, replication)."""
        return self.variable + self.salary[..., None]

    def by_plan(self, pay: FloatArray) -> FloatArray:
        """Add up cells by plan: from (cell, period, replication) to (replication, period, plan)."""
        return self._added(pay, [self.plans.index(plan) for plan, _ in self.cells], len(self.plans))

    @property
    def nodes(self) -> tuple[str, ...]:
        """Nodes of the top level that have people with a plan."""
        return tuple(sorted({node for _, node in self.cells}))

    def by_node(self, pay: FloatArray) -> FloatArray:
        """Add up cells by node of the top level: from (cell, period, replication) to (replication, period, node)."""
        nodes = self.nodes
        return self._added(pay, [nodes.index(node) for _, node in self.cells], len(nodes))

    def _added(self, pay: FloatArray, to: Sequence[int], count: int) -> FloatArray:
        result = np.zeros((pay.shape[2], pay.shape[1], count))
        for cell, k in enumerate(to):
            result[:, :, k] += pay[cell].T
        return result

    def take(self, spells: IntArray, labels: Sequence[str], pay: FloatArray) -> None:
        """Enter what people may expect, from variable pay by (component, spell, period, replication)."""
        for label, amounts in zip(labels, pay, strict=True):
            by_year = np.concatenate([amounts, amounts.sum(axis=1, keepdims=True)], axis=1)
            quantiles = np.quantile(by_year, QUANTILES, axis=-1)
            self.lines.append(Line(label, spells, by_year.mean(axis=-1), quantiles))

    def take_fixed(self, spells: IntArray, label: str, pay: FloatArray) -> None:
        """Enter fixed pay by (spell, period)."""
        np.add.at(self.salary, self.cell[spells], pay)
        by_year = np.concatenate([pay, pay.sum(axis=1, keepdims=True)], axis=1)
        self.lines.append(Line(label, spells, by_year, np.stack([by_year] * len(QUANTILES))))
