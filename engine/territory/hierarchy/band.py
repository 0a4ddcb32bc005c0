"""Every node of a level carries about the same: a band over the seats of a region, a district ...

    L_n <= sum_i sum_{j in n} w_i x_ij <= U_n        for each node n of the level

with L_n = ceil((1 - within) t_n) and U_n = floor((1 + within) t_n) around t_n, the total shared by the weights of the
nodes' seats, or with bounds given in the user's unit; rounded inwards to the integers of the measure w.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, inf
from typing import Literal, Self

import numpy as np
from pydantic import Field, PrivateAttr, model_validator

from engine.errors import Fault, did_you_mean
from engine.fields import Money, Ratio, Text, refuse
from engine.inputs import Inputs, IntArray
from engine.territory.constraint import Constraint
from engine.territory.declaration import Rows
from engine.territory.measure import integer_units, measure_faults, measured
from engine.territory.target import seat_faults


class NodeBand(Constraint):
    """Allowed range of a measure for each node of a level, around its share of the total or absolute."""

    kind: Literal["node_band"] = "node_band"
    """Nothing need be said: a hierarchy has bands alone."""
    level: Text
    """Level whose nodes are bounded, such as `region`."""
    measure: Text = "potential"
    """What is balanced: `count`, `potential` (the default), `workload`, or a whole or money column of the accounts."""
    within: Ratio | None = Field(default=None, ge=0)
    """Largest distance from the node's share of the total, as a share of it: 5%. Either this, or `lower`, `upper`."""
    lower: Money | None = None
    """Least that a node may carry, in the unit of the measure."""
    upper: Money | None = None
    """Most that a node may carry, in the unit of the measure."""
    weights: Mapping[Text, Ratio] = {}
    """Weight of a seat in the share of its node, by seat id; 1 for every seat not named."""

    _index: int = PrivateAttr(default=0)

    def at(self, index: int) -> Self:
        """Return the same band, told its place among the bands of the hierarchy."""
        band = self.model_copy()
        band._index = index
        return band

    def place(self, index: int) -> str:
        """Return where the band stands in the scenario."""
        return f"territories.hierarchy.bands[{self._index}]"

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        absolute = self.lower is not None or self.upper is not None
        if absolute == (self.within is not None):
            raise refuse(
                "E_REQUIRED", "needs either within, or lower and upper", "Give for example within: 5%."
            )
        if any(weight < 0 for weight in self.weights.values()):
            raise refuse("E_RANGE", "a weight is below 0", "Give ratios of 0 or more.")
        return self

    @property
    def title(self) -> str:
        """Its name, or `region_potential_band` and the like."""
        return self.name or f"{self.level}_{self.measure}_band"

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return an unknown level, measure or seat."""
        found = [*measure_faults(inputs, self.measure), *seat_faults(inputs, self.weights, "weights")]
        if self.level not in inputs.reps.levels:
            hint = did_you_mean(self.level, inputs.reps.levels)
            found.append(
                Fault("E_REFERENCE", f"the seats have no level '{self.level}'.", hint, field="level")
            )
        return found

    def bounds(self, inputs: Inputs) -> dict[str, tuple[float, float]]:
        """Return the least and the most integer units of each node, in the order of their first seats."""
        measure = measured(inputs, self.measure)
        weight: dict[str, Fraction] = {}
        for seat, node in zip(inputs.reps.id, inputs.reps.levels[self.level], strict=True):
            weight[node] = weight.get(node, Fraction(0)) + Fraction(self.weights.get(seat, Decimal(1)))
        if self.within is None:
            low = -inf if self.lower is None else ceil(integer_units(measure, self.lower))
            high = inf if self.upper is None else floor(integer_units(measure, self.upper))
            return dict.fromkeys(weight, (low, high))
        total, whole, within = int(measure.values.sum()), sum(weight.values()), Fraction(self.within)
        target = {node: total * part / whole if whole else Fraction(0) for node, part in weight.items()}
        return {n: (ceil(t - within * abs(t)), floor(t + within * abs(t))) for n, t in target.items()}

    def declare(self, inputs: Inputs) -> Rows:
        """Declare one row for each node, over all accounts and the seats of the node."""
        bounds, measure = self.bounds(inputs), measured(inputs, self.measure)
        nodes = {node: row for row, node in enumerate(bounds)}
        of_seat = np.array([nodes[node] for node in inputs.reps.levels[self.level]], dtype=np.int64)
        used = np.flatnonzero(measure.values)
        account = np.repeat(used, len(of_seat))
        return Rows(
            np.tile(of_seat, len(used)),
            account,
            np.tile(np.arange(len(of_seat)), len(used)),
            measure.values[account],
            np.array([low for low, _ in bounds.values()], dtype=np.float64),
            np.array([high for _, high in bounds.values()], dtype=np.float64),
            tuple(bounds),
        )

    def violations(self, inputs: Inputs, rep_of: IntArray) -> list[str]:
        """Add up each node in Python integers and compare it by cross-multiplication."""
        measure, node_of = measured(inputs, self.measure), inputs.reps.levels[self.level]
        values = measure.values.tolist()
        load = dict.fromkeys(node_of, 0)
        for value, rep in zip(values, rep_of.tolist(), strict=True):
            load[node_of[rep]] += value
        weight = [Fraction(self.weights.get(seat, Decimal(1))) for seat in inputs.reps.id]
        found = []
        for node, carried in load.items():
            mine = sum((w for w, name in zip(weight, node_of, strict=True) if name == node), Fraction(0))
            allowed = self._allowed(carried, mine, sum(weight, Fraction(0)), measure.scale, sum(values))
            if allowed:
                found.append(f"{self.title}: {self.level} {node} carries {measure.show(carried)}; {allowed}.")
        return found

    def _allowed(self, load: int, mine: Fraction, whole: Fraction, scale: int, total: int) -> str:
        """Return '' when a load is allowed, or the words that say what would be."""
        if self.within is None:
            value, low, high = Decimal(load) / scale, self.lower, self.upper
            if (low is None or value >= low) and (high is None or value <= high):
                return ""
            return f"allowed {'any' if low is None else f'{low:,f}'} to {'any' if high is None else f'{high:,f}'}"
        if abs(load * whole - total * mine) <= Fraction(self.within) * abs(total * mine):
            return ""
        share = float(total * mine / whole) / scale if whole else 0.0
        return f"allowed within {float(self.within):.4g} of {share:,.2f}"
