"""Mending: small MIPs around seats that are still outside a band.

Where exchanges between two seats end, a few seats are a hair outside: three or more must act together, or several
measures at once. The seat that is furthest outside and the seats it contests most units with are put into one MIP
over their contested units of least regret:

    min  regret + loss of the bands + steep price of what lies outside

It starts from the alignment as it is, so it never gets worse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from solvers.alignment.instance import FloatArray, IntArray
from solvers.alignment.neighbours import State
from solvers.alignment.trust import TINY
from solvers.model import Arrays, Model
from solvers.solution import Solution

SEATS, UNITS = 5, 80
"""Seats and units of one MIP, at most."""

Mip = Callable[[Arrays, FloatArray], Solution]


@dataclass(frozen=True)
class Sides:
    """What the loads are held to; arrays of shape (rep, row kind)."""

    mu: FloatArray
    lower: FloatArray
    upper: FloatArray
    steep: float
    """Price outside a band, cost per scaled unit."""


class Mender:
    """Builds and applies the MIP around one seat."""

    def __init__(self, state: State, seats: Any, sides: Sides, random: np.random.Generator) -> None:
        self.state, self.seats, self.random = state, seats, random
        self.mu, self.lower, self.upper, self.steep = sides.mu, sides.lower, sides.upper, sides.steep
        self.reps, self.kinds = sides.mu.shape

    def outside(self) -> FloatArray:
        """Return how far each seat is outside its bands, in mean seats; shape (rep,)."""
        load = self.state.load
        return np.asarray((np.maximum(load - self.upper, 0) + np.maximum(self.lower - load, 0)).sum(axis=1))

    def mend(self, seat: int, mip: Mip) -> bool:
        """Solve the MIP around a seat; return whether the alignment changed."""
        near = np.sort(self._near(seat))
        unit, slot = self._units(near)
        if not len(unit):
            return False
        arrays, start = self._model(near, unit, slot)
        solved = mip(arrays, start)
        if solved.x is None:
            return False
        chosen = np.flatnonzero(solved.x[: len(unit)] > 0.5)
        to = self.seats[unit[chosen], slot[chosen]].astype(np.int64)
        moved = self.state.seat[unit[chosen]] != to
        for u, j in zip(unit[chosen][moved].tolist(), to[moved].tolist(), strict=True):
            self.state.load[self.state.seat[u]] -= self.state.scaled[u]
            self.state.load[j] += self.state.scaled[u]
            self.state.seat[u] = j
        return bool(moved.any())

    def _near(self, seat: int) -> IntArray:
        """Return the seat and others that contest many units with it or with its neighbours, drawn by weight."""
        size = np.diff(self.state.first).astype(np.float64)
        near = [seat]
        while len(near) < min(SEATS, self.reps):
            touches = np.isin(self.state.pair, near)
            outer = touches.any(axis=1) & ~touches.all(axis=1)
            if not outer.any():
                break
            other = np.where(touches[:, 0], self.state.pair[:, 1], self.state.pair[:, 0])
            weight = np.bincount(other[outer], size[outer], minlength=self.reps)
            near.append(int(self.random.choice(self.reps, p=weight / weight.sum())))
        return np.array(near)

    def _units(self, near: IntArray) -> tuple[IntArray, IntArray]:
        """Return unit and slot of the columns: units of these seats with a choice among them, of least regret."""
        held = np.flatnonzero(np.isin(self.state.seat, near))
        inside = np.isin(self.seats[held], near) & np.isfinite(self.state.regret[held])
        held, inside = held[inside.sum(axis=1) > 1], inside[inside.sum(axis=1) > 1]
        if not len(held):
            return held, held
        regret = np.where(inside, self.state.regret[held], np.inf)
        second = np.sort(regret, axis=1)[:, 1] * (0.5 + self.random.random(len(held)))
        kept = np.sort(np.argsort(second, kind="stable")[:UNITS])
        row, slot = np.nonzero(inside[kept])
        return held[kept][row], slot

    def _model(self, near: IntArray, unit: IntArray, slot: IntArray) -> tuple[Arrays, FloatArray]:
        state, model = self.state, Model()
        seat = self.seats[unit, slot].astype(np.int64)
        free, place = np.unique(unit, return_inverse=True)
        at = np.searchsorted(near, seat)
        pair = model.add_columns("x", len(unit), cost=state.regret[unit, slot] + self._slope(unit, seat))
        count = len(near) * self.kinds
        slack = [
            model.add_columns(side, count, cost=self.steep, upper=np.inf, integer=False)
            for side in ("over", "under")
        ]
        model.add_rows("assign", place, pair, count=len(free), lower=1.0, upper=1.0)
        base = state.load[near] - np.stack(
            [np.bincount(np.searchsorted(near, state.seat[free]), state.scaled[free, k], minlength=len(near))
             for k in range(self.kinds)], axis=1
        )  # fmt: skip
        index = np.arange(len(near))
        start = np.zeros(len(unit) + 2 * count)
        start[: len(unit)] = state.seat[unit] == seat
        for k in range(self.kinds):
            here = slice(k * len(near), (k + 1) * len(near))
            low, high = self.lower[near, k], self.upper[near, k]
            model.add_rows(
                f"band{k}",
                np.concatenate((at, index, index)),
                np.concatenate((pair, slack[0][here], slack[1][here])),
                np.concatenate(
                    (
                        np.where(state.scaled[unit, k] < TINY, 0.0, state.scaled[unit, k]),
                        -np.ones(len(near)),
                        np.ones(len(near)),
                    )
                ),
                count=len(near),
                lower=low - base[:, k],
                upper=high - base[:, k],
            )
            start[slack[0][here]] = np.maximum(state.load[near, k] - high, 0.0)
            start[slack[1][here]] = np.maximum(low - state.load[near, k], 0.0)
        return model.arrays(), start

    def _slope(self, unit: IntArray, seat: IntArray) -> FloatArray:
        """Return what a unit's weight saves in slack losses at a seat: -mu w."""
        return np.asarray(-(self.mu[seat] * self.state.scaled[unit]).sum(axis=1))
