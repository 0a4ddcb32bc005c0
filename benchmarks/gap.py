"""Public instances of generalised assignment: objective, own bound, best known, published bound, gaps, seconds.

`--data DIR` is any folder of files `agents jobs, costs, weights, capacities`, with `best_known.csv` beside them or
without. A file is maximised when best_known.csv only knows it so, or when it is an OR-Library one (`c0515_1`), and
minimised otherwise; the cases `max` and `min` solve every file in that one sense.

An answer is right when it is feasible (plain sums), when the bound is recomputed from the multipliers and branches
by the code of `solvers.assignment.certificate`, and when it contradicts nothing published: no bound beyond a best
known value, no objective beyond a published bound. `bound by` says what carries it: `multipliers` (one evaluation of
the Lagrangian), `tree` (our branch and bound, replayed branch by branch) or `tree, not replayed` (too large for
that here; then only the multipliers of its root are recomputed). No bound is another solver's word.
Seconds are processor seconds of one thread, with one compilation before the first; LIMIT ends a file's search.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from time import process_time

import numpy as np

from benchmarks.subject import Row, Run, Subject
from solvers.assignment import Instance, Outcome, faults, recomputed, solve, value
from solvers.assignment.reading import Published, published, read

LIMIT = 50.0
"""Processor seconds after which a file's search ends."""
REPLAYED = 10_000
"""Branches up to which a tree is replayed."""
DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "territory" / "gap"
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


def files(folder: Path) -> list[Path]:
    """Return the instance files of a folder, by name."""
    if not folder.is_dir():
        raise SystemExit(f"no folder {folder}: name one with --data")
    plain = [
        path for path in sorted(folder.iterdir()) if path.is_file() and path.suffix in {"", ".txt", ".dat"}
    ]
    return [
        path for path in plain if path.read_text(encoding="utf-8")[:200].split()[:1] != [] and counted(path)
    ]


def counted(path: Path) -> bool:
    """Whether a file starts with a number, as instances do and notes do not."""
    return path.read_text(encoding="utf-8")[:200].split()[0].isdigit()


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


def line(it: Solved) -> str:
    out, known = it.outcome, it.known
    best, bound = (known.best, known.bound) if known else (None, None)
    figures = [out.objective, out.bound, best, bound]
    shown = "".join(f"{'-' if figure is None else figure:>9}" for figure in figures)
    to_best, to_bound = apart(out.objective, best), apart(out.bound, bound)
    gaps = "".join(
        f"{'-' if gap is None else format(gap, '.3%'):>10}" for gap in (to_best, to_bound, own_gap(out))
    )
    sense = "min" if it.instance.sense == 1 else "max"
    state = "proven" if out.proven else ("infeasible" if out.infeasible else "open")
    return f"{it.name:10}{sense:4}{shown}{gaps}{it.seconds:8.1f}  {state:8}{out.nodes:>7}  {it.by}"


def own_gap(out: Outcome) -> float | None:
    return apart(out.objective, out.bound)


def apart(ours: int | None, theirs: int | None) -> float | None:
    return None if ours is None or theirs is None else abs(ours - theirs) / max(abs(theirs), 1)


HEAD = (
    f"{'file':10}{'':4}{'ours':>9}{'bound':>9}{'best':>9}{'pub. bd':>9}"
    f"{'to best':>10}{'to bound':>10}{'own gap':>10}{'seconds':>8}  {'':8}{'nodes':>7}  bound by"
)


def case(chosen: Callable[[str], bool], sense: int | None = None) -> Callable[[Run], list[Row]]:
    """Return the case of the files whose name is `chosen`, each in its own sense or all in one."""

    def run(run: Run) -> list[Row]:
        folder = run.data or DATA
        known = published(folder / "best_known.csv")
        compile_once()
        print(HEAD, flush=True)
        rows = []
        for path in files(folder):
            if chosen(path.stem):
                way = sense or sense_of(path, known)
                it = solved(path, way, known.get((path.stem, way)), run.seed)
                print(line(it), flush=True)
                rows += rows_of(run, it)
        return rows

    return run


def rows_of(run: Run, it: Solved) -> list[Row]:
    out, known = it.outcome, it.known
    best = ("best known", float(known.best)) if known else None
    bound = ("published bound", float(known.bound)) if known else None
    objective = None if out.objective is None else float(out.objective)
    own = None if out.bound is None else float(out.bound)
    first = run.row(f"{it.name} objective", objective, peer=best, gap=own_gap(out), ok=it.right)
    second = run.row(f"{it.name} bound", own, peer=bound, gap=own_gap(out), ok=it.right)
    return [replace(first, seconds=it.seconds), replace(second, seconds=it.seconds)]


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
