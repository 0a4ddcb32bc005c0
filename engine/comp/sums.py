"""Sums: what groups of people cost."""

from __future__ import annotations

from dataclasses import dataclass

from engine.comp.groups import Group
from engine.inputs import FloatArray


@dataclass(frozen=True)
class Sums:
    """Total pay of groups."""

    groups: tuple[Group, ...]
    pay: FloatArray
    """Salary and variable pay by (replication, period, group)."""
