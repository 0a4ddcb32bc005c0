"""Capacitated p-median: our plan and bound beside the best published values, for every file of a folder.

Files: a first line "points medians" (then anything), one line "x y capacity demand" for each point; distances are
Euclidean, not rounded, not weighted (Lorena and Senne 2004; Stefanello, de Araujo and Mueller 2015). Best known values
come from CSV files of the folder whose first column is `instance`; they are shown beside the answer and are used for
nothing else. What proves a bound: `multipliers`, evaluated here, or `model`, a solver's branch and bound.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import partial
from math import inf, isfinite
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.entry import Entry
from benchmarks.folders import checked, folder, instances, table
from benchmarks.subject import Measured, Row, Run, Subject, measured
from solvers.location.check import violations
from solvers.location.instance import Location
from solvers.location.locate import Effort, Located, locate

FloatArray = NDArray[np.float64]
UNTRUSTED = ("min_published", "vasconcelos")
"""Columns of the shared table that hold unconfirmed values, or the least of them."""


def read(path: Path) -> Location:
    """Return the problem of a file.

    Raises ValueError where the file is not of the format.
    """
    table, medians = _table(path)
    x, y, capacity, demand = table.T
    cost = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])
    points = len(table)
    none = np.zeros(points, dtype=np.int64)
    return Location(
        cost,
        demand.astype(np.int64)[None, :],
        none[None, :],
        capacity.astype(np.int64)[None, :],
        np.zeros(points),
        np.zeros(points, dtype=np.bool_),
        medians,
    )


def _table(path: Path) -> tuple[FloatArray, int]:
    """Return x, y, capacity and demand of each point, shape (point, 4), and the number of medians."""
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    points, medians = int(lines[0][0]), int(lines[0][1])
    cells = lines[1 : 1 + points]
    short = next((k for k, line in enumerate(cells) if len(line) < 4), len(cells))
    if short < points:
        raise ValueError(
            f"{path.name}: {points} lines of x, y, capacity, demand are needed; line {short + 1} of them is not one"
        )
    table = np.array([line[:4] for line in cells], dtype=np.float64)
    if not np.isfinite(table).all() or (table[:, 2:] != np.rint(table[:, 2:])).any():
        raise ValueError(f"{path.name}: lines of x, y, capacity, demand need whole capacities and demands")
    if not 1 <= medians <= points:
        raise ValueError(f"{path.name}: {medians} medians of {points} points")
    return table, medians


def files(place: Path) -> list[Path]:
    """Return the instances of a folder, by name; all are read once.

    Raises BadInput when there is none, and with one fault for each file that is not of the format.
    """
    paths = instances(place, _heads_points, "points and medians, then x, y, capacity, demand")
    checked(paths, _table)
    return paths


def _heads_points(words: list[str]) -> bool:
    return len(words) >= 2 and all(word.isdigit() for word in words[:2])


def best_known(folder: Path) -> dict[str, float]:
    """Return the least trusted value of each instance, by `key`."""
    known: dict[str, float] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as text:
            for row in csv.DictReader(text):
                figures = [
                    _number(value)
                    for name, value in row.items()
                    if name not in {"instance", "n", "p", "source", *UNTRUSTED}
                ]
                values = [figure for figure in figures if figure is not None]
                if values and row.get("instance"):
                    name = key(str(row["instance"]))
                    known[name] = min([*values, *([known[name]] if name in known else [])])
    return known


def key(name: str) -> str:
    """Return a name as tables and files share it: `lin318_015` and `lin318_15` are one."""
    return "_".join(part.lstrip("0") or "0" for part in name.lower().split("_"))


def _number(text: object) -> float | None:
    try:
        value = float(str(text))
    except ValueError:
        return None
    return value if isfinite(value) and value > 0 else None


def compare(run: Run) -> Iterator[Entry]:
    """Solve every file of the folder."""
    place = folder(run)
    known = table(best_known, place)
    for path in files(place):
        problem = read(path)
        cost = measured(partial(locate, problem, Effort(seed=run.seed)))
        yield _entry(run, path.stem, problem, cost, known.get(key(path.stem)))


def _entry(run: Run, name: str, problem: Location, cost: Measured[Located], best: float | None) -> Entry:
    rows, answer = tuple(_rows(run, name, problem, cost, best)), cost.value
    bound = answer.bound if isfinite(answer.bound) else None
    by = "model" if answer.bound > answer.lagrangian else "multipliers"
    if answer.plan is None:
        return Entry(name, None, bound, best, cost.seconds, f"no plan: {answer.proof}", rows)
    return Entry(name, answer.plan.cost, bound, best, cost.seconds, by, rows)


def _rows(run: Run, name: str, problem: Location, cost: Measured[Located], best: float | None) -> list[Row]:
    answer = cost.value
    right = answer.bound == inf if answer.plan is None else not violations(problem, answer.plan)
    peer = None if best is None else ("best known", best)
    reached = answer.plan.cost if answer.plan else None
    held = answer.plan is None or answer.bound <= answer.plan.cost
    return [
        run.row(f"{name} cost", reached, ok=right, peer=peer, gap=answer.gap, cost=cost),
        run.row(f"{name} bound", answer.bound, ok=held, peer=peer),
    ]


SUBJECT = Subject("cpmp", {"all": compare, "files": compare}, default=("all",))
