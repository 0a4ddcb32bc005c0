"""Judging: whether there are enough replications, how well they know what they tell, and what controls gain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import nan

import numpy as np

from engine.columns import Table
from engine.inputs import FloatArray, IntArray
from engine.pipeline.control_variates import Controls, adjusted
from engine.pipeline.counts import Counts
from engine.pipeline.known_means import leads_of
from engine.pipeline.outputs import Outputs
from engine.pipeline.precision import Precision, precision_of, statistic
from engine.pipeline.run_tables import precision_table, variance_table
from engine.pipeline.spec import Replications, Sequential, Target
from engine.pipeline.spec.stopping import GOAL
from engine.progress import Progress


@dataclass
class Judging:
    """Sees the replications as they come."""

    rule: Replications
    outputs: Outputs
    controls: Callable[[IntArray], Controls]
    """Controls of the replications so far, from the leads that arose in them, shape (replication, group)."""
    _values: list[dict[str, FloatArray]] = field(default_factory=list)
    _leads: list[IntArray] = field(default_factory=list)

    @property
    def targets(self) -> tuple[Target, ...]:
        """What is asked for; where nothing is, the mean of each measure, and how likely the goal is reached."""
        if isinstance(self.rule, Sequential):
            return self.rule.until
        names = (*self.outputs.measures, *((GOAL,) if self.outputs.goal else ()))
        return tuple(Target(output=name, half_width="1%") for name in names)

    def look(self, cube: IntArray, counts: Counts) -> bool:
        """Look at those of the replications so far that are new; return whether all is known as well as demanded."""
        names = [target.output for target in self.targets] + list(self.outputs.measures)
        seen = sum(len(leads) for leads in self._leads)
        self._values.append(self.outputs.values(names, cube[seen:], counts.of(0, seen)))
        self._leads.append(leads_of(counts, seen))
        if not isinstance(self.rule, Sequential):
            return True
        return all(one.reached for one in self.precisions())

    def precisions(self) -> tuple[Precision, ...]:
        """Return how well each target is known."""
        values = self._so_far()
        controls = self._controls() if any(target.adjusted for target in self.targets) else None
        found = tuple(precision_of(target, values[target.output], controls) for target in self.targets)
        if isinstance(self.rule, Sequential):
            return found
        return tuple(replace(one, demanded=nan) for one in found)

    def tables(self) -> tuple[Table, Table]:
        """Return the tables `precision` and `variance`."""
        values, controls = self._so_far(), self._controls()
        means = [Target(output=name, half_width="1%") for name in self.outputs.measures]
        asked = [target for target in self.targets if target.quantile is None]
        wanted = {(target.output, target.statistic): target for target in (*means, *asked)}
        rows = [
            (*name, adjusted(statistic(target, values[target.output]), controls, float(target.confidence)))
            for name, target in wanted.items()
        ]
        varying = [row for row in rows if row[2].plain.half_width > 0]
        return precision_table(self.precisions()), variance_table(varying)

    def warn(self, progress: Progress) -> None:
        """Say which targets were not reached."""
        for one in self.precisions():
            if one.demanded < one.half_width:
                progress.warn(
                    f"W_PRECISION: {one.output}, {one.statistic}: known to {one.half_width:.2%} after "
                    f"{one.replications:,} replications, {one.demanded:.2%} was asked for. Raise "
                    "pipeline.replications.most, or ask for less."
                )

    def _so_far(self) -> dict[str, FloatArray]:
        return {name: np.concatenate([piece[name] for piece in self._values]) for name in self._values[0]}

    def _controls(self) -> Controls:
        return self.controls(np.concatenate(self._leads))
