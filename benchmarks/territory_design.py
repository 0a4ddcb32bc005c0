"""Commercial territory design: our plan and the first bounds beside the published heuristic, for the files of a folder.

Files: `solvers.territory_design.instance`. Published figures come from CSV files of the folder with the columns
instance, balance_violation, affinity_loss and one that begins with `compactness`; they are shown and compared with,
and used for nothing else.

What the published figures mean was worked out from the repository's plans and its table (a plan of 2DU100-05-1 gives
its figures to the last digit): the violation is the sum over territories and activities of what a load is outside
(1 +- tolerance) x mean; the loss adds up affinity - 1; the dispersion adds up Euclidean distances to the unit of the
territory (of affinity 1 where there is one) with the least such sum. All affinities of the files seen are 1, so every
loss is 0, and no loss below 0 can be.

The table shows the dispersion, and the other figures where they are not 0. What proves its bound: `multipliers`,
evaluated here, or `model`, a solver's branch and bound.

A row is right when the plan is contiguous and its figures, recomputed in plain Python, are not above the published ones
lexicographically, and when no bound lies above the figures, ours or (where violation and loss are the same) theirs.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path

from benchmarks.entry import Entry
from benchmarks.folders import checked, folder, instances, table
from benchmarks.subject import Measured, Row, Run, Subject, measured
from solvers.territory_design import (
    Design,
    Effort,
    Instance,
    Limits,
    Proof,
    Score,
    broken,
    design,
    loss_bound,
    prove,
    read,
    score,
)

ROUNDING = 1e-6
"""Figures are published with six decimals."""


@dataclass(frozen=True)
class Answer:
    """A plan with what is proven about it."""

    plan: Design
    loss: int
    """Bound on the loss."""
    proof: Proof


def solved(instance: Instance, seed: int, effort: Effort, limits: Limits) -> Answer:
    """Search, bound, and take over a better plan that the proof came upon."""
    plan = design(instance, seed, effort)
    proven = prove(instance, plan, limits)
    if proven.better is not None and score(instance, proven.better) < plan.score:
        plan = Design(proven.better, score(instance, proven.better))
    return Answer(plan, loss_bound(instance, plan.score.violation), proven)


def published(folder: Path) -> dict[str, Score]:
    """Return the published figures by the name of the instance."""
    known: dict[str, Score] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as text:
            for row in csv.DictReader(text):
                spread = next(
                    (value for name, value in row.items() if name and name.startswith("compactness")), None
                )
                if spread is not None and row.get("instance") and row.get("balance_violation"):
                    loss = int(float(row["affinity_loss"]))
                    known[row["instance"]] = Score(float(row["balance_violation"]), loss, float(spread))
    return known


def read_all(place: Path) -> list[Instance]:
    """Return the instances of a folder, by units, then name.

    Raises BadInput when there is none, and with one fault for each file that is not of the format.
    """
    paths = instances(place, lambda words: words[:1] != [] and words[0].isdigit(), "units, a whole number")
    checked(paths, read)
    return sorted((read(path) for path in paths), key=lambda it: (it.units, it.name))


def every(run: Run) -> Iterator[Entry]:
    """Solve every file; branch and bound only where few pairs are left."""
    return _compare(run, list, Effort(), Limits())


def proof(run: Run) -> Iterator[Entry]:
    """Solve every file with more of everything: minutes each."""
    return _compare(run, list, Effort(runs=24), Limits(nodes=2_000, pairs=20_000))


def sample(run: Run) -> Iterator[Entry]:
    """Solve the first file of each size, briefly and without branch and bound."""
    return _compare(run, _first_of_each_size, Effort(runs=2, moves=2_000_000), Limits(nodes=0))


def _first_of_each_size(found: list[Instance]) -> list[Instance]:
    return [next(same) for _, same in groupby(found, lambda instance: instance.units)]


def _compare(
    run: Run, choose: Callable[[list[Instance]], list[Instance]], effort: Effort, limits: Limits
) -> Iterator[Entry]:
    place = folder(run)
    known = table(published, place)
    for instance in choose(read_all(place)):
        try:
            cost = measured(partial(solved, instance, run.seed, effort, limits))
        except ValueError as fault:
            none = run.row(f"{instance.name}: no plan", None, ok=False)
            yield Entry(instance.name, None, None, None, 0.0, str(fault), (none,))
            continue
        yield _entry(run, instance, cost, known.get(instance.name))


def _entry(run: Run, instance: Instance, cost: Measured[Answer], best: Score | None) -> Entry:
    figures, proven = cost.value.plan.score, cost.value.proof
    by = "model" if proven.bound > proven.recomputed else "multipliers"
    if figures[:2] != (0.0, 0):
        by += f"; violation {figures.violation:g}, loss {figures.loss} (bound {cost.value.loss})"
    rows = tuple(_rows(run, instance, cost, best))
    known = best.dispersion if best else None
    return Entry(instance.name, figures.dispersion, proven.bound, known, cost.seconds, by, rows)


def _rows(run: Run, instance: Instance, cost: Measured[Answer], best: Score | None) -> list[Row]:
    answer = cost.value
    figures, proven = score(instance, answer.plan.label), answer.proof
    spread = figures.dispersion
    whole = not broken(instance, answer.plan.label) and figures == answer.plan.score
    held = answer.loss <= figures.loss and proven.bound <= spread * (1 + ROUNDING)
    reached = True
    if best is not None:
        reached = figures[:2] < best[:2] or (figures[:2] == best[:2] and spread <= best.dispersion + ROUNDING)
        held &= figures[:2] != best[:2] or proven.bound <= best.dispersion + ROUNDING
    name, peer = instance.name, None if best is None else ("published", best.dispersion)
    return [
        run.row(f"{name} violation", figures.violation, ok=whole and figures.violation == 0.0),
        run.row(f"{name} loss", figures.loss, ok=held, gap=float(figures.loss - answer.loss)),
        run.row(
            f"{name} dispersion",
            spread,
            ok=whole and reached,
            peer=peer,
            gap=1 - proven.bound / spread,
            cost=cost,
        ),
        run.row(f"{name} bound", proven.bound, ok=held, peer=peer),
    ]


SUBJECT = Subject("territory-design", {"sample": sample, "all": every, "proof": proof}, default=("all",))
