"""Ascent: prices of all rows by coordinate ascent on a smoothed dual, with the centre of the smoothing moved along.

Each row in turn gets the price at which its sum keeps its limits (as in iterative proportional fitting, where rows and
columns are scaled in turn). A square around a centre makes cells continuous in their price, so that turns of single
rows do not stall at kinks; moving the centre to where the cells stand is the proximal point method (Rockafellar 1976,
SIAM J. Control Optim. 14(5)), whose limit is the optimum of the unsmoothed relaxation.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import inf

import numpy as np

from solvers.quotas.answer import Prices
from solvers.quotas.bound import evaluate
from solvers.quotas.held import Held
from solvers.quotas.instance import FloatArray, Instance, IntArray
from solvers.quotas.kernels import priced, stood
from solvers.quotas.rows import Family, families, prices

PULL = 1.0
"""Weight of the square: a cell that moves by its scale is charged half of it."""
TURNS = 4
"""Sweeps between two moves of the centre."""
SETTLED = 2e-5
"""Relative gain of the bound over one move of the centre below which the ascent ends."""
THREADS = 2
AGAIN = 6
"""Further turns, within a sweep, of the priced rows inside leaves: they are few, and pull at the same cells."""
FEW = 64
"""Rows up to which threads are not worth starting, unless they have many cells."""
MANY = 10_000
"""Cells of a family from which they are."""


@dataclass(frozen=True)
class Ascended:
    """The best prices met, their bound, and where the cells stood at the end (real, about feasible)."""

    prices: Prices
    bound: float
    x: FloatArray
    """Shape (leaf, product, period)."""


def ascend(instance: Instance, held: Held, sweeps: int, settled: float = SETTLED) -> Ascended:
    """Climb until the bound hardly gains or the sweeps are used up."""
    found = families(instance, held)
    data = held.data
    centre = np.clip(data[:, 0], data[:, 2], data[:, 3])
    inside = [family for family in found if np.diff(family.start).max() <= instance.target[0].size]
    price, x = np.zeros(len(data)), np.empty(len(data))
    best, bound = prices(instance, found), -inf
    stood(price, data, centre, PULL, x)
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in range(max(sweeps // TURNS, 1)):
            for _ in range(TURNS):
                for family in found:
                    _turn(pool, family, np.arange(len(family.index)), price, data, centre)
                for family in AGAIN * inside:
                    _turn(pool, family, np.flatnonzero(family.price), price, data, centre)
            stood(price, data, centre, PULL, x)
            now = prices(instance, found)
            value = evaluate(instance, held, now)
            gained = value - bound
            if value > bound:
                best, bound = now, value
            if not found or gained <= settled * abs(bound):
                break
            centre = x.copy()
    return Ascended(best, bound, x.reshape(instance.target.shape))


def _turn(
    pool: ThreadPoolExecutor,
    family: Family,
    rows: IntArray,
    price: FloatArray,
    data: FloatArray,
    centre: FloatArray,
) -> None:
    """Give each of the rows its price; they share no cell, so the order does not matter."""
    many = len(rows) > FEW or len(family.members) > MANY
    run: Callable[..., object] = pool.map if many else map

    def turn(part: IntArray) -> None:
        priced(
            part, family.start, family.members, family.least, family.most, family.price, price, data, centre, PULL
        )  # fmt: skip

    list(run(turn, np.array_split(rows, THREADS if many else 1)))  # type: ignore[call-overload]
