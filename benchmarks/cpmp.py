"""Capacitated p-median: our plan and bound beside the best published values, for every file of a folder.

Files: a first line "points medians" (then anything), one line "x y capacity demand" for each point; distances are
Euclidean, not rounded, not weighted (Lorena and Senne 2004; Stefanello, de Araujo and Mueller 2015). Best known values
come from CSV files of the folder whose first column is `instance`; they are shown beside the answer and are used for
nothing else.
"""

from __future__ import annotations

import csv
import re
from functools import partial
from math import inf, isfinite
from pathlib import Path

import numpy as np

from benchmarks.subject import Measured, Row, Run, Subject, measured
from solvers.location.check import violations
from solvers.location.instance import Location
from solvers.location.locate import Effort, Located, locate

SHARED = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "territory" / "cpmp"
HEADING = re.compile(r"^\s*(\d+)\s+(\d+)(\s.*)?$")
UNTRUSTED = ("min_published", "vasconcelos")
"""Columns of the shared table that hold unconfirmed values, or the least of them."""


def read(path: Path) -> Location:
    """Return the problem of a file.

    Raises ValueError where the file is not of the format.
    """
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    points, medians = int(lines[0][0]), int(lines[0][1])
    table = np.array([line[:4] for line in lines[1 : 1 + points]], dtype=np.float64)
    if table.shape != (points, 4) or (table[:, 2:] != np.rint(table[:, 2:])).any():
        raise ValueError(f"{path.name}: {points} lines of x, y, capacity, demand are needed")
    x, y, capacity, demand = table.T
    cost = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])
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


def files(folder: Path) -> list[Path]:
    """Return the files of a folder that look like instances, in order of name."""
    found = []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in {".csv", ".md"} or not path.is_file():
            continue
        lines = [
            line for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()
        ]
        heading = HEADING.match(lines[0]) if lines else None
        if heading and len(lines) > int(heading.group(1)) and len(lines[1].split()) >= 4:
            found.append(path)
    return found


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


def compare(run: Run) -> list[Row]:
    """Solve every file of the folder."""
    folder = run.data or SHARED
    if not folder.is_dir():
        print("cpmp: no folder of instances; give --data DIR.")
        return []
    known = best_known(folder)
    rows: list[Row] = []
    for path in files(folder):
        problem = read(path)
        cost = measured(partial(locate, problem, Effort(seed=run.seed)))
        best = known.get(key(path.stem))
        rows += _rows(run, path.stem, problem, cost, best)
        print(_line(path.stem, problem, cost.value, best, cost.seconds), flush=True)
    return rows


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


def _line(name: str, problem: Location, answer: Located, best: float | None, seconds: float) -> str:
    if answer.plan is None:
        return f"# {name}: {problem.points} x {problem.count}, no plan: {answer.proof}"
    cost = answer.plan.cost
    beside = (
        "best known -"
        if best is None
        else (
            f"best known {best:.2f}, ours {cost / best - 1:+.3%}, its gap to our bound {1 - answer.bound / best:.3%}"
        )
    )
    return (
        f"# {name}: {problem.points} x {problem.count}, objective {cost:.2f}, bound {answer.bound:.2f}, gap"
        f" {answer.gap:.3%}; {beside}; {seconds:.1f} s; {answer.proof}"
    )


SUBJECT = Subject("cpmp", {"files": compare})
