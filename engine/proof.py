"""Solve: what the manifest says of one solve of a stage."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import isfinite, nan
from typing import Any

from solvers.solution import Solution, Status, relative_gap

SAME = 1e-9
"""Relative distance of two bounds that are the same but for the rounding of their sums."""


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
    certified: float = nan
    """Bound that the multipliers of the run folder prove by addition alone; NaN without a certificate."""
    confirmed_by: str = ""
    """Backend that solved the models of branch and bound again; '' where none did."""
    confirmed: float = nan
    """Its own bound."""

    @property
    def certified_gap(self) -> float:
        """Distance of the objective from what addition alone proves, over the objective; NaN without a certificate."""
        return relative_gap(self.objective, self.certified) if isfinite(self.certified) else nan

    @property
    def rests_on(self) -> str:
        """What the bound rests on: addition as far as it goes, and then the solvers whose word it is."""
        if not isfinite(self.certified):
            return self.proof + self._second()
        if relative_gap(self.bound, self.certified) <= SAME:
            return "addition alone"
        gap = self.certified_gap
        reach = f"to a gap of {100 * gap:.3g} %" if isfinite(gap) else "in part"
        return f"addition {reach}, then {self.backend}{self._second()}"

    def _second(self) -> str:
        """Return what the second backend says: as much as the first, or its own gap."""
        if not self.confirmed_by:
            return ""
        gap = relative_gap(self.objective, self.confirmed)
        if gap <= max(self.gap, self.demanded_gap) + SAME:
            return f" and {self.confirmed_by}"
        reached = f"reached a gap of {100 * gap:.3g} %" if isfinite(gap) else "reached no bound"
        return f"; {self.confirmed_by} {reached}"

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
        record["certified_gap"], record["rests_on"] = self.certified_gap, self.rests_on
        return record
