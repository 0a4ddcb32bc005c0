"""Plain checks of a finished alignment: Python integers on the original tables, tolerance zero, no model."""

from __future__ import annotations

from math import fsum, isclose

import numpy as np

from engine.errors import Fault, VerificationFailed
from engine.inputs import Inputs, IntArray
from engine.territory.spec import TerritorySpec

REAL = 1e-9
"""Relative difference allowed between two sums of real costs."""


def violations(inputs: Inputs, spec: TerritorySpec, rep_of: IntArray) -> list[str]:
    """Return a sentence for each rule that an alignment breaks; none means that it keeps them all.

    `rep_of` is the seat of each account, shape (account,).
    """
    seats = np.asarray(rep_of)
    if seats.shape != (len(inputs.accounts),) or seats.dtype.kind not in "iu":
        count = len(inputs.accounts)
        return [
            f"the alignment has shape {seats.shape} of {seats.dtype}; each of {count} accounts needs a seat."
        ]
    lost = [i for i, rep in enumerate(seats.tolist()) if not 0 <= rep < len(inputs.reps)]
    if lost:
        return [f"account {inputs.accounts.id[i]} has no seat." for i in lost]
    return [sentence for constraint in spec.constraints for sentence in constraint.violations(inputs, seats)]


def cost_of(inputs: Inputs, spec: TerritorySpec, rep_of: IntArray) -> float:
    """Return the cost of a finished alignment, currency units, recomputed from the tables."""
    return fsum(objective.cost_of(inputs, rep_of) for objective in spec.objectives)


def verify(inputs: Inputs, spec: TerritorySpec, rep_of: IntArray, objective: float) -> float:
    """Return the recomputed cost of an alignment that keeps every rule.

    Raises:
        VerificationFailed: a rule is broken, or the cost is not what the search says.

    """
    broken = violations(inputs, spec, rep_of)
    cost = cost_of(inputs, spec, rep_of) if not broken else objective
    if not isclose(cost, objective, rel_tol=REAL, abs_tol=REAL):
        broken.append(
            f"the search says that the alignment costs {objective:.9g}; recomputed it is {cost:.9g}."
        )
    if broken:
        raise VerificationFailed(Fault("V_CHECK", sentence, field="territories") for sentence in broken)
    return cost
