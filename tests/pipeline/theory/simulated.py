"""From the words of a `pipeline:` block to what happened in every replication."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.inputs import FloatArray, Inputs, IntArray
from engine.measures import Measure, Measures
from engine.pipeline.build import Built, build
from engine.pipeline.factors import futures
from engine.pipeline.model import EVENT, LINE, Model, Records
from engine.pipeline.reference import World, simulate_one
from engine.pipeline.spec import PipelineSpec
from engine.reading.nodes import parse

SEED = [2027]
"""The seed of all theory, in a list so that a run with another one can say so."""
MEASURES: Measures = {"bookings": Measure(), "deals": Measure(quantity="count")}


def spec_of(text: str) -> PipelineSpec:
    """Return the spec that a scenario with this text as its `pipeline:` has."""
    return PipelineSpec.model_validate(parse(text, "pipeline.yaml").plain())


class Simulated(NamedTuple):
    """Replications one after the other."""

    built: Built
    count: int
    """Replications."""
    line: Records
    """Deals, as LINE."""
    line_of: IntArray
    """Replication of each deal."""
    event: Records
    """What happened to them, as EVENT, in the order of ticks."""
    event_of: IntArray
    cube: IntArray
    """Bookings, shape (replication, rep, period, measure)."""

    def total(
        self, chosen: np.ndarray, weight: np.ndarray | None = None, of: IntArray | None = None
    ) -> FloatArray:
        """Return for each replication how many deals are chosen, or the sum of their weights."""
        where = self.line_of if of is None else of
        weights = None if weight is None else np.asarray(weight, dtype=np.float64)[chosen]
        return np.bincount(where[chosen], weights, self.count).astype(np.float64)


def simulated(
    text: str, inputs: Inputs, replications: int, measures: Measures = MEASURES, first: int = 0
) -> Simulated:
    """Simulate a pipeline block over some tables, every account with its owner."""
    return run(build(inputs, inputs.accounts.owner, spec_of(text), measures), SEED[0], replications, first)


def run(built: Built, seed: int, replications: int, first: int = 0) -> Simulated:
    """Simulate a model."""
    import os

    replications = max(
        min(replications, int(os.environ.get("LEAST", "30"))),
        int(replications * float(os.environ.get("EFFORT", "0.05"))),
    )
    worlds = [
        simulate_one(built.model, future) for future in futures(built.spreads, seed, first, replications)
    ]
    lines, events = [lines_of(world) for world in worlds], [events_of(world) for world in worlds]
    cube = np.array([cube_of(built.model, world) for world in worlds])
    return Simulated(
        built,
        replications,
        np.concatenate(lines),
        _which(lines),
        np.concatenate(events),
        _which(events),
        cube,
    )


def _which(parts: Sequence[Records]) -> IntArray:
    return np.repeat(np.arange(len(parts)), [len(part) for part in parts])


def lines_of(world: World) -> Records:
    """Deals of the reference, by key."""
    rows = [
        (
            deal.seat, int(deal.key), deal.account, deal.segment, deal.source, deal.product, deal.amount, deal.row,
            deal.rank, deal.arrival, deal.start, deal.end, deal.outcome,
        )
        for deal in world.deals
    ]  # fmt: skip
    return np.sort(np.array(rows, dtype=LINE), order="key")


def events_of(world: World) -> Records:
    """What happened in the reference, by tick, deal and what."""
    return np.sort(np.array(world.events, dtype=EVENT), order=["tick", "key", "what", "stage"])


def cube_of(model: Model, world: World) -> IntArray:
    """Bookings of the reference, shape (rep, period, measure)."""
    closing = model.closing
    shape = (len(model.selling.seats.slots), len(closing.edge) - 1, len(closing.money))
    cube = np.zeros(shape, dtype=np.int64)
    deals: set[tuple[int, int]] = set()
    for one in world.bookings:
        period = int(np.searchsorted(closing.edge, one.tick, side="right")) - 1
        for measure in range(len(closing.money)):
            if closing.counts[measure, one.kind, one.segment, one.product]:
                if closing.money[measure]:
                    cube[one.seat, period, measure] += one.amount
                elif one.kind > 0 or (measure, one.key) not in deals:
                    deals.add((measure, one.key))
                    cube[one.seat, period, measure] += 1
    return cube
