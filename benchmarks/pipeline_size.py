"""How large a pipeline can be: ten thousand years, the first use, and memory; by the road that a run takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.bar import at_most
from benchmarks.pipeline_peer import MOST_Z
from benchmarks.pipeline_process import SCENARIOS, WORKERS, Cost, in_process
from benchmarks.pipeline_worlds import MEASURES, THROUGHPUT, seats
from benchmarks.subject import Run, Shown, measured
from engine import pipeline
from engine.pipeline import counters
from engine.pipeline.build import build
from engine.pipeline.replications import Run as Replications
from engine.pipeline.replications import bookings_alone
from engine.progress import Silent
from engine.territory.alignment import Alignment
from tests.pipeline.theory.simulated import spec_of

SECONDS = 10.0
"""Bar of the whole run, and of the first use."""
ALONE = 20
"""Replications that are simulated again, on one core and in other blocks."""
LEADS = 3_750
GROWTH = 0.01
"""Bar: MB for each replication more beside the cube; its counters, which lie on the disk, take 0.03 MB."""


def whole_run(run: Run, count: int) -> Iterator[Shown]:
    """Simulate so many replications of fifty seats with 75 deals each, on two workers."""
    inputs = seats()
    spec = spec_of(THROUGHPUT).model_copy(update={"replications": count})
    aligned = Alignment(inputs.accounts.owner, (), ())
    built = build(inputs, aligned.rep_of, spec, MEASURES)
    alone = bookings_alone(built, Replications(run.seed, 0, min(ALONE, count), 1, 7), Silent())
    few = spec.model_copy(update={"replications": 1})
    pipeline.simulate(inputs, aligned, few, MEASURES, seed=run.seed)  # compiles, or loads what was compiled
    bare = measured(lambda: bookings_alone(built, Replications(run.seed, 0, count, WORKERS), Silent()))
    stage = measured(
        lambda: pipeline.simulate(inputs, aligned, spec, MEASURES, seed=run.seed, workers=WORKERS)
    )
    cube, leads = stage.value.cube, int(stage.value.kpis[:, counters.LEADS].sum())
    right = bool((cube[: len(alone)] == alone).all()) and bool((cube == bare.value).all())
    what = f"{count:,} replications, {leads:,} deals"
    yield at_most(run, f"s, {what}", bare.seconds, SECONDS, ok=right)
    yield at_most(run, "s, the whole stage with its tables", stage.seconds, SECONDS, ok=right)


def first_use(run: Run) -> Iterator[Shown]:
    """Compile from an empty cache, in a fresh process, and load in the next one."""
    for scenario in SCENARIOS:
        with TemporaryDirectory() as folder:
            empty, cached = (in_process(scenario, 1, LEADS, run.seed, Path(folder)) for _ in range(2))
        same = empty.leads == cached.leads
        yield at_most(run, f"{scenario}: s to compile", empty.first - cached.first, SECONDS, ok=same)
        yield at_most(run, f"{scenario}: s of a first use when cached", cached.first, SECONDS, ok=same)


def memory(run: Run, counts: Sequence[int]) -> Iterator[Shown]:
    """Show the memory of few and many replications, and of few and many deals: at most a byte for each deal more."""
    few, many = (in_process("throughput", count, LEADS, run.seed) for count in counts)
    deals = in_process("throughput", counts[0], 4 * LEADS, run.seed)
    for count, leads, cost in (
        (counts[0], LEADS, few),
        (counts[1], LEADS, many),
        (counts[0], 4 * LEADS, deals),
    ):
        yield from _sizes(run, f"{count:,} x {leads:,}", cost, _right(cost, count, leads))
    ok = _right(few, counts[0], LEADS) and _right(many, counts[1], LEADS)
    each = (many.beside_mb - few.beside_mb) / (counts[1] - counts[0])
    yield at_most(run, "MB a replication beside the cube", each, GROWTH, ok=ok)
    more, kept = deals.beside_mb - few.beside_mb, 3 * LEADS * counts[0] / 1e6
    yield at_most(run, "MB for four times the deals", more, kept, ok=_right(deals, counts[0], 4 * LEADS))


def _sizes(run: Run, what: str, cost: Cost, ok: bool) -> Iterator[Shown]:
    """Show the memory that a run took, beside that of its cube."""
    yield run.row(f"MB, {what} deals", cost.peak_mb - cost.before_mb, ok=ok, peer=("the cube", cost.cube_mb))


def _right(cost: Cost, count: int, leads: int) -> bool:
    """Whether there are as many leads as a Poisson number allows."""
    mean = float(count * leads)
    return bool(abs(cost.leads - mean) <= MOST_Z * np.sqrt(mean))
