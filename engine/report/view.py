"""View: the tables of a report by name, with money in currency units, and what is missing in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from engine import amounts
from engine.columns import Table
from engine.report.input import ReportInput

if TYPE_CHECKING:
    import pandas as pd

STAGES = ("inputs", "territories", "pipeline", "quotas", "comp")
MADE_BY = {
    "alignment": "territories",
    "territories": "territories",
    "balance": "territories",
    "moves": "territories",
    "frontier": "territories",
    "alternatives": "territories",
    "why": "territories",
    "shadow_prices": "territories",
    "lock_costs": "territories",
    "locks": "territories",
    "recarve": "territories",
    "history": "territories",
    "overlay_alignment": "territories",
    "overlay_seats": "territories",
    "headcount": "territories",
    "headcount_homes": "territories",
    "certificates": "territories",
    "certificate_seats": "territories",
    "multipliers": "territories",
    "bookings": "pipeline",
    "bookings_by_rep": "pipeline",
    "funnel": "pipeline",
    "kpis": "pipeline",
    "kpis_by_group": "pipeline",
    "stages": "pipeline",
    "resources": "pipeline",
    "resources_by_group": "pipeline",
    "factors": "pipeline",
    "slippage": "pipeline",
    "bottleneck": "pipeline",
    "investments": "pipeline",
    "hiring": "pipeline",
    "lifetime_value": "pipeline",
    "coverage": "quotas",
    "sales_capacity": "quotas",
    "quotas": "quotas",
    "quota_reps": "quotas",
    "quota_levels": "quotas",
    "quota_steps": "quotas",
    "quota_changes": "quotas",
    "quota_kept": "quotas",
    "quota_least": "quotas",
    "quota_catch_up": "quotas",
    "quota_difficulty": "quotas",
    "quota_difficulty_levels": "quotas",
    "product_difficulty": "quotas",
    "quota_promises": "quotas",
    "quota_relief": "quotas",
    "quota_teams": "quotas",
    "quota_reconciliation": "quotas",
    "quota_adjustments": "quotas",
    "quota_effect": "quotas",
    "adjustment_effects": "quotas",
    "goals": "quotas",
    "fairness": "quotas",
    "attainment": "comp",
    "attainment_distribution": "comp",
    "cost": "comp",
    "cost_distribution": "comp",
    "cost_of_sales": "comp",
    "pay_curve": "comp",
    "cost_by_group": "comp",
    "cost_by_attainment": "comp",
    "cost_variation": "comp",
    "pay_zones": "comp",
    "accruals": "comp",
    "journal": "comp",
    "receipts": "pipeline",
    "waiting_pay": "comp",
}
"""Stage that makes each table."""


@dataclass(frozen=True)
class View:
    """A report as its sections see it."""

    report: ReportInput

    @property
    def currency(self) -> str:
        """ISO code of the plan's currency."""
        return self.report.currency

    @cached_property
    def minor(self) -> float:
        """Minor units in one currency unit."""
        return float(10 ** amounts.decimals(self.report.currency))

    @cached_property
    def _tables(self) -> dict[str, Table]:
        return {table.name: table for table in self.report.tables}

    def table(self, name: str) -> Table | None:
        """Return a table as the stage made it, or None when it is missing."""
        return self._tables.get(name)

    def has(self, *names: str) -> bool:
        """Say whether every table is there and has rows."""
        return all(name in self._tables and len(self._tables[name].frame) > 0 for name in names)

    def frame(self, name: str) -> pd.DataFrame:
        """Return a copy of a table's frame with money as float64 currency units.

        Raises:
            KeyError: the table is missing; ask `has` first.

        """
        table = self._tables[name]
        frame = table.frame.reset_index(drop=True)
        for column in table.columns:
            if column.type == "money":
                frame[column.name] = (
                    frame[column.name].astype("Float64").to_numpy("float64", na_value=float("nan"))
                    / self.minor
                )
        return frame

    @cached_property
    def seat_names(self) -> dict[str, str]:
        """Name of each seat by its id; empty when neither territories nor quotas were made."""
        source = next((name for name in ("territories", "quota_reps") if self.has(name)), "")
        frame = self.frame(source) if source else None
        return {} if frame is None else dict(zip(frame["rep"], frame["name"], strict=True))

    @cached_property
    def incumbents(self) -> bool:
        """Whether any account has an incumbent, so that there is a before to compare with."""
        if not self.has("alignment"):
            return False
        held = self.frame("alignment")["incumbent"].dropna()
        return bool((held != "").any())

    def missing(self, *names: str) -> str:
        """Return the sentence that stands in place of what cannot be shown for want of these tables."""
        absent = [name for name in names if not self.has(name)]
        stage = next((MADE_BY[name] for name in absent if MADE_BY[name] not in self.report.stages), "")
        if stage:
            return f"Not shown: the run stopped before the {stage} stage was complete."
        return f"Not shown: this run has no rows in {_listed(absent)}."


def _listed(names: Sequence[str]) -> str:
    quoted = [f"table {name}" for name in names]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " and " + quoted[-1]
