"""ReportInput: everything the report is made from; public tables and the facts of the manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.columns import Table
from engine.inputs import Finding
from engine.proof import Solve


@dataclass(frozen=True)
class ReportInput:
    """A finished, or partly finished, run. A table that is missing leaves its section out, with a sentence."""

    title: str
    """Name of the scenario."""
    currency: str
    """ISO code of the plan's currency."""
    labels: tuple[str, ...]
    """Label of each period of the calendar, shape (period,)."""
    tables: tuple[Table, ...]
    """Public tables; a private one is refused."""
    description: str = ""
    solves: tuple[Solve, ...] = ()
    findings: tuple[Finding, ...] = ()
    """What was found in the data as it was read."""
    warnings: tuple[str, ...] = ()
    """What the stages want the user to read after the run."""
    measure: str = "bookings"
    """Measure that goals and quotas are set on (`Quotas.measure`)."""
    seed: int = 0
    replications: int = 0
    goal_probability: float | None = None
    """Share of the replications whose `measure` over the whole plan reaches the goal. When None it is read off
    the quantiles of the table `bookings` and called an estimate."""
    people_by_plan: Mapping[str, int] = field(default_factory=dict)
    """How many people each comp plan pays. Where a plan pays a single person its figures are left out, and so
    are those of the other plans, since the total would give it away."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """Versions of the engine and of the libraries that computed the run."""
    stages: tuple[str, ...] = ("inputs", "territories", "pipeline", "quotas", "comp")
    """Stages that are complete, in order."""

    def __post_init__(self) -> None:
        """Refuse private tables: what a single person earns is in no report and no workbook."""
        private = [table.name for table in self.tables if table.private]
        if private:
            raise ValueError(f"private tables do not belong in the report: {', '.join(private)}")
