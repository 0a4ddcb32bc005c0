"""Files of the generalised assignment problem: `agents jobs`, costs, weights (both by agent), capacities.

All whole numbers apart by white space, lines of any length. `best_known.csv` beside them names for each file and
sense (`Min`, `Max`) a published lower bound (`lb`), an upper bound (`ub`) and the best value known (`best`).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from solvers.assignment.instance import Instance

__all__ = ["Published", "published", "read"]


@dataclass(frozen=True)
class Published:
    """What is published of one file and sense."""

    sense: int
    """1 for Min, -1 for Max."""
    best: int
    bound: int
    """The published bound: a lower one for Min, an upper one for Max."""


def read(path: Path, sense: int = 1) -> Instance:
    """Read one file; ValueError with the file's name when its numbers do not add up."""
    try:
        numbers = np.array(path.read_text(encoding="utf-8").split(), dtype=np.int64)
    except (ValueError, OverflowError) as fault:
        raise ValueError(f"{path.name}: not whole numbers: {fault}") from None
    if numbers.size < 2 or numbers[:2].min() < 1:
        raise ValueError(f"{path.name}: starts without the numbers of agents and jobs")
    agents, jobs = int(numbers[0]), int(numbers[1])
    cells = agents * jobs
    if numbers.size != 2 + 2 * cells + agents:
        expected = 2 + 2 * cells + agents
        raise ValueError(
            f"{path.name}: {numbers.size} numbers; {agents} agents x {jobs} jobs need {expected}"
        )
    cost, weight = (numbers[2 + k * cells : 2 + (k + 1) * cells].reshape(agents, jobs) for k in (0, 1))
    return Instance(sense * cost, weight.copy(), numbers[2 + 2 * cells :].copy(), sense)


def published(path: Path) -> dict[tuple[str, int], Published]:
    """Read best_known.csv: by file name and sense; empty when there is no such file."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    found = {}
    for row in rows:
        sense = -1 if row["sense"].strip().lower().startswith("max") else 1
        bound = row["lb"] if sense == 1 else row["ub"]
        found[row["instance"], sense] = Published(sense, int(row["best"]), int(bound))
    return found
