"""Public instances of generalised assignment: objective, own bound, best known, published bound, gaps, seconds.

`--data DIR` is any folder of files `agents jobs, costs, weights, capacities`, with `best_known.csv` (columns instance,
sense, lb, ub, best) beside them or without. A file is maximised when best_known.csv only knows it so, or when it is an
OR-Library one (`c0515_1`), and minimised otherwise; the cases `max` and `min` solve every file in that one sense.

An answer is right when it is feasible (plain sums), when the bound is recomputed from the multipliers and branches
by the code of `solvers.assignment.certificate`, and when it contradicts nothing published: no bound beyond a best
known value, no objective beyond a published bound. `bound by` says what carries it: `multipliers` (one evaluation of
the Lagrangian), `tree` (our branch and bound, replayed branch by branch) or `tree, not replayed` (too large for
that here; then only the multipliers of its root are recomputed). No bound is another solver's word.
Seconds are processor seconds of one thread, with one compilation before the first; LIMIT ends a file's search.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from time import process_time

import numpy as np

from benchmarks.entry import Entry, apart
from benchmarks.folders import checked, folder, instances, table
from benchmarks.subject import Run, Subject
from engine.errors import BadInput, Fault
from solvers.assignment import Instance, Outcome, faults, recomputed, solve, value
from solvers.assignment.reading import Published, published, read

LIMIT = 50.0
"""Processor seconds after which a file's search ends."""
REPLAYED = 10_000
"""Branches up to which a tree is replayed."""
SMALL = {"c0515_1", "c0824_1", "c1060_1", "a05100", "b05100", "c05100", "c20100"}
ORLIB = re.compile(r"c\d{4}_\d+$")


@dataclass(frozen=True)
class Solved:
    """One file's figures."""

    name: str
    instance: Instance
    outcome: Outcome
    seconds: float
    known: Published | None
    by: str
    """What carries the bound."""
    right: bool


def chosen_files(place: Path, chosen: Callable[[str], bool]) -> list[Path]:
    """Return the chosen instances of a folder, by name; all are read once.

    Raises BadInput when there is none, and with one fault for each file that is not of the format.
    """
    found = instances(place, _begins_with_two_numbers, "agents and jobs, whole numbers")
    paths = [path for path in found if chosen(path.stem)]
    if not paths:
        words = f"none of its {len(found)} files belongs to this case"
        raise BadInput([Fault("E_PATH_MISSING", words, "`--case all` takes every file.", file=str(place))])
    checked(paths, read)
    return paths


def _begins_with_two_numbers(words: list[str]) -> bool:
    return len(words) >= 2 and all(word.isdigit() for word in words[:2])


def sense_of(path: Path, known: dict[tuple[str, int], Published]) -> int:
    """Return 1 where a file is minimised, -1 where it is maximised."""
    senses = [sense for sense in (1, -1) if (path.stem, sense) in known]
    return senses[0] if len(senses) == 1 else (-1 if ORLIB.match(path.stem) else 1)


def solved(path: Path, sense: int, known: Published | None, seed: int) -> Solved:
    instance = read(path, sense)
    start = process_time()
    outcome = solve(instance, seed=seed, go_on=lambda: process_time() - start < LIMIT)
    seconds = process_time() - start
    by, right = judged(instance, outcome)
    return Solved(path.stem, instance, outcome, seconds, known, by, right and agrees(outcome, known))


def judged(instance: Instance, outcome: Outcome) -> tuple[str, bool]:
    """Say what carries the bound, and whether answer and bound hold; no code of the search is used."""
    proof, answer = outcome.certificate, outcome.agent_of
    if proof is None or answer is None or outcome.bound is None:
        return "none", outcome.infeasible
    feasible = not faults(instance, answer) and value(instance, answer) == instance.sense * (
        outcome.objective or 0
    )
    if len(proof.branches) > REPLAYED:
        root = replace(proof, branches=[replace(proof.branches[0], job=-1)])
        return "tree, not replayed", feasible and recomputed(instance, root) <= proof.bound
    least = recomputed(instance, proof)
    by = "multipliers" if len(proof.branches) == 1 else "tree"
    return by, feasible and proof.bound == instance.sense * outcome.bound and proof.bound <= least


def agrees(outcome: Outcome, known: Published | None) -> bool:
    """Whether nothing published is contradicted."""
    if known is None or outcome.objective is None or outcome.bound is None:
        return known is None
    sense = known.sense
    return sense * outcome.bound <= sense * known.best and sense * outcome.objective >= sense * known.bound


def case(chosen: Callable[[str], bool], sense: int | None = None) -> Callable[[Run], Iterator[Entry]]:
    """Return the case of the files whose name is `chosen`, each in its own sense or all in one."""

    def run(run: Run) -> Iterator[Entry]:
        place = folder(run)
        known = table(published, place / "best_known.csv")
        paths = chosen_files(place, chosen)
        compile_once()
        for path in paths:
            way = sense or sense_of(path, known)
            yield entry(run, solved(path, way, known.get((path.stem, way)), run.seed))

    return run


def entry(run: Run, it: Solved) -> Entry:
    """Return what is shown of one file."""
    out, known = it.outcome, it.known
    best = ("best known", float(known.best)) if known else None
    bound = ("published bound", float(known.bound)) if known else None
    objective = None if out.objective is None else float(out.objective)
    own = None if out.bound is None else float(out.bound)
    gap = apart(objective, own)
    rows = (
        run.row(f"{it.name} objective", objective, peer=best, gap=gap, ok=it.right),
        run.row(f"{it.name} bound", own, peer=bound, gap=gap, ok=it.right),
    )
    return Entry(
        it.name,
        objective,
        own,
        best[1] if best else None,
        it.seconds,
        "infeasible" if out.infeasible else it.by,
        tuple(replace(row, seconds=it.seconds) for row in rows),
        it.instance.sense,
    )


def compile_once() -> None:
    """Solve a little problem that takes every path, so that compiling is in nobody's time."""
    draw = np.random.Generator(np.random.Philox(0))
    weight = draw.integers(5, 25, (4, 24))
    capacity = (0.8 * weight.sum(axis=1) / 4).astype(np.int64)
    solve(Instance(draw.integers(10, 50, (4, 24)), weight, capacity))


def starts(letter: str) -> Callable[[str], bool]:
    return lambda name: name.startswith(letter) and not ORLIB.match(name)


SUBJECT = Subject(
    "gap",
    {
        "small": case(SMALL.__contains__),
        **{letter: case(starts(letter)) for letter in "abcde"},
        "orlib": case(lambda name: bool(ORLIB.match(name))),
        "all": case(lambda name: True),
        "max": case(lambda name: True, -1),
        "min": case(lambda name: True, 1),
    },
    default=("small",),
)
