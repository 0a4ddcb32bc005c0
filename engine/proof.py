"""Solve: what the manifest says of one solve of a stage."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from solvers.solution import Solution, Status


@dataclass(frozen=True)
class Solve:
    """One solve: its status, objective, proven bound and gap."""

    stage: str
    name: str
    """What was minimised, such as `cost` or `worst deviation`."""
    backend: str
    status: Status
    objective: float
    bound: float
    gap: float
    demanded_gap: float
    unit: str
    """Unit of objective and bound; money is in currency units here."""
    seconds: float
    """Wall time; goes to timings.json, not into the manifest's digests."""
    ended_by: str = ""
    proof: str = ""
    """Where the bound comes from: branch and bound, pricing over all columns, ..."""

    @classmethod
    def of(
        cls, stage: str, name: str, solution: Solution, demanded_gap: float, unit: str = "", proof: str = ""
    ) -> Solve:
        """Take over what a backend answered."""
        return cls(
            stage,
            name,
            solution.backend,
            solution.status,
            solution.objective,
            solution.bound,
            solution.gap,
            demanded_gap,
            unit,
            solution.seconds,
            solution.ended_by,
            proof or f"branch and bound ({solution.backend})",
        )

    def record(self) -> dict[str, Any]:
        """Return the repeatable part, for the manifest."""
        record = asdict(self)
        del record["seconds"]
        record["status"] = str(self.status)
        return record
