"""County graphs as NetworkX adjacency files, published figures, and plain checks of a plan.

A folder holds `county<fips>.json` files (nodes with TOTPOP and C_X, C_Y in degrees, or INTPTLON10, INTPTLAT10
where those lack) and `published.csv` with the columns state, fips, districts and, where known, hess_contiguous and
cut_edges_optimum. The checks share no code with the solver: whole numbers for the band, a breadth-first search in
dictionaries for contiguity, distances by the haversine of `math`.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import deque
from dataclasses import dataclass
from fractions import Fraction
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import BadInput, Fault
from solvers.contiguity import Graph
from solvers.districting import Instance, band, inertia

COLUMNS = "columns state, fips, districts, and hess_contiguous, cut_edges_optimum where known"
DEVIATION = Fraction(1, 200)


@dataclass(frozen=True, eq=False)
class State:
    """A county graph as read, and what was published about it (None: nothing)."""

    name: str
    nodes: list[dict[str, Any]]
    touching: list[list[int]]
    """Positions of the neighbours of each node."""
    districts: int
    inertia: float | None
    cut_edges: float | None

    def instance(self) -> Instance:
        """Return what the solver takes."""
        edges = [(k, other) for k, near in enumerate(self.touching) for other in near]
        people = np.array([node["TOTPOP"] for node in self.nodes], dtype=np.int64)
        east, north = np.array([place(node) for node in self.nodes]).T
        limits = band(people, self.districts, DEVIATION)
        graph = Graph.of(len(self.nodes), edges)
        return Instance(graph, people, inertia(people, east, north), self.districts, *limits)


def place(node: dict[str, Any]) -> tuple[float, float]:
    """Return longitude and latitude of a node in degrees."""
    keys = ("C_X", "C_Y") if "C_X" in node else ("INTPTLON10", "INTPTLAT10")
    return float(node[keys[0]]), float(node[keys[1]])


def states(place: Path) -> list[State]:
    """Return the states whose file is there, in the order of published.csv; the others are named on stderr.

    Raises BadInput: E_PATH_MISSING without published.csv or without any of its files, E_TYPE with one fault for each
    row and file that is not of the format.
    """
    figures = place / "published.csv"
    if not figures.is_file():
        words = "there is no published.csv, which says how many districts each file is for"
        raise BadInput([Fault("E_PATH_MISSING", words, f"Write it: {COLUMNS}.", file=str(place))])
    found: list[State] = []
    faults: list[Fault] = []
    for line, row in enumerate(_rows(figures), start=2):
        path = place / f"county{row['fips']}.json"
        if not path.is_file():
            print(f"{path.name}: left out, {figures.name} names it but it is not there", file=sys.stderr)
            continue
        try:
            found.append(_state(row, path))
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            words = f"county graph or row {line} of {figures.name}: {type(fault).__name__}: {fault}"
            faults.append(Fault("E_TYPE", words, "Mend the file, or take it away.", file=path.name))
    if not found and not faults:
        words = f"none of the files that {figures.name} names is there"
        faults.append(
            Fault("E_PATH_MISSING", words, "Put them beside it: county<fips>.json.", file=str(place))
        )
    if faults:
        raise BadInput(faults)
    return found


def _rows(figures: Path) -> list[dict[str, str]]:
    with figures.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    absent = [name for name in ("state", "fips", "districts") if rows and name not in rows[0]]
    if absent or not rows:
        words = f"no column {', '.join(absent)}" if absent else "it has no rows"
        raise BadInput([Fault("E_CSV_HEADER", words, f"It needs {COLUMNS}.", file=figures.name)])
    return rows


def _state(row: dict[str, str], path: Path) -> State:
    """Return a state as read; raises ValueError, KeyError or TypeError where the file is not of the format."""
    file = json.loads(path.read_text(encoding="utf-8"))
    at = {node["id"]: k for k, node in enumerate(file["nodes"])}
    touching = [[at[other["id"]] for other in near] for near in file["adjacency"]]
    if len(touching) != len(at):
        raise ValueError(f"{len(at)} nodes and {len(touching)} rows of adjacency")
    inertia, cut = (
        float(row[key]) if row.get(key) else None for key in ("hess_contiguous", "cut_edges_optimum")
    )
    state = State(row["state"], file["nodes"], touching, int(row["districts"]), inertia, cut)
    state.instance()
    return state


def kept(state: State, label: list[int]) -> bool:
    """Return whether every district is within the band, in one piece, and there are as many as wanted."""
    people = sum(node["TOTPOP"] for node in state.nodes)
    loads = dict.fromkeys(range(state.districts), 0)
    for node, district in zip(state.nodes, label, strict=True):
        loads[district] += node["TOTPOP"]
    close = all(abs(load * state.districts - people) * 200 <= people for load in loads.values())
    return close and len(loads) == state.districts and all(_one_piece(state, label, d) for d in loads)


def _one_piece(state: State, label: list[int], district: int) -> bool:
    members = {k for k, of in enumerate(label) if of == district}
    if not members:
        return False
    start = min(members)
    seen, queue = {start}, deque([start])
    while queue:
        for other in state.touching[queue.popleft()]:
            if other in members and other not in seen:
                seen.add(other)
                queue.append(other)
    return seen == members


def inertia_again(state: State, label: list[int]) -> float:
    """Return the moment of inertia about the best centre of each district, in people * km^2 / 10^6."""
    total = 0.0
    for district in range(state.districts):
        members = [node for node, of in zip(state.nodes, label, strict=True) if of == district]
        total += min(sum(i["TOTPOP"] * _km(place(i), place(j)) ** 2 for i in members) for j in members) / 1e6
    return total


def _km(a: tuple[float, float], b: tuple[float, float]) -> float:
    (x, y), (u, v) = ([radians(c) for c in point] for point in (a, b))
    half = sin((y - v) / 2) ** 2 + cos(y) * cos(v) * sin((x - u) / 2) ** 2
    return 2 * 6371.0088 * asin(sqrt(half))


def cut_again(state: State, label: list[int]) -> int:
    """Return how many neighbouring pairs lie in different districts."""
    pairs = {frozenset((k, o)) for k, near in enumerate(state.touching) for o in near if label[k] != label[o]}
    return len(pairs)
