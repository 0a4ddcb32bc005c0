"""Regenerated: the deals of some replications, simulated again with a log of what happens to them."""

from __future__ import annotations

import numpy as np

from engine.pipeline.build import Built
from engine.pipeline.events.block import simulate_block
from engine.pipeline.factors import futures
from engine.pipeline.kpis.histories import Histories, histories
from engine.pipeline.model import EVENT, LINE, future_of
from engine.pipeline.replications import Run, deals_expected, shapes

MOST = 100
"""Replications whose deals are simulated again, at most."""
MOST_DEALS = 200_000
"""Deals that are simulated again, about; one replication at least."""


def regenerated(built: Built, run: Run, replications: int) -> list[Histories]:
    """Return the deals of the first replications of a run: as many as there are, as MOST and as MOST_DEALS allow."""
    bearable = int(MOST_DEALS / max(deals_expected(built.model), 1.0))
    count = min(MOST, replications, max(bearable, 1))
    return [_one(built, run.seed, run.first + number) for number in range(count)]


def _one(built: Built, seed: int, number: int) -> Histories:
    drawn = futures(built.spreads, seed, number, 1)
    lines, log = np.zeros(0, LINE), np.zeros(0, EVENT)
    for _ in range(2):
        cube, tallies = (np.zeros((1, *shape), np.int64) for shape in shapes(built.model))
        dealt, logged, _ = simulate_block(built.model, drawn, cube, tallies, lines, log)[0].tolist()
        if dealt <= len(lines) and logged <= len(log):
            break
        lines, log = np.zeros(dealt, LINE), np.zeros(logged, EVENT)
    return histories(built.model, future_of(drawn, 0), lines, log)
