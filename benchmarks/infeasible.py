"""Territories that no alignment can keep: how long it takes to say which rules conflict, and by how much they give.

Seats lie in the plane, accounts around them; nine of ten accounts belong to the nearest seat today. The answer is
right when every rule named in the conflict was planted there, when leaving any one of them out ends the proof, when
the alignment shown breaks exactly what is said, and when that is no less than the bound. `ours` is the processor time
of all processes in seconds.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from benchmarks.subject import Row, Run, Subject, measured
from engine.errors import Infeasible
from engine.inputs import Inputs
from engine.progress import Silent
from engine.territory.conflict.infeasible import second_route
from engine.territory.conflict.wishes import wishes
from engine.territory.problem import Problem, gather
from engine.territory.solving.relaxation import first_columns
from engine.territory.solving.search import Search
from engine.territory.spec import TerritorySpec
from solvers.conflict import ElasticProgram, minimal, nearest
from tests.worlds import world

EVEN = [
    {"kind": "band", "name": "even_potential", "within": "10%"},
    {"kind": "band", "name": "even_workload", "measure": "workload", "within": "10%"},
]


@dataclass(frozen=True)
class Plant:
    """A contradiction: its rules, and the names among which the conflict must be found."""

    rules: tuple[dict[str, Any], ...]
    guilty: frozenset[str]
    change: Callable[[Inputs], Inputs] = lambda inputs: inputs


def plane(accounts: int, seats: int, seed: int) -> Inputs:
    """Return accounts around their seats, with skewed potential and workload."""
    inputs = world(accounts, seats, seed=seed)
    rng = np.random.default_rng([seed, accounts])
    home = np.stack((rng.uniform(35, 45, seats), rng.uniform(-110, -80, seats)), axis=1)
    centre = rng.integers(0, seats, accounts)
    spot = home[centre] + rng.normal(0, 1, (accounts, 2)) * (1.5, 2.0)
    owner = np.hypot(*(spot[:, None, :] - home[None, :, :]).transpose(2, 0, 1)).argmin(axis=1)
    strayed = rng.random(accounts) < 0.1
    owner[strayed] = rng.integers(0, seats, int(strayed.sum()))
    potential = np.minimum((rng.lognormal(0, 1.2, accounts) * 5e4).astype(np.int64), 1_000_000) * 100
    workload = np.minimum((rng.lognormal(0, 0.8, accounts) * 300).astype(np.int64) + 1, 4_000)
    who = replace(
        inputs.accounts, latitude=spot[:, 0], longitude=spot[:, 1], owner=owner.astype(np.int64),
        potential=potential, workload=workload,
    )  # fmt: skip
    return replace(inputs, accounts=who, reps=replace(inputs.reps, latitude=home[:, 0], longitude=home[:, 1]))


def starved(inputs: Inputs) -> Inputs:
    """Every eighth seat serves a segment that one account in forty is of."""
    serves = tuple(frozenset({"ENT"}) if j % 8 == 0 else frozenset[str]() for j in range(len(inputs.reps)))
    segment = tuple("ENT" if i % 40 == 0 else "SMB" for i in range(len(inputs.accounts)))
    accounts = replace(inputs.accounts, segment=segment)
    return replace(inputs, accounts=accounts, reps=replace(inputs.reps, serves=serves))


def plants(accounts: int) -> dict[str, Plant]:
    """Return the contradictions."""
    few = {"kind": "max_moves", "name": "calm", "limit": accounts // 100}
    value = {"kind": "max_moves", "name": "calm", "measure": "potential", "share": "2%"}
    narrow = ({**EVEN[0], "within": "3%"}, {**EVEN[1], "within": "3%"})
    fit = {"kind": "eligible", "name": "fit"}
    heavy = {"kind": "band", "name": "hours", "measure": "workload", "upper": 10_000}
    bands = {"even_potential", "even_workload"}
    return {
        "bands, few moves": Plant((*EVEN, few), frozenset({*bands, "calm"})),
        "narrow, value moved": Plant((*narrow, value), frozenset({*bands, "calm"})),
        "starved seats": Plant((*EVEN, fit, heavy), frozenset({*bands, "fit"}), starved),
    }


def explain(run: Run, accounts: int, seats: int) -> list[Row]:
    """Explain each contradiction once."""
    rows = []
    for name, plant in plants(accounts).items():
        inputs = plant.change(plane(accounts, seats, run.seed))
        spec = TerritorySpec.model_validate(
            {"constraints": list(plant.rules), "objectives": [{"kind": "travel"}]}
        )
        problem = gather(inputs, spec)
        before = processor()
        cost = measured(lambda problem=problem: refused(problem, run.seed))
        seconds = processor() - before
        gap, ok = judged(problem, plant, run.seed)
        found = cost.value
        ok = ok and any(title in found for title in plant.guilty)
        rows.append(run.row(f"cpu s: {name}", seconds, gap=gap, cost=cost, ok=ok))
    return rows


def refused(problem: Problem, seed: int) -> str:
    """Return the first sentence of the refusal; empty when there was none."""
    search = Search("highs", 0.01, 10_000, float("inf"), seed, Silent())
    try:
        second_route(problem, search)
    except Infeasible as stop:
        return stop.faults[0].message
    return ""


def judged(problem: Problem, plant: Plant, seed: int) -> tuple[float, bool]:
    """Return the gap between the smallest relaxation found and its bound, and whether the conflict is one."""
    asked = wishes(problem)
    first = np.flatnonzero(first_columns(problem, np.argmax(problem.eligible, axis=1)).ravel())
    program = ElasticProgram(asked.rules, first)
    relaxed = program.solve(asked.firm)
    plan = nearest(asked.rules, relaxed, asked.firm, seed=seed)
    conflict = minimal(program)
    if conflict is None:
        return float("inf"), False
    named = {asked.named[k].title for k in conflict.rules}
    alone = [k for k in conflict.rules if proves(program, asked.rules.size, set(conflict.rules) - {k})]
    real = proves(program, asked.rules.size, set(conflict.rules)) and not alone
    gap = (plan.violation - plan.bound) / plan.violation
    return gap, real and named <= plant.guilty and plan.violation >= plan.bound - 1e-9


def proves(program: ElasticProgram, size: np.ndarray, kept: set[int]) -> bool:
    """Whether multipliers prove that some rules alone conflict."""
    return program.solve(np.isin(np.arange(len(size)), sorted(kept)).astype(np.float64)).proves


def processor() -> float:
    """Return the processor time of this process and of its children that ended, in seconds."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


SUBJECT = Subject(
    "infeasible",
    {"small": lambda run: explain(run, 200, 8), "large": lambda run: explain(run, 2_000, 40)},
    default=("large",),
)
