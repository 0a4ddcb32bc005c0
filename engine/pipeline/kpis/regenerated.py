"""Regenerated: the deals of some replications, simulated again with a log of what happens to them."""

from __future__ import annotations

from engine.pipeline.build import Built
from engine.pipeline.factors import futures
from engine.pipeline.kpis.histories import Histories, histories
from engine.pipeline.model import future_of
from engine.pipeline.replications import Run, deals_expected, trace

MOST = 50
"""Replications whose deals are simulated again, at most."""
MOST_DEALS = 100_000
"""Deals that are simulated again, about; one replication at least."""


def regenerated(built: Built, run: Run, replications: int) -> list[Histories]:
    """Return the deals of the first replications of a run: as many as there are, as MOST and as MOST_DEALS allow."""
    bearable = int(MOST_DEALS / max(deals_expected(built.model), 1.0))
    count = min(MOST, replications, max(bearable, 1))
    return [_one(built, run.seed, run.first + number) for number in range(count)]


def _one(built: Built, seed: int, number: int) -> Histories:
    found = trace(built, seed, number, 1, by_tick=False)
    return histories(
        built.model, future_of(futures(built.spreads, seed, number, 1), 0), found.lines, found.events
    )
