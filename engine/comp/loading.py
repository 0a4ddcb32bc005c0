"""Loading: on-costs of everybody, reduced as pay is settled.

A ceiling holds for a person's year, and a person may hold several seats in it, under several plans. Their pay waits
until all of it is there; then payments count in their order, within a period in the order in which the seats were
taken. Sums of whole minor units, so that neither teams nor their order matter.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from engine import amounts
from engine.comp.fast import Fast
from engine.comp.groups import Group, side_by_side
from engine.comp.oncosts import OnCost, any_ceiling
from engine.comp.spec import CompSpec
from engine.inputs import FloatArray, Inputs, IntArray

Pay = tuple[FloatArray, FloatArray]
"""Variable pay by (replication, spell, period), and fixed pay by (spell, period)."""


class Loading:
    """On-costs by period, in minor units."""

    def __init__(self, inputs: Inputs, spec: CompSpec, groups: tuple[Group, ...], replications: int) -> None:
        self.costs = spec.on_costs
        self._inputs, self._rounding = inputs, spec.rounding
        self.groups = groups
        self._minor = 10 ** amounts.decimals(inputs.currency)
        self.plans = tuple(spec.plans)
        spells = inputs.spells
        paid = [s for s, plan in enumerate(spells.plan) if plan in spec.plans]
        self._spells_of = Counter(spells.person[s] for s in paid)
        self._waiting: dict[str, dict[int, Pay]] = {}
        shape = (replications, inputs.calendar.periods)
        self.by_item = np.zeros((*shape, len(self.costs)))
        """Shape (replication, period, on-cost)."""
        self.by_plan = np.zeros((*shape, len(self.plans)))
        """Shape (replication, period, plan)."""
        self.by_group = np.zeros((*shape, len(groups)))
        """Shape (replication, period, group)."""

    def take(self, spells: IntArray, variable: FloatArray, fixed: FloatArray) -> None:
        """Enter variable pay by (replication, spell, period) and fixed pay by (spell, period) of some people."""
        if not self.costs:
            return
        person = self._inputs.spells.person
        together = any_ceiling(self.costs)
        alone = np.array([not together or self._spells_of[person[s]] == 1 for s in spells], dtype=np.bool_)
        for item, cost in enumerate(self.costs):
            self._enter(item, spells[alone], self._due(cost, (variable[:, alone], fixed[alone])))
        for row in np.flatnonzero(~alone):
            spell = int(spells[row])
            seats = self._waiting.setdefault(person[spell], {})
            seats[spell] = variable[:, [row]].copy(), fixed[[row]]
            if len(seats) == self._spells_of[person[spell]]:
                self._take_together(self._waiting.pop(person[spell]))

    def _take_together(self, seats: dict[int, Pay]) -> None:
        start = self._inputs.spells.start
        order = sorted(seats, key=lambda spell: (start[spell], spell))
        variable = np.concatenate([seats[spell][0] for spell in order], axis=1)
        fixed = np.concatenate([seats[spell][1] for spell in order])
        for item, cost in enumerate(self.costs):
            base = self._base(cost, (variable, fixed)).transpose(0, 2, 1)
            due = cost.due(Fast(base.reshape(len(base), 1, -1)), base[0].size, self._minor, self._rounding)
            self._enter(item, np.array(order), due.values.reshape(base.shape).transpose(0, 2, 1))

    def _due(self, cost: OnCost, pay: Pay) -> FloatArray:
        base = Fast(self._base(cost, pay))
        return cost.due(base, base.values.shape[-1], self._minor, self._rounding).values

    def _base(self, cost: OnCost, pay: Pay) -> FloatArray:
        variable, fixed = pay
        base = variable if cost.of == "variable" else variable + fixed
        return base * cost.holds(self._inputs.calendar)

    def _enter(self, item: int, spells: IntArray, due: FloatArray) -> None:
        self.by_item[:, :, item] += due.sum(axis=1)
        plan = self._inputs.spells.plan
        for k, name in enumerate(self.plans):
            mine = [row for row, spell in enumerate(spells) if plan[spell] == name]
            if mine:
                self.by_plan[:, :, k] += due[:, mine].sum(axis=1)
        for rows, inside in side_by_side(self.groups, spells):
            self.by_group[:, :, inside] += due[:, rows].sum(axis=1)[:, :, None]
