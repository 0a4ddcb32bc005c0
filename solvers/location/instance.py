"""Location: how many territories, where, and who belongs to which.

    min   sum_j f_j y_j + sum_ij c_ij x_ij
    s.t.  sum_j x_ij = 1                              each point to one site
          x_ij <= y_j                                 only open sites serve
          L_kj y_j <= sum_i w_ki x_ij <= U_kj y_j     bands of each measure k at each open site
          sum_j y_j = p,   y_j = 1 for kept sites,   x, y binary
          sum_{j in g} y_j = p_g                      where groups of sites have numbers of their own

With one measure, L = 0, f = 0 and sites = points this is the capacitated p-median.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Location:
    """One problem with a given number of territories. Sites are rows, so that one site's costs lie together."""

    cost: FloatArray
    """Cost of serving a point from a site, shape (site, point); inf where it must not."""
    weight: IntArray
    """Measures of the points, shape (measure, point); 0 or more. The first is handled exactly in the bound."""
    lower: IntArray
    """Least that an open site carries, shape (measure, site)."""
    upper: IntArray
    """Most that an open site carries, shape (measure, site)."""
    opening: FloatArray
    """Cost of opening a site, shape (site,); below 0 for a profit."""
    keep: BoolArray
    """Sites that must be open, shape (site,)."""
    count: int
    """Number p of open sites."""
    group: IntArray | None = None
    """Group g of each site, shape (site,), where groups have numbers of their own; the bound and the MIP keep them,
    the heuristic does not."""
    quota: IntArray | None = None
    """Number of open sites of each group, shape (group,); they add up to `count`."""

    def __post_init__(self) -> None:
        """Hold the arrays to each other."""
        sites, points = self.cost.shape
        measures = len(self.weight)
        shapes = {
            "weight": (self.weight.shape, (measures, points)),
            "lower": (self.lower.shape, (measures, sites)),
            "upper": (self.upper.shape, (measures, sites)),
            "opening": (self.opening.shape, (sites,)),
            "keep": (self.keep.shape, (sites,)),
        }
        for name, (given, needed) in shapes.items():
            if given != needed:
                raise ValueError(f"{name} has shape {given}; {needed} is needed")
        if measures < 1:
            raise ValueError("at least one measure is needed; a count of ones with wide bounds will do")
        if np.isnan(self.cost).any() or (self.cost == -np.inf).any() or not np.isfinite(self.opening).all():
            raise ValueError("a cost is not a number")
        if (self.weight < 0).any():
            raise ValueError("a weight is below 0")
        if not max(int(self.keep.sum()), 1) <= self.count <= sites:
            raise ValueError(f"{self.count} sites of {sites}, of which {int(self.keep.sum())} are kept")

    @property
    def groups(self) -> list[tuple[IntArray, int]]:
        """Sites of each group and how many of them are open; all sites and `count` without groups."""
        if self.group is None or self.quota is None:
            return [(np.arange(self.sites, dtype=np.int64), self.count)]
        return [(np.flatnonzero(self.group == g), int(number)) for g, number in enumerate(self.quota)]

    @property
    def points(self) -> int:
        """Number of points."""
        return int(self.cost.shape[1])

    @property
    def sites(self) -> int:
        """Number of sites."""
        return int(self.cost.shape[0])

    def with_count(self, count: int) -> Location:
        """Return the same problem with another number of open sites."""
        return replace(self, count=count)


@dataclass(frozen=True)
class Plan:
    """Open sites and the site of each point."""

    open: IntArray
    """Open sites in ascending order, shape (count,)."""
    site_of: IntArray
    """Site of each point, shape (point,)."""
    cost: float
    """Its objective."""
