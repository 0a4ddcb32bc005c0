"""Settling simulated credits, against a plain pandas loop over the same credits, and against drawing them."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import numpy as np
import pandas as pd

from benchmarks.subject import Row, Run, Subject, measured
from engine import comp
from engine.calendar import CalendarSpec, calendar
from engine.comp.spec import CompSpec
from engine.inputs import Accounts, Inputs, IntArray, Opportunities, Products, Reps, Spells
from engine.pipeline.bookings import Bookings
from engine.quota.quotas import Quotas

SALARY, TARGET, QUOTA = 8_000_000, 6_000_000, 120_000_000
TIERS = ((0.0, 1.0), (1.0, 1.5), (1.5, 1.0))
WORKERS = 2


def plan() -> CompSpec:
    """Salary, a commission on year-to-date attainment and a quarterly bonus on a curve."""
    commission = {
        "kind": "commission", "tiers_on": "attainment", "rates": "individual", "mode": "marginal", "closed": "left",
        "accumulate": "year_to_date", "quota": "interval", "weight": "60%",
        "tiers": [{"start": start, "rate": rate} for start, rate in TIERS],
    }  # fmt: skip
    bonus = {
        "kind": "bonus", "accumulate": "quarter", "quota": "to_date", "closed": "left", "weight": "40%",
        "threshold": {"attainment": "70%", "entry": "from_minimum", "minimum": "50%"}, "accelerator": 0,
        "nodes": [{"attainment": "100%", "pay": "100%"}, {"attainment": "150%", "pay": "200%"}],
    }  # fmt: skip
    parts = [{"kind": "salary"}, commission, bonus]
    rules = {"rounding": "half_even", "proration": "days_of_period"}
    return CompSpec.model_validate({"plans": {"AE": {"pay": "monthly", "components": parts}}, **rules})


@dataclass(frozen=True)
class World:
    """One person a seat, all year."""

    inputs: Inputs
    bookings: Bookings
    quotas: Quotas
    drawing: float
    """Seconds numpy took to draw the credits."""


def world(replications: int, reps: int, seed: int) -> World:
    """Draw lognormal credits, in cents, around a twelfth of the quota."""
    start = perf_counter()
    credits = np.random.default_rng(seed).lognormal(0, 0.5, (replications, reps, 12)) * (QUOTA / 12)
    drawing = perf_counter() - start
    cube = np.rint(credits).astype(np.int64)[..., None]
    ids = tuple(f"R{j:05d}" for j in range(reps))
    none, dates = np.empty(0, dtype=np.int64), np.empty(0, dtype="datetime64[D]")
    deals = Opportunities((), none, none, none, (), none.astype(np.int8), dates, dates, dates, none)
    inputs = Inputs(
        calendar(CalendarSpec(year=2027)), "USD",
        Accounts((), (), (), none.astype(float), none.astype(float), none, none, none),
        Reps(ids, ids, {}, np.zeros(reps), np.zeros(reps), (frozenset(),) * reps,
              np.full(reps, -1), np.zeros(reps, int)),
        Spells(
            ids, ids, np.arange(reps), np.full(reps, np.datetime64("2026-01-01")),
            np.full(reps, np.datetime64("NaT", "D")),
            ("AE",) * reps, np.full(reps, SALARY), np.full(reps, TARGET),
        ),
        Products((), (), none), deals, deals,
    )  # fmt: skip
    cells = np.full((reps, 1, 12), QUOTA // 12)
    return World(
        inputs,
        Bookings(("bookings",), cube, np.zeros((replications, 0), int), (), ()),
        Quotas("bookings", cells, (), ()),
        drawing,
    )


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
    given = world(replications, reps, run.seed)
    ours = measured(lambda: comp.settle(given.inputs, given.bookings, given.quotas, plan(), workers=WORKERS))
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
        run.row(metric, per_cell, peer=(name, each * 1e9), ok=ok, cost=ours) for name, each in peers.items()
    ]


SUBJECT = Subject(
    "comp",
    {
        "small": lambda run: compare(run, 20, 10, 20),
        "medium": lambda run: compare(run, 1_000, 40, 200),
        "large": lambda run: compare(run, 1_000, 1_000, 10),
    },
    default=("medium",),
)
