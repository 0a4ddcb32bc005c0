"""Where every search starts: the best multipliers of the whole problem, and how often each agent took each job.

The linear relaxation gives the first multipliers, the ascent on the exact knapsacks raises them. Tables of a
knapsack have as many columns as its capacity has units: a capacity above WIDEST is counted in grains, weights and
capacity rounded down. Whatever fits, fits so too; the bound stays valid, only a little weaker.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from solvers.assignment.instance import FloatArray, Instance, IntArray
from solvers.assignment.linear import Relaxed
from solvers.assignment.relaxation import SCALE, ascend

__all__ = ["Guide", "guide"]

WIDEST = 20_000
"""Units of capacity that a table holds at most."""
AIM = 0.005
"""How far above the linear relaxation the ascent aims, as a share of its value."""


@dataclass(frozen=True)
class Guide:
    """The relaxation at its best multipliers."""

    figures: Instance
    """The instance in grains; the instance itself where the grain is 1."""
    grain: int
    u: IntArray
    """Multipliers (job,), in units of 1/SCALE."""
    share: FloatArray
    """How often each agent took each job of late, (agent, job), 0 to 1."""
    value: int
    """L(u), scaled."""


def guide(instance: Instance, linear: Relaxed, rounds: int) -> Guide:
    """Raise the multipliers of the linear relaxation by at most `rounds` rounds of ascent."""
    grain = 1 + int(instance.capacity.max()) // WIDEST
    figures = instance
    if grain > 1:
        figures = replace(instance, weight=instance.weight // grain, capacity=instance.capacity // grain)
    u = np.rint(SCALE * linear.multiplier).astype(np.int64)
    share = linear.share.copy()
    start = float((linear.share * instance.cost).sum())
    aim = int(SCALE * (start + AIM * abs(start) + 1))
    state = np.where(figures.weight > figures.capacity[:, None], -1, 0).astype(np.int8)
    value = ascend(figures.data, state, u, share, aim, (rounds, 1.0))
    return Guide(figures, grain, u, share, value)
