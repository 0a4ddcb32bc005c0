"""Quotas that tie out exactly, with the least worst and then the least total deviation, and their bounds.

`10k` is 10,000 reps: 480,000 cells (`quotas_law`). An answer is right when the independent check (`quotas_check`) finds
all sums, limits and locks exact, both objectives as told, no bound above its objective, the worst at its bound, and the
gap of the total, to the bound recounted from the prices, at most 0.1 %.

`engine-10k` is the engine's whole quota stage on a company of as many seats (`quotas_engine`).

`difficulty-1k` is equal difficulty for 1,000 reps (`quotas_difficulty`); `annual-plan` is how equally hard its quotas
are on fresh futures (`quotas_plan`).

Cases with peers give the plain model (`quotas_peers`) to HiGHS, SCIP and CP-SAT, each objective with a time limit
of its own. The lines of a peer show our figure, its figure and their ratio; the metric says how the peer ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from math import isfinite

from benchmarks import quotas_difficulty as difficulty
from benchmarks import quotas_engine as engine
from benchmarks import quotas_plan as plan
from benchmarks.quotas_check import Judged, judge
from benchmarks.quotas_law import World, draw
from benchmarks.quotas_peers import PEERS, Found, total_of, worst_of
from benchmarks.subject import Measured, Row, Run, Subject, measured
from solvers.quotas import Answer, Options, apportion

GAP = 1e-3
SAME = 1e-6
"""Relative difference of two sums of the same 480,000 figures in another order."""


def ours(run: Run, world: World) -> tuple[Measured[Answer], list[Row]]:
    """Solve, check, and return the rows of our side."""
    cost = measured(lambda: apportion(world.instance, Options(gap=GAP)))
    answer = cost.value
    if answer.cells is None:
        return cost, [run.row("no quotas", None, ok=False, cost=cost)]
    judged = judge(world, answer)
    ok = right(answer, judged)
    gap = (judged.total - judged.total_bound) / judged.total
    rows = [
        run.row("locks moved", float(world.moved), ok=True),
        run.row(
            "worst deviation", judged.worst, ok=ok, gap=(judged.worst - judged.worst_bound) / judged.worst
        ),
        run.row("total deviation", judged.total, ok=ok and gap <= GAP, gap=gap, cost=cost),
        run.row("seconds", cost.seconds, ok=ok, cost=cost),
    ]
    return cost, rows


def right(answer: Answer, judged: Judged) -> bool:
    """Return whether what the answer says of itself is what the check found."""
    pairs = (
        (answer.worst, judged.worst),
        (answer.total, judged.total),
        (answer.lagrangian, judged.total_bound),
    )
    told = all(abs(said - found) <= SAME * found for said, found in pairs)
    held = judged.total_bound <= judged.total * (1 + SAME) and answer.worst_bound <= answer.worst
    return (
        told and held and not judged.faults and abs(judged.worst - judged.worst_bound) <= SAME * judged.worst
    )


def alone(run: Run, reps: int) -> Iterator[Row]:
    """Solve one instance."""
    yield from ours(run, draw(reps, run.seed))[1]


def beside(run: Run, reps: int, seconds: float) -> Iterator[Row]:
    """Solve one instance, then let the peers have it."""
    world = draw(reps, run.seed)
    cost, rows = ours(run, world)
    yield from rows
    answer = cost.value
    for peer in PEERS:
        if peer != "cpsat":
            found = worst_of(world, peer, seconds)
            yield from compared(run, "worst", peer, answer.worst, cost.seconds, found)
        found = total_of(world, answer.worst, peer, seconds)
        yield from compared(run, "total", peer, answer.total, cost.seconds, found)


def compared(run: Run, name: str, peer: str, mine: float, seconds: float, found: Found) -> Iterator[Row]:
    """Return what a peer reached beside ours; ours is wrong where it is above the peer's by more than the gap."""
    fair = not isfinite(found.objective) or mine <= found.built * (1 + GAP) + SAME
    fair = fair and (not isfinite(found.bound) or found.bound <= mine * (1 + GAP) + SAME)
    yield run.row(f"{name}: {found.status}"[:25], mine, ok=fair, peer=(peer, found.objective))
    yield run.row(f"{name}: seconds", seconds, ok=fair, peer=(peer, found.seconds))


CASES: dict[str, Callable[[Run], Iterator[Row]]] = {
    "100": partial(beside, reps=100, seconds=60.0),
    "1k": partial(beside, reps=1_000, seconds=120.0),
    "10k": partial(alone, reps=10_000),
    "engine-1k": partial(engine.alone, reps=1_000),
    "engine-10k": partial(engine.alone, reps=10_000),
    "10k-peers": partial(beside, reps=10_000, seconds=300.0),
    "difficulty": partial(difficulty.beside, reps=20, replications=40, seconds=60.0),
    "difficulty-1k": partial(difficulty.alone, reps=1_000, replications=10_000),
    "annual-plan": partial(plan.compared, replications=4_000),
}
SUBJECT = Subject("quotas", CASES, default=("100", "10k", "engine-10k", "difficulty-1k"))
