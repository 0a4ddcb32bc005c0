"""Outputs: one value per replication, by name: a measure of the whole plan, a figure of `kpis`, or `P(goal)`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from engine import amounts
from engine.errors import BadInput, Fault, did_you_mean
from engine.inputs import FloatArray, Inputs, IntArray
from engine.measures import Measures
from engine.pipeline.kpis.counted import Counted
from engine.pipeline.kpis.definitions import KPIS, kpi_values
from engine.pipeline.spec.stopping import GOAL

_FIELD = "pipeline.replications.until"


class Goal(NamedTuple):
    """What the plan is to reach."""

    measure: str
    amount: int
    """Over all seats and the whole plan, minor units."""


@dataclass(frozen=True)
class Outputs:
    """What can be asked of replications; money in currency units."""

    inputs: Inputs
    measures: Measures
    days: float
    """Days that are simulated."""
    goal: Goal | None = None
    """None where nothing is known of a goal; then there is no output `P(goal)`."""

    def refuse_unknown(self, names: Iterable[str]) -> None:
        """Refuse names that are no output.

        Raises:
            BadInput: E_REFERENCE, one fault for each.

        """
        known = (*self.measures, *(kpi.name for kpi in KPIS), *((GOAL,) if self.goal else ()))
        unknown = [name for name in dict.fromkeys(names) if name not in known]
        if unknown:
            raise BadInput(
                Fault("E_REFERENCE", f"no output is called '{name}'", did_you_mean(name, known), field=_FIELD)
                for name in unknown
            )

    def values(self, names: Iterable[str], cube: IntArray, tallies: IntArray) -> dict[str, FloatArray]:
        """Return some outputs, each of shape (replication,), from what is simulated; NaN where one is undefined."""
        wanted = dict.fromkeys(names)
        scale = 10.0 ** amounts.decimals(self.inputs.currency)
        known = {name: self._measure(name, cube) for name in self.measures}
        if self.goal is not None:
            known[GOAL] = (self._total(self.goal.measure, cube) >= self.goal.amount).astype(np.float64)
        if wanted.keys() - known.keys():
            known |= kpi_values(Counted(tallies, scale, self.days))
        return {name: known[name] for name in wanted}

    def _measure(self, name: str, cube: IntArray) -> FloatArray:
        money = self.measures[name].quantity == "amount"
        scale = 10.0 ** amounts.decimals(self.inputs.currency) if money else 1.0
        return np.asarray(self._total(name, cube) / scale, dtype=np.float64)

    def _total(self, name: str, cube: IntArray) -> IntArray:
        place = list(self.measures).index(name)
        return np.asarray(cube[..., place].sum(axis=(1, 2)))
