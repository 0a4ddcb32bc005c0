"""Replications in blocks over threads: the same integers for any number of workers and any size of a block."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from math import exp, log1p, sqrt

import numpy as np

from engine.errors import BadInput, Fault
from engine.inputs import FloatArray, IntArray
from engine.pipeline import counters
from engine.pipeline.kernel import simulate_block
from engine.pipeline.model import LINE, Model, Records
from engine.pipeline.spec import Market, PipelineSpec
from engine.progress import Progress
from engine.streams import Purpose, uniform

MOST_DEALS = 5_000_000_000
"""Deals in all replications beyond which a scenario is refused: about half an hour on one core."""
MOST_CELLS = 250_000_000
"""Cells of the cube (replication, rep, period, measure) beyond which it is refused: 2 GB."""
DEALS_PER_BLOCK = 100_000
"""Deals that are simulated in one piece, about."""
_DEALS_PER_SECOND = 3_000_000


@dataclass(frozen=True)
class Run:
    """Which replications are simulated, and how the work is cut."""

    seed: int
    first: int
    count: int
    workers: int = 1
    block: int | None = None
    """Replications of a block; unless given, as many as make 100,000 deals."""


def deals_expected(model: Model) -> float:
    """Deals of one replication, on average."""
    return float(model.arising.account["rate"].sum()) + len(model.opening.deal)


def refuse_absurd(model: Model, spec: PipelineSpec) -> None:
    """Refuse work that would not end in reasonable time or memory.

    Raises:
        BadInput: E_LIMIT_WORK, with an estimate and the number of replications that would do.

    """
    deals = max(deals_expected(model), 1.0)
    cells = len(model.selling.seats.slots) * (len(model.closing.edge) - 1) * len(model.closing.money)
    most = int(min(MOST_DEALS / deals, MOST_CELLS / cells))
    if spec.replications > most:
        total = deals * spec.replications
        message = (
            f"{spec.replications:,} replications of {deals:,.0f} deals are {total:,.0f} deals, about "
            f"{total / _DEALS_PER_SECOND / 60:,.0f} minutes on one core, and "
            f"{8 * cells * spec.replications / 2**20:,.0f} MB"
        )
        hint = (
            f"Ask for at most {most:,} replications." if most else "Simulate fewer leads, seats or measures."
        )
        raise BadInput([Fault("E_LIMIT_WORK", message, hint, field="pipeline.replications")])


def market_factors(market: Market | None, run: Run) -> FloatArray:
    """Return the factors on arrivals and on amounts of each replication, shape (replication, 2).

    Lognormal with mean 1 and standard deviation s: exp(sigma z - sigma^2 / 2), sigma^2 = ln(1 + s^2).
    """
    factors = np.ones((run.count, 2))
    if market is None or market.sd == 0:
        return factors
    from scipy.special import ndtri

    sigma = sqrt(log1p(float(market.sd) ** 2))
    column = 0 if market.applies_to == "arrivals" else 1
    for index in range(run.count):
        normal = float(ndtri(uniform(run.seed, run.first + index, int(Purpose.MARKET), np.uint64(0), 0)))
        factors[index, column] = exp(sigma * normal - sigma**2 / 2)
    return factors


def simulate_all(model: Model, spec: PipelineSpec, run: Run, progress: Progress) -> tuple[IntArray, IntArray]:
    """Return the cube, shape (replication, rep, period, measure), and the counters, shape (replication, counter)."""
    closing = model.closing
    shape = (run.count, len(model.selling.seats.slots), len(closing.edge) - 1, len(closing.money))
    cube = np.zeros(shape, dtype=np.int64)
    tallies = np.zeros((run.count, _counters(model)), dtype=np.int64)
    market, untraced = market_factors(spec.market, run), np.zeros(0, LINE)
    size = run.block or int(min(max(DEALS_PER_BLOCK / max(deals_expected(model), 1.0), 1), 1000))

    def simulate(begin: int) -> int:
        rows = slice(begin, min(begin + size, run.count))
        simulate_block(
            model, (run.seed, run.first + begin), market[rows], cube[rows], tallies[rows], untraced
        )
        return len(market[rows])

    done = 0
    pool = ThreadPoolExecutor(max(run.workers, 1))
    try:
        for block in as_completed([pool.submit(simulate, begin) for begin in range(0, run.count, size)]):
            done += block.result()
            progress.update(f"{done:,} of {run.count:,} replications", done / run.count)
    finally:
        pool.shutdown(cancel_futures=True)
    return cube, tallies


def deals_of(tallies: IntArray) -> IntArray:
    """Return how many deals each replication has, won or not, shape (replication,)."""
    arisen = [counters.LEADS, counters.OPEN_AT_START, counters.QUEUED_AT_START]
    return np.asarray(tallies[:, arisen].sum(axis=1), dtype=np.int64)


def trace(model: Model, spec: PipelineSpec, run: Run, deals: int) -> tuple[IntArray, Records]:
    """Simulate replications in one piece; return their counters and their deals.

    Args:
        model: the pipeline.
        spec: its market.
        run: seed and replications.
        deals: how many deals they have together at most (see `deals_of`).

    Returns:
        Counters, shape (replication, counter), and as many rows of deals, by replication and seat in the order of
        service; those beyond the deals that there are, by the counters, are blank.

    """
    closing = model.closing
    shape = (run.count, len(model.selling.seats.slots), len(closing.edge) - 1, len(closing.money))
    tallies = np.zeros((run.count, _counters(model)), np.int64)
    lines = np.zeros(deals, LINE)
    market = market_factors(spec.market, run)
    simulate_block(model, (run.seed, run.first), market, np.zeros(shape, np.int64), tallies, lines)
    return tallies, lines


def trace_one(model: Model, spec: PipelineSpec, seed: int, replication: int) -> tuple[IntArray, Records]:
    """Simulate one replication alone; return its counters and its deals, by seat in the order of service."""
    run = Run(seed, replication, 1)
    tallies, _ = trace(model, spec, run, 0)
    tallies, lines = trace(model, spec, run, int(deals_of(tallies)[0]))
    return np.asarray(tallies[0], dtype=np.int64), lines


def _counters(model: Model) -> int:
    return counters.GLOBAL + counters.FUNNEL * len(model.selling.stage)
