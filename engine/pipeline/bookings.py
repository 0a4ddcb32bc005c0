"""Bookings: what the simulation fills, (replication, rep, period, measure)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.columns import Table
from engine.inputs import FloatArray, IntArray

if TYPE_CHECKING:
    from engine.pipeline.precision import Precision
    from engine.pipeline.spec import PipelineSpec


@dataclass(frozen=True)
class Bookings:
    """The answer of the pipeline stage; integers, so that sums do not depend on blocks or workers."""

    measures: tuple[str, ...]
    """Names of the measures, in the order of the last axis."""
    cube: IntArray
    """Shape (replication, rep, period, measure); money measures in minor units, counts in units.
    May be a memory map.
    """
    kpis: IntArray
    """Shape (replication, kpi): counters per replication in the order of `kpi_names`."""
    kpi_names: tuple[str, ...]
    tables: tuple[Table, ...]
    """funnel, kpis, bookings by period with quantiles ..."""
    resolved: PipelineSpec | None = None
    """What was simulated: the `pipeline:` block with everything that was estimated filled in."""
    notes: tuple[str, ...] = ()
    """What the estimate rests on, in sentences; empty when nothing was estimated."""
    open_value: FloatArray | None = None
    """Mean value, minor units, of the deals in progress at the start of each period, of those that are expected to
    close in it and of all, shape (2, rep, period)."""
    precisions: tuple[Precision, ...] = ()
    """How well outputs are known: those that were asked for, or the mean of each measure."""

    @property
    def replications(self) -> int:
        """Number of replications."""
        return int(self.cube.shape[0])

    def measure(self, name: str) -> IntArray:
        """Return one measure, shape (replication, rep, period)."""
        return self.cube[..., self.measures.index(name)]
