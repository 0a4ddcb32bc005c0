"""Location: where p territories should be and who belongs to each, with a bound over all sites and points.

located = locate(Location(cost, weight, lower, upper, opening, keep, count), Effort(seed=1))
"""

from __future__ import annotations

from solvers.location.instance import Location, Plan

__all__ = ["Location", "Plan"]
