"""How equally hard quotas are on futures that nobody looked at: equal difficulty against proportional potential.

The annual plan of `scenarios/` as it stands, with its bounds, steps and over-assignment; only the method differs. Both
sets of quotas are held to the same fresh replications, with parameters drawn anew in each (engine.pipeline.fresh).

    spread      standard deviation over seats of P(credit >= quota), free of what counting so many replications adds:
                its square less the mean of p (1 - p) / (R - 1)
    interval    95 %, by drawing replications again with replacement; there p (1 - p) / R is taken off twice, once for
                the replications and once for the draws
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.subject import Row, Run
from engine import data, pipeline, quota, territory
from engine.calendar import calendar
from engine.progress import Silent
from engine.quota.spec import QuotaSpec
from engine.runs import cores
from engine.scenario import Scenario
from solvers.quotas.instance import BoolArray, FloatArray

SCENARIO = Path(__file__).parents[1] / "scenarios" / "annual_plan.yaml"
OURS, PEER = "equal_difficulty", "potential"
DRAWS = 1_000


def hits(replications: int) -> dict[str, BoolArray]:
    """Return by method which seats reach their quotas in fresh replications, shape (replication, rep)."""
    scenario = Scenario.load(SCENARIO)
    source, seed = scenario.source, scenario.seed
    inputs = data.read(
        scenario.data,
        calendar(scenario.calendar, scenario.as_of),
        scenario.currency,
        source.base,
        source.roots,
    )
    alignment = territory.design(inputs, scenario.territories, seed=seed, progress=Silent())
    booked = pipeline.simulate(
        inputs,
        alignment,
        scenario.pipeline,
        scenario.measures,
        seed=seed,
        workers=cores(),
        goal=quota.goal(inputs, scenario.quotas),
    )
    assert booked.fresh is not None
    measure = booked.measures.index(scenario.quotas.measure)
    fresh = booked.fresh(replications)[..., measure].sum(axis=2)
    given = {name: getattr(scenario.quotas, name) for name in QuotaSpec.model_fields}
    found = {}
    for kind in (OURS, PEER):
        spec = QuotaSpec(**(given | {"methods": [{"kind": kind}], "fresh": 0}))
        quotas = quota.allocate(inputs, alignment, booked, spec, progress=Silent())
        found[kind] = fresh >= quotas.cells.sum(axis=(1, 2))
    return found


def spread(share: FloatArray, replications: int, times: int = 1) -> FloatArray:
    """Return the spread of shares over the last axis, free of what counting replications adds so many times."""
    noise = times * (share * (1 - share)).mean(axis=-1) / (replications - 1)
    return np.asarray(np.sqrt(np.maximum(share.var(axis=-1, ddof=1) - noise, 0.0)))


def drawn(reached: BoolArray, seed: int) -> FloatArray:
    """Return the spread with replications drawn again, shape (draw,)."""
    count = len(reached)
    stream = np.random.Generator(np.random.Philox(seed))
    weights = stream.multinomial(count, np.full(count, 1 / count), DRAWS)
    return spread(weights @ reached.astype(np.float64) / count, count, times=2)


def compared(run: Run, replications: int) -> Iterator[Row]:
    """Measure both; ours is right where its spread is the smaller one in 97.5 % of the draws."""
    found = hits(replications)
    points = {kind: float(spread(one.mean(axis=0), replications)) for kind, one in found.items()}
    draws = {kind: drawn(one, run.seed) for kind, one in found.items()}
    difference = draws[PEER] - draws[OURS]
    ok = bool(np.quantile(difference, 0.025) > 0)
    yield run.row("spread of P, points", 100 * points[OURS], ok=ok, peer=(PEER, 100 * points[PEER]))
    for name, level in (("low", 0.025), ("high", 0.975)):
        ends = {kind: 100 * float(np.quantile(one, level)) for kind, one in draws.items()}
        yield run.row(f"spread, 95 % {name}", ends[OURS], ok=ok, peer=(PEER, ends[PEER]))
    for name, level in (("low", 0.025), ("high", 0.975)):
        yield run.row(f"less than potential, {name}", 100 * float(np.quantile(difference, level)), ok=ok)
    ranges = {kind: 100 * float(np.ptp(one.mean(axis=0))) for kind, one in found.items()}
    yield run.row("range of P, points", ranges[OURS], ok=ok, peer=(PEER, ranges[PEER]))
