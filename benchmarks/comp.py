"""Settling simulated credits, against a plain pandas loop over the same credits, and against drawing them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from statistics import median
from time import perf_counter

import numpy as np
import pandas as pd
import yaml

from benchmarks.comp_plans import drawn
from benchmarks.comp_world import QUOTA, TARGET, World, draw, world
from benchmarks.subject import Row, Run, Subject, measured
from engine import comp
from engine.blocks import subclasses
from engine.comp import components
from engine.comp.audit import violations
from engine.comp.component import Component
from engine.comp.given import Given
from engine.comp.ledger import Ledger
from engine.comp.payouts import Payouts
from engine.comp.settlement import settled
from engine.comp.spec import CompSpec
from engine.inputs import FloatArray, IntArray
from engine.progress import Silent

TIERS = ((0.0, 1.0), (1.0, 1.5), (1.5, 1.0))
WORKERS = 2
REGIONS = 10
ROUNDS = 3
PLANS = 50
RULES = "rounding: half_even\nproration: days_of_period\n"
SMALL = (
    RULES
    + """
plans:
  AE:
    pay: monthly
    components:
      - kind: salary
      - kind: commission
        tiers_on: attainment
        rates: individual
        mode: marginal
        closed: left
        accumulate: year_to_date
        quota: interval
        weight: 60%
        tiers: [{start: 0, rate: 1}, {start: 100%, rate: 1.5}, {start: 150%, rate: 1}]
      - kind: bonus
        accumulate: quarter
        quota: to_date
        closed: left
        weight: 40%
        threshold: {attainment: 70%, entry: from_minimum, minimum: 50%}
        nodes: [{attainment: 100%, pay: 100%}, {attainment: 150%, pay: 200%}]
        accelerator: 0
"""
)
"""Salary, a commission on year-to-date attainment and a quarterly bonus on a curve."""
LARGE = (
    RULES
    + """
plans:
  AE: &plan
    pay: monthly
    components:
      - kind: commission
        tiers_on: attainment
        rates: individual
        mode: marginal
        closed: left
        accumulate: year_to_date
        quota: interval
        weight: 50%
        tiers: [{start: 0, rate: 1}, {start: 100%, rate: 1.5}, {start: 150%, rate: 1}]
      - kind: bonus
        name: annual curve
        pay: annually
        accumulate: year_to_date
        quota: interval
        closed: left
        weight: 30%
        threshold: {attainment: 50%, entry: from_zero}
        nodes: [{attainment: 100%, pay: 100%}]
        accelerator: 2
        cap: {of_target: 200%, per: year}
      - kind: bonus
        name: quarterly gate
        pay: quarterly
        accumulate: quarter
        quota: interval
        closed: left
        weight: 20%
        nodes: [{attainment: 0, pay: 0}, {attainment: 100%, pay: 100%}]
        accelerator: 0
        gates:
          - measure: bookings
            at_least: 80%
            accumulate: quarter
            quota: interval
            closed: left
            otherwise: nothing
  AM: *plan
"""
)
"""A year-to-date marginal tier table, an annual curve with threshold, accelerator and cap, and a quarterly gate; twice,
so that cost has two plans."""


def read(text: str) -> CompSpec:
    """Read plans as a scenario does."""
    return CompSpec.model_validate(yaml.load(text, yaml.BaseLoader))  # noqa: S506


def loop(cube: IntArray) -> IntArray:
    """Pay the same plan row by row; variable pay in cents by replication."""
    index = pd.MultiIndex.from_product([range(n) for n in cube.shape], names=["replication", "rep", "period"])
    rows = pd.DataFrame({"credit": cube.ravel()}, index=index).reset_index()
    paid = np.zeros(len(cube), dtype=np.int64)
    year = quarter = commission_so_far = bonus_so_far = 0
    for row in rows.itertuples():
        if row.period == 0:
            year = commission_so_far = 0
        if row.period % 3 == 0:
            quarter = bonus_so_far = 0
        year, quarter = year + row.credit, quarter + row.credit
        commission = round(0.6 * TARGET * tiered(year / QUOTA))
        months = row.period % 3 + 1
        bonus = round(0.4 * TARGET / 12 * months * curved(quarter / (QUOTA / 12 * months)))
        paid[row.replication] += commission - commission_so_far + bonus - bonus_so_far
        commission_so_far, bonus_so_far = commission, bonus
    return paid


def tiered(attainment: float) -> float:
    """Return the multiple of target incentive that marginal tiers pay."""
    total = 0.0
    for i, (start, rate) in enumerate(TIERS):
        end = TIERS[i + 1][0] if i + 1 < len(TIERS) else float("inf")
        total += rate * max(min(attainment, end) - start, 0.0)
    return total


def curved(attainment: float) -> float:
    """Return the share of target incentive that the curve pays."""
    if attainment < 0.7:
        return 0.0
    if attainment < 1:
        return 0.5 + (attainment - 0.7) / 0.3 * 0.5
    return min(1 + 2 * (attainment - 1), 2.0)


def compare(run: Run, replications: int, reps: int, looped: int) -> list[Row]:
    """Settle all replications; loop over the first `looped` of them."""
    given, plan = world(replications, reps, run.seed), read(SMALL)
    few = world(2, reps, run.seed)
    # Imports and compilation are no part of it, here as in the other cases; the second time tells what any world costs,
    # checks of plans and tables above all.
    comp.settle(few.inputs, few.bookings, few.quotas, plan, workers=WORKERS)
    fixed = measured(lambda: comp.settle(few.inputs, few.bookings, few.quotas, plan, workers=WORKERS))
    ours = measured(lambda: comp.settle(given.inputs, given.bookings, given.quotas, plan, workers=WORKERS))
    start = perf_counter()
    plain = loop(given.bookings.measure("bookings")[:looped])
    seconds = perf_counter() - start
    paid = ours.value.variable.sum(axis=(1, 2))[:looped]
    # The loop rounds floats, so a tie may fall the other way: a cent for each person, component and interval.
    ok = bool((np.abs(paid - plain) <= reps * 5).all()) and bool(
        (ours.value.cost >= ours.value.variable).all()
    )
    cells, peer_cells = replications * reps * 12, looped * reps * 12
    per_cell = ours.seconds / cells * 1e9
    peers = {"pandas loop": seconds / peer_cells, "numpy draws of the credits": given.drawing / cells}
    metric = "ns per (replication, rep, period)"
    return [
        *(
            run.row(metric, per_cell, peer=(name, each * 1e9), ok=ok, cost=ours)
            for name, each in peers.items()
        ),
        run.row(
            f"seconds for 2 replications, {fixed.seconds / ours.seconds:.0%} of ours", fixed.seconds, ok=ok
        ),
    ]


def distributions(given: World, plans: CompSpec) -> tuple[Ledger, list[FloatArray]]:
    """Settle on one core; return sums, and cost in rising order: every quantile by period and year, plan and region."""
    known = Given.of(given.inputs, given.bookings, given.quotas, plans)
    ledger = settled(known, 1, Silent(), people=False)
    ordered = []
    for cost in (ledger.variable + ledger.salary, ledger.sums.pay):
        ordered += [np.sort(cost, axis=0), np.sort(cost.sum(axis=1), axis=0)]
    return ledger, ordered


def against_draws(run: Run, replications: int, reps: int) -> Iterator[Row]:
    """Settle three components on one core, next to drawing the credits; turn about, the median of each."""
    given, plans = world(replications, reps, run.seed, ("AE", "AM"), REGIONS), read(LARGE)
    few = world(1, reps, run.seed, ("AE", "AM"), REGIONS)
    distributions(few, plans)
    drawn, ours, read_once = [given.drawing], [], []
    for k in range(ROUNDS):
        ours.append(measured(lambda: distributions(given, plans)))
        drawn.append(draw(given.bookings.cube.shape, run.seed + k + 1))
        begin = perf_counter()
        given.bookings.cube.sum()
        read_once.append(perf_counter() - begin)
    ok = right(given, plans, ours[-1].value[0])
    middle = sorted(ours, key=lambda each: each.seconds)[ROUNDS // 2]
    metric, each = "ns per credit, 3 components", 1e9 / given.bookings.cube.size
    for name, seconds in (
        ("numpy draws of the credits", median(drawn)),
        ("numpy sum of the credits", median(read_once)),
    ):
        yield run.row(metric, middle.seconds * each, peer=(name, seconds * each), ok=ok, cost=middle)


def right(given: World, plans: CompSpec, ledger: Ledger) -> bool:
    """Say whether some replications, paid again in fractions, cost the same."""
    payouts = Payouts(
        cost=ledger.variable + ledger.salary,
        variable=ledger.variable,
        plans=tuple(plans.plans),
        attainment=np.empty((0, 0), dtype=np.float32),
        tables=(),
    )
    regions = ledger.sums.pay
    same = regions.shape[2] == 0 or bool((regions.sum(axis=2) == payouts.cost.sum(axis=2)).all())
    return same and not violations(given.inputs, given.bookings, given.quotas, plans, payouts)


def kinds() -> set[str]:
    """Return every kind of component."""
    return {kind.model_fields["kind"].default for kind in subclasses(components, Component)}


def plans_drawn(seed: int) -> list[CompSpec]:
    """Draw plans as text and read them."""
    return [read(drawn(seed * PLANS + k)) for k in range(PLANS)]


def drawn_plans(run: Run, replications: int, reps: int) -> Iterator[Row]:
    """Settle drawn plans of all kinds of components; yield the median and the slowest."""
    measures = ("bookings", "margin")
    given = world(replications, reps, run.seed, measures=measures)
    few = world(3, 5, run.seed, measures=measures)
    plans = plans_drawn(run.seed)
    ok = {part.kind for plan in plans for part in plan.plans["AE"].components} == kinds()
    took = []
    for plan in plans:
        ok = ok and right(few, plan, distributions(few, plan)[0])
        payouts = given.bookings.cube[..., 0].size * len(plan.plans["AE"].components)
        cost = measured(partial(distributions, given, plan))
        took.append(cost.seconds / payouts * 1e9)
    for what, value in (("median", median(took)), ("slowest", max(took))):
        yield run.row(f"ns per component payout, {what}", value, ok=ok)


SUBJECT = Subject(
    "comp",
    {
        "small": lambda run: compare(run, 1_000, 10, 20),
        "medium": lambda run: compare(run, 1_000, 40, 200),
        "large": lambda run: compare(run, 1_000, 1_000, 10),
        "1000x1000x12x3": lambda run: against_draws(run, 1_000, 1_000),
        "plans": lambda run: drawn_plans(run, 500, 200),
        "10000x1000x12x3": lambda run: against_draws(run, 10_000, 1_000),
    },
    default=("medium",),
)
