"""What relief and quotas in force add to an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from engine.columns import Table
from engine.errors import Fault, VerificationFailed
from engine.inputs import Inputs, IntArray
from engine.quota.in_force import changes, relief, relief_table
from engine.quota.planning import Plan
from engine.quota.spec import QuotaSpec
from engine.quota.tree import street_factor
from engine.territory.alignment import Alignment


def unsupported(inputs: Inputs, spec: QuotaSpec) -> Iterator[Fault]:
    """Yield what cannot be had together with teams: a seat may carry quotas of several of them."""
    if not spec.teams:
        return
    hint = "Leave out one of the two."
    if spec.relief:
        yield Fault("E_UNSUPPORTED", "relief of quotas of teams is not known", hint, field="quotas.relief")
    if inputs.in_force is not None:
        message = "quotas of teams cannot be held against quotas in force"
        yield Fault("E_UNSUPPORTED", message, hint, field="quotas.previous")


def relieved(
    inputs: Inputs, spec: QuotaSpec, plan: Plan, cells: IntArray
) -> tuple[IntArray, tuple[Table, ...]]:
    """Return what relief moves, shape (rep, product, period), and its table where the scenario has any.

    Raises:
        BadInput, Infeasible: see `relief.relieved`.
        VerificationFailed: the plain check contradicts it.

    """
    if not spec.relief:
        return np.zeros_like(cells), ()
    products = plan.shape.products
    limits = [plan.problem.limits[node] for node in plan.problem.tree.seats()]
    made = relief_table.table(inputs, spec, products, relief.relieved(inputs, spec, cells, limits))
    wrong = list(relief_table.violations(inputs, spec, products, cells, made.frame))
    if wrong:
        raise VerificationFailed([Fault("V_CHECK", sentence, field="quotas.relief") for sentence in wrong])
    return relief_table.moved(inputs, products, made.frame), (made,)


def changed(
    inputs: Inputs, alignment: Alignment, spec: QuotaSpec, plan: Plan, made: Sequence[Table]
) -> Table:
    """Return why quotas are not those in force; `made` holds the table `quota_steps`."""
    assert inputs.in_force is not None
    told = next(table.frame for table in made if table.name == "quota_steps")
    goal, stands = plan.problem.goal, plan.standing
    closed = {} if stands is None else dict(zip(inputs.reps.id, map(int, stands.seats), strict=True))
    now = changes.Now(told, goal, goal * street_factor(inputs, spec), closed, alignment.rep_of)
    return changes.table(inputs, inputs.in_force, now)
