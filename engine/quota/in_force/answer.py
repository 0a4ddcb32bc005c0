"""What relief and quotas in force add to an answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.columns import Table
from engine.errors import Fault, VerificationFailed
from engine.inputs import Inputs, IntArray
from engine.quota.in_force import changes, relief, relief_table
from engine.quota.limits import Limit
from engine.quota.planning import Plan
from engine.quota.spec import QuotaSpec
from engine.quota.teams.parts import Part
from engine.quota.tree import street_factor
from engine.territory.alignment import Alignment


def relieved(
    inputs: Inputs, spec: QuotaSpec, plans: Sequence[tuple[Part, Plan]], cells: IntArray
) -> tuple[IntArray, tuple[Table, ...]]:
    """Return what relief moves, shape (rep, product, period), and its table where the scenario has any.

    Raises:
        BadInput, Infeasible: see `relief.relieved`.
        VerificationFailed: the plain check contradicts it.

    """
    if not spec.relief:
        return np.zeros_like(cells), ()
    products, limits = plans[0][1].shape.products, [Limit()] * len(inputs.reps)
    for part, plan in plans:
        for seat, node in enumerate(plan.problem.tree.seats()):
            if part.seats[seat]:
                limits[seat] = plan.problem.limits[node]
    made = relief_table.table(inputs, spec, products, relief.relieved(inputs, spec, cells, limits))
    wrong = list(relief_table.violations(inputs, spec, products, cells, made.frame))
    if wrong:
        raise VerificationFailed([Fault("V_CHECK", sentence, field="quotas.relief") for sentence in wrong])
    return relief_table.moved(inputs, products, made.frame), (made,)


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
