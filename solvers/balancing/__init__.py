"""Narrow balance: loads that must lie within a hair of a target, by exact re-division of two seats at a time."""

from __future__ import annotations

from solvers.balancing.instance import Instance
from solvers.balancing.search import Effort, balanced

__all__ = ["Effort", "Instance", "balanced"]
