"""Outputs: one value per replication, by name: a measure of the whole plan, or a figure of the table `kpis`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from engine import amounts
from engine.errors import BadInput, Fault, did_you_mean
from engine.inputs import FloatArray, Inputs, IntArray
from engine.measures import Measures
from engine.pipeline.kpis.counted import Counted
from engine.pipeline.kpis.definitions import KPIS, kpi_values

_FIELD = "pipeline.replications.until"


@dataclass(frozen=True)
class Outputs:
    """What can be asked of replications; money in currency units."""

    inputs: Inputs
    measures: Measures
    days: float
    """Days that are simulated."""

    def refuse_unknown(self, names: Iterable[str]) -> None:
        """Refuse names that are no output.

        Raises:
            BadInput: E_REFERENCE, one fault for each.

        """
        known = (*self.measures, *(kpi.name for kpi in KPIS))
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
        asked = wanted.keys() - self.measures.keys()
        kpis = kpi_values(Counted(tallies, scale, self.days)) if asked else {}
        return {name: self._measure(name, cube) if name in self.measures else kpis[name] for name in wanted}

    def _measure(self, name: str, cube: IntArray) -> FloatArray:
        place = list(self.measures).index(name)
        money = self.measures[name].quantity == "amount"
        total = cube[..., place].sum(axis=(1, 2))
        scale = 10.0 ** amounts.decimals(self.inputs.currency) if money else 1.0
        return np.asarray(total / scale, dtype=np.float64)
