"""The pipeline of stages, read top to bottom like a sentence, and the run folder it leaves."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from engine.calendar import calendar
from engine.errors import BadInput, GapNotReached, Interrupted
from engine.progress import Progress, Remembering, Silent
from engine.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from engine.columns import Table
    from engine.comp.payouts import Payouts
    from engine.inputs import Inputs
    from engine.pipeline.bookings import Bookings
    from engine.proof import Solve
    from engine.quota.quotas import Quotas
    from engine.territory.alignment import Alignment

Stage = Literal["inputs", "territories", "pipeline", "quotas", "comp"]
STAGES: tuple[Stage, ...] = ("inputs", "territories", "pipeline", "quotas", "comp")


@dataclass
class Results:
    """What the stages have answered so far; each is there once its stage is done."""

    inputs: Inputs | None = None
    """The tables as read."""
    seated: Inputs | None = None
    """The tables with the seats of the alignment; they differ where a headcount was adopted."""
    alignment: Alignment | None = None
    bookings: Bookings | None = None
    quotas: Quotas | None = None
    payouts: Payouts | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    """Wall time of each finished stage."""
    peak_mb: dict[str, float] = field(default_factory=dict)
    """Peak memory of the process up to the end of each finished stage."""
    warnings: list[str] = field(default_factory=list)

    @property
    def stages(self) -> tuple[str, ...]:
        """Stages that are done, in order."""
        return tuple(self.seconds)

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every result table so far."""
        answers = (self.alignment, self.bookings, self.quotas, self.payouts)
        return tuple(table for answer in answers if answer is not None for table in answer.tables)

    @property
    def solves(self) -> tuple[Solve, ...]:
        """Every solve so far."""
        return tuple(
            solve for answer in (self.alignment, self.quotas) if answer is not None for solve in answer.solves
        )


@dataclass(frozen=True)
class Run:
    """A published run."""

    folder: Path
    results: Results
    summary: str
    """What happened, at most 80 columns wide."""

    def table(self, name: str) -> pd.DataFrame:
        """Return a result table by name.

        Raises:
            KeyError: no such table; the message lists them.

        """
        tables = {table.name: table.frame for table in self.results.tables}
        if name not in tables:
            raise KeyError(f"no table '{name}'; there are {', '.join(sorted(tables))}")
        return tables[name]


def run(
    scenario: Scenario,
    out: str | Path | None = None,
    *,
    until: Stage = "comp",
    workers: int = 0,
    strict: bool = False,
    progress: Progress | None = None,
) -> Run:
    """Carry a scenario through its stages and publish the run folder.

    Args:
        scenario: read with `Scenario.load`.
        out: the run folder; `runs/<name of the scenario>` unless given.
        until: last stage to run; a run that stops early is marked `complete: false`.
        workers: threads of the simulation; 0 takes one per core. The bytes are the same for any number.
        strict: end with `GapNotReached` where a solve stopped short of the demanded gap; else a warning.
        progress: where to report.

    Raises:
        BadInput, Infeasible, NoPlan, GapNotReached, VerificationFailed, FolderInUse, EnvironmentFailed:
            nothing was published.
        Interrupted: after Ctrl-C; what was verified lies in `<out>.interrupted`.

    """
    from engine.store.folder import publish, reserve
    from engine.store.publish import write_run

    place = Path(out) if out is not None else Path("runs") / scenario.source.name
    results = Results()
    watch = Remembering(progress or Silent(), results.warnings)
    with reserve(place) as temporary:
        try:
            carry(scenario, results, until, workers or cores(), watch)
            _judge_gaps(results, strict, watch)
            watch.stage("report")
            summary = write_run(temporary, scenario, results, until, complete=until == STAGES[-1])
        except KeyboardInterrupt as stop:
            reached = (*STAGES, "report")[len(results.stages)]
            _keep(scenario, results, place, stop)
            raise Interrupted(f"stopped in the stage {reached}", hint=_kept(results, place)) from None
        publish(temporary, place)
    return Run(place, results, summary)


def carry(scenario: Scenario, results: Results, until: Stage, workers: int, progress: Progress) -> None:
    """Run the stages in order; each line uses only what stands above it."""
    from engine import comp, data, pipeline, quota, territory

    source, seed = scenario.source, scenario.seed
    last = STAGES.index(until)
    with source.placing_faults():
        with _timed(results, "inputs", progress):
            plan = calendar(scenario.calendar, scenario.as_of)
            inputs = data.read(scenario.data, plan, scenario.currency, source.base, source.roots)
            inputs = territory.with_edits(inputs, scenario.territories, source.base, source.roots)
            inputs = quota.with_adjustments(inputs, scenario.quotas, source.base, source.roots)
            inputs = quota.with_previous(inputs, scenario.quotas, source.base, source.roots)
            inputs = comp.budgeted(inputs, scenario.comp.budget, source.base, source.roots)
            offered = pipeline.offered(scenario.pipeline)
            wrong = quota.misfits(inputs, scenario.quotas, scenario.measures, offered) if last >= 3 else []
            wrong += quota.product_faults(inputs, scenario.quotas, scenario.measures) if last >= 3 else []
            if wrong:
                raise BadInput(wrong)
            results.inputs = inputs
        if last < 1:
            return
        with _timed(results, "territories", progress):
            results.alignment = alignment = territory.design(
                inputs, scenario.territories, seed=seed, progress=progress
            )
            frames = {table.name: table.frame for table in alignment.tables}
            results.seated = inputs = territory.seated(inputs, scenario.territories, frames)
        if last < 2:
            return
        with _timed(results, "pipeline", progress):
            results.bookings = bookings = pipeline.simulate(
                inputs,
                alignment,
                scenario.pipeline,
                scenario.measures,
                seed=seed,
                workers=workers,
                progress=progress,
                goal=quota.goal(inputs, scenario.quotas),
            )
        if last < 3:
            return
        with _timed(results, "quotas", progress):
            for said in quota.doubts(inputs, scenario.quotas):
                progress.warn(said)
            results.quotas = quotas = quota.allocate(
                inputs,
                alignment,
                bookings,
                scenario.quotas,
                progress=progress,
                measures=scenario.measures,
            )
        if last < 4:
            return
        with _timed(results, "comp", progress):
            results.payouts = comp.settle(
                inputs,
                bookings,
                quotas,
                scenario.comp,
                seed=seed,
                workers=workers,
                progress=progress,
                measures=scenario.measures,
            )


@contextmanager
def _timed(results: Results, stage: Stage, progress: Progress) -> Iterator[None]:
    progress.stage(stage)
    begin = time.monotonic()
    yield
    results.seconds[stage] = time.monotonic() - begin
    results.peak_mb[stage] = _peak_mb()


def _peak_mb() -> float:
    """Return the most memory that the process has had so far."""
    import resource
    import sys

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def cores() -> int:
    """Return how many cores this process may use."""
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _judge_gaps(results: Results, strict: bool, progress: Progress) -> None:
    for solve in results.solves:
        if solve.gap <= solve.demanded_gap:
            continue
        said = (
            f"{solve.stage}, {solve.name}: proved to a gap of {solve.gap:.2%}, "
            f"{solve.demanded_gap:.2%} was demanded (stopped by {solve.ended_by or 'a limit'})"
        )
        if strict:
            raise GapNotReached(said, hint="Raise the limit or the gap, or run without --strict.")
        progress.warn(said)


def _kept(results: Results, place: Path) -> str:
    """Return where the best verified plan lies, and how good it is."""
    if results.alignment is None:
        return "There was no verified plan yet; nothing was written."
    from engine.territory.solving.search import standing

    cost = results.alignment.solves[0]
    return f"The best verified plan lies in {place}.interrupted: {standing(cost.objective, cost.bound)}."


def _keep(scenario: Scenario, results: Results, place: Path, stop: KeyboardInterrupt) -> None:
    """Publish what is verified so far beside the place of the run, which stays as it was."""
    from engine.store.folder import publish, reserve
    from engine.store.publish import write_run

    if results.alignment is None:
        results.alignment = getattr(stop, "alignment", None)
    if results.alignment is None:
        return
    results.seconds.setdefault("territories", 0.0)
    aside = place.with_name(place.name + ".interrupted")
    with reserve(aside) as temporary:
        write_run(temporary, scenario, results, results.stages[-1], complete=False)
        publish(temporary, aside)
