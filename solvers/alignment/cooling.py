"""Cooling: sweeps of exchanges over all pairs of seats, first with soft bands, at last with hard ones.

While it is warm a row pays a quadratic price on its distance from the binding side, little at first: surplus spreads
over neighbours until it meets shortage, at almost no regret. The price rises geometrically. When it is cold, rows pay
a steep linear price outside their bands, and the more, the further (in seats) the next room is, so that what is left
over walks towards it. All limits are counts; randomness only shifts grids and breaks ties, from the seed.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from solvers.alignment.exchange import exchange_all
from solvers.alignment.instance import BoolArray, FloatArray, Instance, IntArray
from solvers.alignment.mending import Mender, Mip, Sides
from solvers.alignment.neighbours import State, contested, neighbours, rounds
from solvers.alignment.pricing import Pricer
from solvers.alignment.trust import Relaxed, reduced_costs

CELLS = (256, 1024, 1000)
"""Cells of the grid of an exchange, for one, two, and more measures."""
UNITS = 50
"""Contested units dealt out in one exchange, at most."""
JITTER = 0.5
CHUNKS = 8
"""Parts of a round that may run at the same time; fixed, so that threads change nothing."""
WARM, COLD = 0.3, 3e4
"""First and last quadratic price, in mean multipliers per scaled unit."""
SHARE_WARM = 0.75
STEEP, STEP, STEEP_MEND, STEEP_MIP = 2.0, 0.3, 100.0, 1e4
"""Linear price outside a band in the cold, in largest multipliers; and what each seat on the way to room adds."""
MARGIN, MOST_MARGIN = 2e-5, 0.01
"""Least and greatest share of a mean seat by which bands are tightened during the search; the bound never sees it."""
WIDE, NARROW = 0.05, 0.002
"""First and last half-width of the loads that an exchange aims at, in mean seats."""
AIM = 0.995
"""Share of a budget that the search aims at; what is left over absorbs the last moves."""
SETTLING = 3
"""Cold sweeps after seats were mended."""
FAR = 30
PASSES, DETOUR = 0.01, 5
"""Contested weight, in mean seats, that a pair of seats needs to count as one hop of the way to room, and as how many
it counts with less."""
MENDS, STEP_GROWS = 12, 1.5
MEND_CELLS, MEND_UNITS, MEND_JITTER = 4096, 80, 4.0
"""Effort of an exchange next to a seat that is still outside its bands."""
MIPS, MOST_MIPS = 40, 200
"""Small MIPs after that, at most, for each seat that is still outside, and in all."""


class Rows(NamedTuple):
    """What the loads of all seats cost, arrays of shape (rep, row kind)."""

    mu: FloatArray
    lower: FloatArray
    upper: FloatArray
    above: FloatArray
    below: FloatArray
    bend: float
    """Price of the squared distance from the binding side, outside the band ..."""
    slack: FloatArray
    """... and inside."""


class Cooling:
    """Exchanges around one relaxation of one instance."""

    def __init__(self, pricer: Pricer, relaxed: Relaxed, seed: int, depth: int = 1) -> None:
        self.instance: Instance = pricer.instance
        self.relaxed, self.pricer = relaxed, pricer
        reduced = reduced_costs(pricer, relaxed.candidates, relaxed.multipliers)
        regret = reduced - reduced.min(axis=1)[:, None]
        self.state: State = neighbours(relaxed.candidates, regret, pricer.pairs.scaled, depth)
        self.leaves = relaxed.candidates.leaves[:, :, : self.state.regret.shape[1]]
        self.random = np.random.Generator(np.random.Philox(seed))
        self.mu = np.ascontiguousarray(relaxed.multipliers.band.T)
        self.cells = CELLS[min(len(self.instance.weights), len(CELLS)) - 1]
        edge = 0.25 / self.instance.scale
        self.edges = pricer.lower.T - edge, pricer.upper.T + edge
        self.lower, self.upper = self._tightened(0.0)
        self.price = np.broadcast_to(self.instance.prices * self.instance.scale, self.mu.shape)

    def _tightened(self, room: float) -> tuple[FloatArray, FloatArray]:
        """Return bands that leave room for the last moves.

        They lie whole units inside; a quarter of one outside where there is no room. Each row is tightened by what
        costs the same, together the share `room` of the bound: rows that hardly bind by more, dear ones by less.
        """
        paid = room * abs(self.relaxed.bound) / self.mu.size
        share = np.clip(paid / np.maximum(np.abs(self.mu), 1e-300), MARGIN, MOST_MARGIN)
        most = np.maximum(self.instance.upper - self.instance.lower, 0).T // 4
        units = np.minimum((share * self.instance.scale).astype(np.int64), most)
        margin = units / self.instance.scale * np.isinf(self.instance.prices)
        return self.edges[0] + margin, self.edges[1] - margin

    def cool(
        self,
        rep_of: IntArray,
        sweeps: int,
        tell: Callable[[int], None],
        room: float = 0.0,
        mip: Mip | None = None,
        mends: int = MENDS,
    ) -> IntArray:
        """Return an alignment that was cooled over so many sweeps from the given one; it may still break a rule.

        `room` is the share of the bound that may be paid for bands tightened while it cools. Seats that are outside
        their bands after that are mended in `mends` rounds of exchanges, then by `mip`.
        """
        self.lower, self.upper = self._tightened(room)
        state = self._at(rep_of)
        warm = max(int(SHARE_WARM * sweeps), 1)
        mean = max(float(np.abs(self.mu).mean()), 1e-12 * max(abs(self.relaxed.bound), 1.0))
        self.extra = np.zeros(len(self.instance.limits))
        with ThreadPoolExecutor(self.pricer.threads) as pool:
            for sweep in range(sweeps):
                tell(sweep)
                done = min(sweep / warm, 1.0)
                spread = WIDE * (NARROW / WIDE) ** done
                bend = mean * WARM * (COLD / WARM) ** done if sweep < warm else 0.0
                rows = self._rows(state, bend, mean)
                gain = self._sweep(state, rows, spread, pool)
                self._hold_budgets(state)
                if not bend and gain == 0.0:
                    break
            self._mend(state, mean, mends, pool)
            for _ in range(SETTLING):
                self._sweep(state, self._rows(state, 0.0, mean, STEEP_MEND), NARROW, pool)
        if mip is not None:
            self._mend_by_mip(state, mean, mip)
        return state.seat.copy()

    def _mend(self, state: State, mean: float, mends: int, pool: ThreadPoolExecutor) -> None:
        """Exchange with more effort around the seats that are still outside their bands."""
        for turn in range(mends):
            state.load[:] = _loads(state, len(state.load))
            out = self._outside(state)
            if not out.any():
                return
            near = out.copy()
            near[state.pair[out[state.pair].any(axis=1)].ravel()] = True
            chosen = self.random.permutation(np.flatnonzero(near[state.pair].any(axis=1)))
            effort = (float(MEND_CELLS), float(MEND_UNITS), MEND_JITTER, (WIDE, NARROW)[turn % 2])
            rows = self._rows(state, 0.0, mean, STEEP_MEND, STEP * STEP_GROWS**turn)
            self._exchange(state, rows, chosen, effort, pool)
            self._hold_budgets(state)

    def _outside(self, state: State) -> BoolArray:
        """Say which seats are outside a hard band, shape (rep,)."""
        out = (state.load < self.edges[0]) | (state.load > self.edges[1])
        return np.asarray((out & np.isinf(self.instance.prices)).any(axis=1))

    def _mend_by_mip(self, state: State, mean: float, mip: Mip) -> None:
        """Solve small MIPs around the seats that are still outside, with the bands as they are: nothing follows."""
        mender = self._mender(state, mean, self.edges)
        for _ in range(min(MIPS * int(self._outside(state).sum()), MOST_MIPS)):
            out = np.where(self._outside(state), mender.outside(), 0.0)
            if not out.any():
                break
            mender.mend(int(self.random.choice(len(out), p=out / out.sum())), mip)

    def polish(self, rep_of: IntArray, mips: int, mip: Mip) -> IntArray:
        """Return an alignment improved by small MIPs around seats in random order; never worse, and as feasible."""
        state = self._at(rep_of)
        mean = max(float(np.abs(self.mu).mean()), 1e-12 * max(abs(self.relaxed.bound), 1.0))
        mender = self._mender(state, mean, (self.lower, self.upper))
        for seat in self.random.integers(len(state.load), size=mips).tolist():
            mender.mend(seat, mip)
        return state.seat.copy()

    def _mender(self, state: State, mean: float, bands: tuple[FloatArray, FloatArray]) -> Mender:
        state.load[:] = _loads(state, len(state.load))
        steep = STEEP_MIP * max(float(np.abs(self.mu).max()), mean)
        seats = self.relaxed.candidates.seat[:, : state.regret.shape[1]]
        return Mender(state, seats, Sides(self.mu, *bands, steep), self.random)

    def _at(self, rep_of: IntArray) -> State:
        """Return the state at an alignment; a unit whose seat is no candidate goes to its best one."""
        seats = self.relaxed.candidates.seat[:, : self.state.regret.shape[1]]
        known = (seats == rep_of[:, None]).any(axis=1)
        seat = np.where(known, rep_of, seats[:, 0]).astype(np.int64)
        state = self.state._replace(seat=seat, regret=self.state.regret.copy())
        return state._replace(load=_loads(state, self.mu.shape[0]))

    def _rows(self, state: State, bend: float, mean: float, first: float = STEEP, step: float = STEP) -> Rows:
        """Return the prices of the rows: soft while there is a bend, else steep and rising with the way to room."""
        if bend:
            outside = np.minimum(np.abs(self.mu) + 1e-3 * mean, self.price)
            slack = bend * np.minimum(self.mu**2 / max(float(np.mean(self.mu**2)), 1e-300), 1.0)
            return Rows(self.mu, self.lower, self.upper, outside, outside, bend, slack)
        steep = max(float(np.abs(self.mu).max()), mean)
        sides, hops = [], np.where(contested(state) >= PASSES, 1, DETOUR)
        for room in (state.load < self.upper - MARGIN, state.load > self.lower + MARGIN):
            way = np.stack([_way(room[:, k], state.pair, hops[:, k]) for k in range(room.shape[1])], axis=1)
            sides.append(np.minimum(steep * (first + step * way), self.price))
        return Rows(self.mu, self.lower, self.upper, sides[0], sides[1], 0.0, np.zeros_like(self.mu))

    def _sweep(self, state: State, rows: Rows, spread: float, pool: ThreadPoolExecutor) -> float:
        state.load[:] = _loads(state, len(state.load))
        order = self.random.permutation(len(state.pair))
        return self._exchange(state, rows, order, (float(self.cells), float(UNITS), JITTER, spread), pool)

    def _exchange(
        self, state: State, rows: Rows, order: IntArray, effort: tuple[float, ...], pool: ThreadPoolExecutor
    ) -> float:
        gain = 0.0
        for turn in rounds(state.pair, len(state.load), order):
            parts = [part for part in np.array_split(turn, CHUNKS) if len(part)]
            seeds = self.random.integers(2**31, size=len(parts))

            def work(part: IntArray, seed: int) -> float:
                return float(exchange_all(state, rows, part, effort, seed))

            gain += sum(pool.map(work, parts, seeds.tolist()))
        return gain

    def _hold_budgets(self, state: State) -> None:
        """Raise the price of a budget that is overdrawn, and let it fall again when it is not."""
        if not len(self.extra):
            return
        chosen = np.argmax(
            self.relaxed.candidates.seat[:, : state.regret.shape[1]] == state.seat[:, None], axis=1
        )
        used = self.leaves[:, np.arange(len(chosen)), chosen].sum(axis=1)
        limits = self.instance.limits.astype(np.float64)
        base = np.maximum(
            self.relaxed.multipliers.budget, 1e-3 * abs(self.relaxed.bound) / np.maximum(limits, 1.0)
        )
        self.extra += base * np.clip(20.0 * (used / np.maximum(limits, 1.0) - AIM), -0.05, 0.2)
        self.extra = np.maximum(self.extra, -0.2 * self.relaxed.multipliers.budget)
        state.regret[:] = self.state.regret + np.tensordot(self.extra, self.leaves, axes=1)


def _loads(state: State, reps: int) -> FloatArray:
    return np.stack(
        [np.bincount(state.seat, state.scaled[:, k], minlength=reps) for k in range(state.scaled.shape[1])],
        axis=1,
    )


def _way(room: Any, pair: IntArray, hops: IntArray) -> FloatArray:
    """Return how many hops away the next seat with room is, at most FAR; shape (rep,)."""
    way = np.where(room, 0, FAR)
    for _ in range(FAR):
        before = way.copy()
        np.minimum.at(way, pair[:, 0], before[pair[:, 1]] + hops)
        np.minimum.at(way, pair[:, 1], before[pair[:, 0]] + hops)
        if (way == before).all():
            break
    return way.astype(np.float64)
