"""The quota stage of the engine on a drawn company (`quotas_company`): tables and tests are timed, reading is not.

Territories are as they are held; bookings are drawn here (gamma around the potential), as the stage only looks at them
for its tests. Right is an answer that keeps the sums, locks and bounds, counted anew, with every solve within its gap.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.quotas_company import PRODUCTS, write
from benchmarks.quotas_law import REACH
from benchmarks.subject import Row, Run, measured
from engine import data, quota
from engine.calendar import calendar
from engine.inputs import Inputs
from engine.pipeline.bookings import Bookings
from engine.progress import Silent
from engine.quota.quotas import Quotas
from engine.quota.spec import QuotaSpec
from engine.scenario import Scenario
from engine.territory.alignment import Alignment
from solvers.solution import Status

REPLICATIONS = 200
SHAPE = 4.0
"""Of the gamma law that a seat's bookings of a month follow."""
CENTS = 100


def alone(run: Run, reps: int) -> Iterator[Row]:
    """Share out the goal of a company of so many seats."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = Scenario.load(write(Path(folder), reps, run.seed))
        source, plan = scenario.source, calendar(scenario.calendar, scenario.as_of)
        inputs = data.read(scenario.data, plan, scenario.currency, source.base, source.roots)
    alignment = Alignment(inputs.accounts.owner, (), ())
    booked = bookings(inputs, run.seed)
    cost = measured(lambda: quota.allocate(inputs, alignment, booked, scenario.quotas, progress=Silent()))
    found = cost.value
    wrong = faults(inputs, scenario.quotas, found)
    yield run.row("faults", float(len(wrong)), ok=not wrong)
    for solve in found.solves:
        yield run.row(
            solve.name, solve.objective, ok=solve.status is Status.OPTIMAL and not wrong, gap=solve.gap
        )
    yield run.row("seconds", cost.seconds, ok=not wrong, cost=cost)


def bookings(inputs: Inputs, seed: int) -> Bookings:
    """Return drawn bookings; each account belongs to a seat of its own."""
    stream = np.random.Generator(np.random.Philox([seed, len(inputs.reps), 2]))
    periods = inputs.calendar.periods
    mean = np.zeros(len(inputs.reps))
    mean[inputs.accounts.owner] = inputs.accounts.potential / periods
    drawn = stream.gamma(SHAPE, 1 / SHAPE, (REPLICATIONS, len(mean), periods, 1))
    cube = np.rint(mean[:, None, None] * drawn).astype(np.int64)
    return Bookings(("bookings",), cube, np.zeros((REPLICATIONS, 0), dtype=np.int64), (), ())


def faults(inputs: Inputs, spec: QuotaSpec, found: Quotas) -> list[str]:
    """Return what does not hold, counted from the cells and the scenario alone."""
    cells, year = found.cells, found.cells.sum(axis=(1, 2))
    said = ["a cell is negative"] if (cells < 0).any() else []
    for k, product in enumerate(PRODUCTS):
        given = [int(CENTS * amount) for amount in spec.goal[product].values()]
        said += [f"{product} does not tie out"] if cells[:, k].sum(axis=0).tolist() != given else []
    names = np.array(inputs.reps.levels["district"])
    for name, own in spec.bounds.nodes.items():
        said += [f"{name} does not tie out"] if year[names == name].sum() != CENTS * own.min else []
    place = {name: seat for seat, name in enumerate(inputs.reps.id)}
    for name, lock in spec.locks.items():
        said += [f"{name} is not its lock"] if year[place[name]] != CENTS * lock else []
    told = next(table.frame for table in found.tables if table.name == "quota_reps")
    free = ~told["rep"].isin(list(spec.locks))
    said += [f"{count} seats are out of range" for count in [_outside(told[free])] if count]
    return said


def _outside(told: pd.DataFrame) -> int:
    """Return how many quotas are further from the target than the bounds allow, to the cent the target is told to."""
    off = (told["quota"] - told["target"]).abs()
    return int((off > REACH * told["target"] + 1).sum())
