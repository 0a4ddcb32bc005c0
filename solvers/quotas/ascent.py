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
from solvers.quotas.instance import FloatArray, Instance
from solvers.quotas.kernels import priced, stood
from solvers.quotas.rows import Family, families, prices

PULL = 1.0
"""Weight of the square: a cell that moves by its scale is charged half of it."""
TURNS = 4
"""Sweeps between two moves of the centre."""
SETTLED = 2e-5
"""Relative gain of the bound over one move of the centre below which the ascent ends."""
THREADS = 2
FEW = 64
"""Rows of a family up to which threads are not worth starting."""


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
    price, x = np.zeros(len(data)), np.empty(len(data))
    best, bound = prices(instance, found), -inf
    stood(price, data, centre, PULL, x)
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in range(max(sweeps // TURNS, 1)):
            for _ in range(TURNS):
                for family in found:
                    _turn(pool, family, price, data, centre)
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
    pool: ThreadPoolExecutor, family: Family, price: FloatArray, data: FloatArray, centre: FloatArray
) -> None:
    """Give each row of a family its price; they share no cell, so the order does not matter."""
    count = len(family.index)
    parts = np.array_split(np.arange(count), THREADS if count > FEW or len(family.members) > 10_000 else 1)

    def turn(rows: np.ndarray) -> None:
        priced(
            rows, family.start, family.members, family.least, family.most, family.price, price, data, centre, PULL
        )  # fmt: skip

    run: Callable[..., object] = pool.map if len(parts) > 1 else map
    list(run(turn, parts))  # type: ignore[call-overload]
