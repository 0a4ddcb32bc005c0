"""Pipeline: leads arise, move through stages and close, many times over.

Nothing heavy is imported before one of the functions is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from engine.inputs import Inputs
    from engine.measures import Measures
    from engine.pipeline.bookings import Bookings
    from engine.pipeline.event_log import Trace
    from engine.pipeline.spec import PipelineSpec
    from engine.progress import Progress
    from engine.territory.alignment import Alignment


def simulate(
    inputs: Inputs,
    alignment: Alignment,
    spec: PipelineSpec,
    measures: Measures,
    *,
    seed: int,
    workers: int = 1,
    progress: Progress | None = None,
    block: int | None = None,
    goal: tuple[str, int] | None = None,
) -> Bookings:
    """Simulate the pipeline: bookings of shape (replication, rep, period, measure), KPIs and tables.

    What the spec leaves to `estimate` is estimated first. Leads are keyed by account and open deals by their id,
    so the result depends on the seed alone: not on workers, not on `block` (replications of a unit of work), not
    on the order of rows, and a replication is the same alone as in a batch. `goal` is what a measure is to reach, in
    minor units; it makes an output `P(goal)`.

    Raises:
        BadInput: the spec does not fit the tables, or asks for absurd work (E_LIMIT_WORK).

    """
    from engine.pipeline import replications, simulation
    from engine.pipeline.outputs import Goal
    from engine.progress import Silent

    rule = spec.replications
    looks = () if isinstance(rule, int) else rule.looks
    run = replications.Run(seed, 0, spec.most_replications, workers, block, looks)
    aim = None if goal is None else Goal(*goal)
    return simulation.simulate(inputs, alignment, spec, measures, run, progress or Silent(), aim)


def estimate(inputs: Inputs, spec: PipelineSpec) -> tuple[PipelineSpec, tuple[str, ...]]:
    """Return the spec with what it leaves out estimated from the data, and what that rests on, in sentences.

    Raises:
        BadInput: there is too little data to estimate from.

    """
    from engine.pipeline import estimation

    return estimation.estimate(inputs, spec)


def check(
    inputs: Inputs, spec: PipelineSpec, measures: Measures, goal: tuple[str, int] | None = None
) -> tuple[str, ...]:
    """Build the pipeline without simulating it, and return what is odd about it, in sentences; `goal` as above.

    Raises:
        BadInput: every fault of the spec against the tables.

    """
    from engine.pipeline import checking
    from engine.pipeline.outputs import Goal

    return checking.check(inputs, spec, measures, None if goal is None else Goal(*goal))


def offered(spec: PipelineSpec) -> frozenset[str]:
    """Return the products that deals can be about by what the spec itself says: its mixes, and what is taken along."""
    mixes = (spec.mix, *spec.mix_by_segment.values())
    asked = {name for mix in mixes for name, weight in mix.items() if weight > 0}
    return frozenset(asked | {one.product for one in spec.attached})


def deals(
    inputs: Inputs, alignment: Alignment, spec: PipelineSpec, *, seed: int, replication: int
) -> pd.DataFrame:
    """Simulate one replication alone and return its deals, a row each.

    Columns: rep and account (None where there is none), product, arrival, start, end (days from the start of the plan,
    NaN where it has not happened), outcome (won, lost, open, waiting, dropped), amount (minor units, -1 unless known or
    won).
    """
    from engine.pipeline import simulation

    return simulation.deals(inputs, alignment, spec, seed=seed, replication=replication)


def trace(
    inputs: Inputs,
    alignment: Alignment,
    spec: PipelineSpec,
    measures: Measures,
    *,
    seed: int,
    replication: int,
) -> Trace:
    """Simulate one replication alone, by the reference engine: its event log, its deals and its bookings.

    The columns are described in the tables that are returned (`Trace.events`, `deals`, `bookings`).

    Raises:
        BadInput: the spec does not fit the tables.

    """
    from engine.pipeline import replications, simulation

    return simulation.trace_replication(
        inputs, alignment, spec, measures, replications.Run(seed, replication, 1)
    )
