"""InForce: the quotas of an earlier run, which hold until this one is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.columns import Column

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "quotas": (
        Column("rep", "text", "Seat of the run in force."),
        Column("product", "text", "Product, or `all`."),
        Column("period", "text", "Period of the plan."),
        Column("quota", "money", "Quota in force; blank where there is none."),
    ),
    "quota_steps": (
        Column("rep", "text", "Seat of the run in force."),
        Column("step", "text", "What the amount comes from."),
        Column("weight", "ratio", "Weight of a method; blank elsewhere."),
        Column("share", "ratio", "Share of the company's claims by a method; blank elsewhere."),
        Column("amount", "money", "What the step adds to the quota in force."),
    ),
    "quota_reps": (
        Column("rep", "text", "Seat of the run in force."),
        Column("ramp", "ratio", "Share of the plan's quota that the seat carried, by ramp and time filled."),
    ),
    "goals": (
        Column("period", "text", "Period of the plan."),
        Column("goal", "money", "The company's goal in force."),
    ),
    "alignment": (
        Column("account", "text", "Account."),
        Column("rep", "text", "Seat that held it in the run in force."),
    ),
}
"""Tables of the earlier run that are kept, with the columns that are read."""

OPTIONAL: Mapping[str, tuple[Column, ...]] = {
    "quota_catch_up": (
        Column("rep", "text", "Seat that carried what it had not reached."),
        Column("product", "text", "Product, or `all`; blank where nothing was carried."),
        Column("period", "text", "Period that carried it; blank where nothing was."),
        Column("effect", "money", "What was added to the quota there."),
    ),
    "quota_relief": (
        Column("who", "text", "Seat whose quota moved, or `company`."),
        Column("product", "text", "Product, or `all`."),
        Column("period", "text", "Period of the plan."),
        Column("effect", "money", "What relief did to the quota there."),
    ),
}
"""The same of tables that only some runs have."""


@dataclass(frozen=True)
class InForce:
    """What an earlier run says of its quotas, by name of its table; see `COLUMNS` and `OPTIONAL`."""

    tables: Mapping[str, pd.DataFrame]

    @property
    def goal(self) -> int:
        """The company's goal in force, minor units."""
        return int(self.tables["goals"]["goal"].sum())
