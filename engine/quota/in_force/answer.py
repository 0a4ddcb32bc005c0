"""What relief and quotas in force add to an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.columns import Table
from engine.errors import Fault, VerificationFailed
from engine.inputs import Inputs, IntArray
from engine.quota.in_force import catch_up, changes, relief, relief_table
from engine.quota.limits import Limit
from engine.quota.planning import Plan
from engine.quota.spec import QuotaSpec
from engine.quota.teams.parts import Part
from engine.quota.tree import street_factor
from engine.territory.alignment import Alignment

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Moves:
    """What moves on top of quotas that tie out, minor units, shape (rep, product, period)."""

    caught: IntArray
    """What seats carry of their shortfall."""
    relieved: IntArray
    """What relief takes from seats or gives them."""
    tables: tuple[Table, ...]

    @property
    def both(self) -> IntArray:
        """All of it."""
        return self.caught + self.relieved


def moves(
    inputs: Inputs, spec: QuotaSpec, plans: Sequence[tuple[Part, Plan]], cells: IntArray, credit: IntArray
) -> Moves:
    """Return what catch-up and then relief move, and their tables where the scenario has any.

    Args:
        inputs: the tables.
        spec: the scenario's block.
        plans: each goal's plan.
        cells: quotas that tie out, minor units, shape (rep, product, period).
        credit: what each seat is credited with, shape (rep, period); only periods that are over are read.

    Raises:
        BadInput, Infeasible: see `relief.relieved`.
        VerificationFailed: the plain check contradicts it.

    """
    products, limits = plans[0][1].shape.products, [Limit()] * len(inputs.reps)
    for part, plan in plans:
        for seat, node in enumerate(plan.problem.tree.seats()):
            if part.seats[seat]:
                limits[seat] = plan.problem.limits[node]
    caught, made = np.zeros_like(cells), tuple[Table, ...]()
    if spec.shortfall == catch_up.CARRY:
        told = catch_up.table(inputs, spec, products, cells, credit, limits)
        _hold(catch_up.violations(inputs, spec, products, cells, told.frame), "quotas.shortfall")
        caught, made = relief_table.moved(inputs, products, told.frame, "rep"), (told,)
    off, relieved = _relieved(inputs, spec, products, cells + caught, limits)
    return Moves(caught, off, made + relieved)


def _hold(wrong: Iterable[str], field: str) -> None:
    faults = [Fault("V_CHECK", sentence, field=field) for sentence in wrong]
    if faults:
        raise VerificationFailed(faults)


def _relieved(
    inputs: Inputs, spec: QuotaSpec, products: Sequence[str], cells: IntArray, limits: Sequence[Limit]
) -> tuple[IntArray, tuple[Table, ...]]:
    if not spec.relief:
        return np.zeros_like(cells), ()
    made = relief_table.table(inputs, spec, products, relief.relieved(inputs, spec, cells, limits))
    _hold(relief_table.violations(inputs, spec, products, cells, made.frame), "quotas.relief")
    return relief_table.moved(inputs, products, made.frame), (made,)


def told(
    inputs: Inputs, products: Sequence[str], tables: Mapping[str, pd.DataFrame]
) -> tuple[IntArray, IntArray]:
    """Return what catch-up and what relief moved, as their tables tell, shape (rep, product, period)."""
    none = np.zeros((len(inputs.reps), len(products), inputs.calendar.periods), dtype=np.int64)
    found = [
        relief_table.moved(inputs, products, tables[name], seat) if name in tables else none
        for name, seat in (("quota_catch_up", "rep"), ("quota_relief", "who"))
    ]
    return found[0], found[1]


def violations(
    inputs: Inputs,
    spec: QuotaSpec,
    products: Sequence[str],
    before: IntArray,
    tables: Mapping[str, pd.DataFrame],
) -> Iterator[str]:
    """Yield what is wrong with catch-up and relief, in plain integers; `before` are the quotas without both."""
    caught, _ = told(inputs, products, tables)
    if "quota_catch_up" in tables:
        yield from catch_up.violations(inputs, spec, products, before, tables["quota_catch_up"])
    if "quota_relief" in tables:
        yield from relief_table.violations(inputs, spec, products, before + caught, tables["quota_relief"])


def changed(
    inputs: Inputs, alignment: Alignment, plans: Sequence[tuple[Part, Plan]], made: Sequence[Table]
) -> Table:
    """Return why quotas are not those in force; `made` holds the table `quota_steps`."""
    assert inputs.in_force is not None
    told = next(table.frame for table in made if table.name == "quota_steps")
    now = []
    for part, plan in plans:
        names = [rep for rep, mine in zip(inputs.reps.id, part.seats, strict=True) if mine]
        stands, goal = plan.standing, plan.problem.goal
        closed = {} if stands is None else dict(zip(inputs.reps.id, map(int, stands.seats), strict=True))
        street = goal * street_factor(inputs, part.spec)
        now.append(changes.Now(told[told["rep"].isin(names)], goal, street, closed))
    return changes.table(inputs, inputs.in_force, now, alignment.rep_of)
