"""The search: multipliers, a first cooling, the LP over all pairs, then more coolings until the gap is reached."""

from __future__ import annotations

import time
from functools import partial
from math import inf

import numpy as np

from solvers.alignment.ascent import ascend
from solvers.alignment.cooling import Cooling
from solvers.alignment.instance import FloatArray, Instance, IntArray, broken, cost_of
from solvers.alignment.options import Options, Result
from solvers.alignment.pricing import Pricer
from solvers.alignment.trust import Relaxed, priced, relax
from solvers.model import Arrays
from solvers.solution import Solution, SolveOptions, Status, relative_gap

WORTH = 0.02
"""Share of the gap asked for below which a rise of the bound is not worth another LP."""
LITTLE = 0.002
"""Share of the gap asked for below which a rise of the bound is not worth another round of the ascent."""
ROOM, ROOM_FALLS = 0.2, 0.3
"""Share of the gap asked for that the first cooling may pay for tightened bands; and by what it falls each time."""
EARLY, DEPTH, MENDS = 12, 3, 40
"""Sweeps of the cooling before the LP. Its multipliers are less exact, so it sees more contested units and mends in
more rounds."""
MIP_GAP, MIP_NODES = 1e-3, 100
"""When a small MIP stops: a share of the mean seat's cost, and nodes; it only mends."""


class _Expired(Exception):
    """The deadline has passed."""


class _Best:
    """The best alignment so far that keeps every rule."""

    def __init__(self, instance: Instance, options: Options) -> None:
        self.instance, self.options = instance, options
        self.rep_of: IntArray | None = None
        self.objective, self.bound = inf, -inf

    def offer(self, rep_of: IntArray) -> None:
        """Take an alignment if it keeps every rule, exactly, and costs less."""
        if broken(self.instance, rep_of) > 0.0:
            return
        cost = cost_of(self.instance, rep_of)
        if cost < self.objective:
            self.rep_of, self.objective = np.asarray(rep_of, dtype=np.int64), cost
            self.options.found(self.rep_of, self.bound)

    @property
    def enough(self) -> bool:
        """Whether the gap asked for is reached."""
        return relative_gap(self.objective, self.bound) <= self.options.gap

    def tell(self, what: str) -> None:
        """Say what is being done; raises _Expired after the deadline."""
        self.options.tell(what, self.objective, self.bound)
        if time.monotonic() >= self.options.deadline:
            raise _Expired


def align(instance: Instance, options: Options) -> Result:
    """Align the units of an instance.

    Raises nothing but what the callbacks raise; a KeyboardInterrupt passes through, and what was found until then
    has been told to `options.found`.
    """
    pricer, best = Pricer(instance, options.threads), _Best(instance, options)
    best.bound, multipliers = ascend(pricer, LITTLE * options.gap)
    for known in options.starts:
        best.offer(known)
    start = priced(pricer, best.bound, multipliers)
    if best.rep_of is None:
        _early(pricer, start, best)
    if best.enough:
        return Result(best.rep_of, best.objective, best.bound, multipliers, start.rounded, "gap")
    relaxed = relax(pricer, start, partial(_lp, best=best), WORTH * options.gap)
    best.bound = relaxed.bound
    best.offer(relaxed.rounded)
    ended = "gap" if best.enough else _search(pricer, relaxed, best, options)
    return Result(best.rep_of, best.objective, best.bound, relaxed.multipliers, relaxed.rounded, ended)


def _early(pricer: Pricer, start: Relaxed, best: _Best) -> None:
    """Look for a first alignment at the multipliers of the ascent: dearer than after the LP, but soon."""
    cooling, tell = Cooling(pricer, start, best.options.seed, DEPTH), partial(_tell, best, 0)
    try:
        best.offer(cooling.cool(start.rounded, EARLY, tell, 0.0, partial(_mip, best), MENDS))
    except _Expired:
        return


def _lp(arrays: Arrays, best: _Best) -> Solution:
    from solvers import solve

    try:
        best.tell("pricing")
    except _Expired:
        return Solution(Status.NO_SOLUTION_FOUND, inf, -inf, None, 0.0, "highs", ended_by="time")
    return solve(arrays, SolveOptions(gap=0.0), backend="highs")


def _mip(best: _Best, arrays: Arrays, start: FloatArray) -> Solution:
    from solvers import solve

    best.tell("mending")
    close = MIP_GAP * abs(best.bound) / best.instance.reps
    options = SolveOptions(gap=0.0, absolute_gap=close, node_limit=MIP_NODES, start=start)
    return solve(arrays, options, backend="highs")


def _tell(best: _Best, turn: int, sweep: int) -> None:
    best.tell(f"cooling {turn}, sweep {sweep + 1}")


def _search(pricer: Pricer, relaxed: Relaxed, best: _Best, options: Options) -> str:
    cooling = Cooling(pricer, relaxed, options.seed)
    mip = partial(_mip, best)
    last = relaxed.rounded
    try:
        for turn, sweeps in enumerate(options.effort, start=1):
            room = ROOM * options.gap * ROOM_FALLS ** (turn - 1)
            last = cooling.cool(last, sweeps, partial(_tell, best, turn), room, mip)
            best.offer(last)
            if best.enough:
                return "gap"
            if options.mips and best.rep_of is not None:
                best.offer(cooling.polish(best.rep_of, options.mips, mip))
            if best.enough:
                return "gap"
    except _Expired:
        return "time"
    return "effort"
