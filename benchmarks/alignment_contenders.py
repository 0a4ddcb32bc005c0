"""The contenders of an alignment: ours, the plain model in three solvers, spopt, a greedy; each in its own process.

spopt's capacitated p-median takes capacities and no lower side of a band; as many facilities as there are homes makes
every home a centre. A solver of whole numbers gets costs in CENTS; what is compared is recomputed from the alignment.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from math import inf
from multiprocessing import get_context
from time import monotonic
from typing import NamedTuple

import numpy as np

from benchmarks.measure import measured
from solvers import solve
from solvers.alignment import Instance, Multipliers, Options, align
from solvers.alignment.instance import FloatArray, IntArray
from solvers.model import Model
from solvers.solution import SolveOptions

CENTS = 1e6
"""Integer cost units per unit of cost."""
UNIT = 1e6
"""Integer load units per unit of a solver of real numbers."""


class Answer(NamedTuple):
    """What a contender answered; its own claims are not among it."""

    rep_of: IntArray | None
    """Seat of each account, shape (account,); None without one."""
    seconds: float
    peak_mb: float
    """Of its process with all that it started."""
    multipliers: Multipliers | None = None
    """Ours alone: what proves the bound."""


class Limits(NamedTuple):
    """When everybody stops."""

    gap: float
    seconds: float


def apart(name: str, instance: Instance, limits: Limits) -> Answer:
    """Let a contender answer in a process of its own, so that its memory is its own."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(answered, name, instance, limits).result()


def answered(name: str, instance: Instance, limits: Limits) -> Answer:
    """Let a contender answer here; what is loaded and compiled before the first answer is not in its seconds."""
    if name == "ours":
        return _ours(instance, limits)
    call = CONTENDERS[name]
    if name == "spopt":
        import spopt.locate  # noqa: F401 - seconds of loading, and none of the peer's solving
    cost = measured(lambda: call(instance, limits))
    return Answer(cost.value, cost.seconds, cost.peak_mb)


def _ours(instance: Instance, limits: Limits) -> Answer:
    align(instance, Options(gap=inf))
    options = Options(gap=limits.gap, deadline=monotonic() + limits.seconds)
    cost = measured(lambda: align(instance, options))
    return Answer(cost.value.rep_of, cost.seconds, cost.peak_mb, cost.value.multipliers)


def plain(backend: str) -> Callable[[Instance, Limits], IntArray | None]:
    """Return a contender that hands the plain model, every pair a column, to a backend."""

    def contend(instance: Instance, limits: Limits) -> IntArray | None:
        whole = backend == "cpsat"
        cost, unit = pair_costs(instance), 1.0 if whole else UNIT
        model = Model()
        account, rep = (index.ravel() for index in np.indices(cost.shape))
        pair = model.add_columns("x", cost.size, cost=(np.rint(cost * CENTS) if whole else cost).ravel())
        model.add_rows("assign", account, pair, count=instance.units, lower=1, upper=1)
        for k, weight in enumerate(instance.weights):
            sides = {"lower": instance.lower[k] / unit, "upper": instance.upper[k] / unit}
            model.add_rows(f"band{k}", rep, pair, weight[account] / unit, count=instance.reps, **sides)
        options = SolveOptions(gap=limits.gap, time_limit=limits.seconds)
        x = solve(model, options, backend=backend).x
        return None if x is None else np.argmax(x[: cost.size].reshape(cost.shape), axis=1)

    return contend


def spopt(instance: Instance, limits: Limits) -> IntArray | None:
    """Solve the capacitated p-median of spopt by PuLP and CBC, with every home a centre."""
    from pulp import PULP_CBC_CMD
    from spopt.locate import PMedian

    places = instance.places
    assert places is not None
    far = pair_costs(instance) / places.weight[:, None]
    room = instance.upper[0] / UNIT
    demand = instance.weights[0] / UNIT
    peer = PMedian.from_cost_matrix(far, demand, instance.reps, facility_capacities=room)
    try:
        peer.solve(PULP_CBC_CMD(msg=False, gapRel=limits.gap, timeLimit=limits.seconds))
    except RuntimeError:  # its word for every end without an answer
        return None
    rep_of = np.full(instance.units, -1, dtype=np.int64)
    for rep, accounts in enumerate(peer.fac2cli):
        rep_of[accounts] = rep
    return rep_of


def greedy(instance: Instance, limits: Limits) -> IntArray:
    """Give each account, the heaviest first, to the nearest rep with room; with no room, to the emptiest."""
    cost, load = pair_costs(instance), np.zeros(instance.lower.shape, dtype=np.int64)
    rep_of = np.empty(instance.units, dtype=np.int64)
    for u in np.argsort(-instance.weights[0], kind="stable"):
        fits = (load + instance.weights[:, u, None] <= instance.upper).all(axis=0)
        best = np.argmin(np.where(fits, cost[u], inf)) if fits.any() else np.argmin(load[0])
        rep_of[u] = best
        load[:, best] += instance.weights[:, u]
    return rep_of


def pair_costs(instance: Instance) -> FloatArray:
    """Return the cost of every pair, shape (account, rep)."""
    places = instance.places
    assert places is not None
    far = np.sqrt(((places.point[:, None, :] - places.home[None, :, :]) ** 2).sum(axis=2))
    return np.asarray(places.weight[:, None] * far)


def missing(name: str) -> str:
    """Say why a contender is left out; '' when it is there."""
    if name == "spopt" and find_spec("spopt") is None:
        return "spopt is not installed (extra: peers)"
    return ""


CONTENDERS: dict[str, Callable[[Instance, Limits], IntArray | None]] = {
    "greedy": greedy,
    "HiGHS": plain("highs"),
    "PuLP+CBC": plain("cbc"),
    "CP-SAT": plain("cpsat"),
    "spopt": spopt,
}
