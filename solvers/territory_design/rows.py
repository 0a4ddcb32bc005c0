"""The linear relaxation of a median with bands and separators, as a model and back to prices.

The rows are those of `lagrangian`; separators are added as an LP point, or a plan, breaks them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from solvers.contiguity import cheapest_separator
from solvers.model import Arrays, Model
from solvers.territory_design.instance import FloatArray, IntArray
from solvers.territory_design.lagrangian import Median

SCALE = 100.0
"""Activities are divided by it in the rows, so that a solver's tolerance means something."""
BROKEN = 0.02
"""Least violation of a separator that is added."""
WHOLE = 1e-4


@dataclass(frozen=True)
class Separator:
    """x_ji <= sum over `between` of x_jc."""

    centre: int
    unit: int
    between: tuple[int, ...]


@dataclass
class Rows:
    """A model over the pairs that are left; columns in the order of `centre` and `unit`."""

    median: Median
    separators: list[Separator] = field(default_factory=list)

    def __post_init__(self) -> None:
        centre, unit = np.nonzero(self.median.allowed & np.diag(self.median.allowed)[:, None])
        self.centre: IntArray = centre.astype(np.int64)
        self.unit: IntArray = unit.astype(np.int64)
        self.column: IntArray = np.full(self.median.allowed.shape, -1, dtype=np.int64)
        self.column[centre, unit] = np.arange(len(centre))

    def arrays(self, *, integer: bool) -> Arrays:
        """Return the model: rows of the units, of p, of sizes, of links, of bands, of separators."""
        instance, model = self.median.instance, Model()
        cost = instance.distances[self.centre, self.unit]
        columns = model.add_columns("x", len(cost), cost=cost, integer=integer)
        own, head = self.centre == self.unit, self.column[self.centre, self.centre]
        units, one = instance.units, np.ones(len(cost))
        model.add_rows("once", self.unit, columns, count=units, lower=1, upper=1)
        model.add_rows("open", np.zeros(int(own.sum())), columns[own], count=1, lower=instance.territories,
                       upper=instance.territories)  # fmt: skip
        least, most = self.median.sizes
        for name, size, sign in (("most", most, 1.0), ("least", least, -1.0)):
            model.add_rows(name, self.centre, columns, sign * (one - size * own), count=units, upper=0)
        links = np.flatnonzero(~own)
        model.add_rows("link", np.tile(np.arange(len(links)), 2), np.concatenate((links, head[links])),
                       np.repeat((1.0, -1.0), len(links)), count=len(links), upper=0)  # fmt: skip
        for k in range(instance.weights.shape[1]):
            weight = instance.weights[self.unit, k]
            for name, limit, sign in (
                ("above", self.median.high[k], 1.0),
                ("below", self.median.low[k], -1.0),
            ):
                value = sign * (weight - limit * own) / SCALE
                model.add_rows(f"{name}{k}", self.centre, columns, value, count=units, upper=0)
        row, column, value = self._entries()
        model.add_rows("separate", row, column, value, count=len(self.separators), upper=0)
        return model.arrays()

    def _entries(self) -> tuple[IntArray, IntArray, FloatArray]:
        found = [
            (row, int(self.column[cut.centre, unit]), sign)
            for row, cut in enumerate(self.separators)
            for unit, sign in ((cut.unit, 1.0), *((c, -1.0) for c in cut.between))
            if self.column[cut.centre, unit] >= 0
        ]
        table = np.array(found, dtype=np.float64).reshape(-1, 3)
        return table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2]

    def priced(self, arrays: Arrays, duals: FloatArray) -> tuple[float, FloatArray]:
        """Return sum u_i and the costs (centre, unit) under the prices of an LP, which need not be exact."""
        units = self.median.instance.units
        price = np.where(np.arange(arrays.rows) < units, duals, np.minimum(duals, 0.0))
        skipped = units + 1 + 2 * units + int((self.centre != self.unit).sum())
        price[units:skipped] = 0.0
        cost = np.full(self.median.allowed.shape, np.inf)
        cost[self.centre, self.unit] = arrays.cost - arrays.matrix.T @ price
        return float(price[:units].sum()), cost

    def start(self, label: IntArray) -> FloatArray | None:
        """Return a plan as a point, its centres the cheapest; None where it uses a pair that is left out."""
        distance, point = self.median.instance.distances, np.zeros(len(self.centre))
        for own in range(self.median.instance.territories):
            members = np.flatnonzero(label == own)
            within = distance[np.ix_(members, members)].sum(axis=1)
            columns = self.column[members[np.argmin(within)], members] if len(members) else np.array([-1])
            if (columns < 0).any():
                return None
            point[columns] = 1.0
        return point

    def broken(self, x: FloatArray) -> list[Separator]:
        """Return separators that a point breaks, at most one per pair, the largest shares first."""
        share = np.zeros(self.median.allowed.shape)
        share[self.centre, self.unit] = x
        known, found = set(self.separators), []
        for k in np.lexsort((np.arange(len(x)), -x)).tolist():
            if x[k] < BROKEN:
                break
            j, i = int(self.centre[k]), int(self.unit[k])
            if i == j:
                continue
            cut = cheapest_separator(self.median.instance.graph, i, j, share[j], self.median.allowed[j])
            if cut is None or share[j, i] - share[j, cut].sum() < BROKEN:
                continue
            new = Separator(j, i, tuple(cut.tolist()))
            if new not in known:
                known.add(new)
                found.append(new)
        return found
