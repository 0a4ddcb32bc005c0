"""Plain checks of a finished alignment: Python integers on the original tables, tolerance zero, no model."""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum, isclose

import numpy as np

from engine.errors import Fault, VerificationFailed
from engine.inputs import Inputs, IntArray
from engine.territory.spec import TerritorySpec

REAL = 1e-9
"""Difference allowed between two sums of real costs, relative to what is added up."""


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
    return fsum(_costs(inputs, spec, rep_of))


def _costs(inputs: Inputs, spec: TerritorySpec, rep_of: IntArray) -> list[float]:
    """Return what each objective and each rule with a price comes to; what is brought in is below 0."""
    rules = [rule for rule in spec.constraints if not rule.priced_rank]
    costs = [objective.cost_of(inputs, rep_of) for objective in spec.objectives]
    return [*costs, *(rule.cost_of(inputs, rep_of) for rule in rules)]


def rank_values(inputs: Inputs, spec: TerritorySpec, rep_of: IntArray) -> dict[int, float]:
    """Return what each lexicographic rank comes to, recomputed from the tables."""
    ranked = [rule for rule in spec.constraints if rule.priced_rank]
    return {
        rank: fsum(rule.cost_of(inputs, rep_of) for rule in ranked if rule.priced_rank == rank)
        for rank in sorted({rule.priced_rank for rule in ranked})
    }


def verify_ranks(inputs: Inputs, spec: TerritorySpec, rep_of: IntArray, found: Mapping[int, float]) -> None:
    """Hold an alignment to what its lexicographic ranks were minimised to.

    Raises:
        VerificationFailed: a rank is worse than the search says.

    """
    worse = [
        f"rank {rank} was minimised to {found[rank]:.9g}; recomputed it is {value:.9g}."
        for rank, value in rank_values(inputs, spec, rep_of).items()
        if rank in found and value > found[rank] + REAL * max(abs(found[rank]), 1.0)
    ]
    if worse:
        raise VerificationFailed(Fault("V_CHECK", sentence, field="territories") for sentence in worse)


def verify(inputs: Inputs, spec: TerritorySpec, rep_of: IntArray, objective: float) -> float:
    """Return the recomputed cost of an alignment that keeps every rule.

    Raises:
        VerificationFailed: a rule is broken, or the cost is not what the search says.

    """
    broken = violations(inputs, spec, rep_of)
    costs = _costs(inputs, spec, rep_of) if not broken else [objective]
    cost = fsum(costs)
    if not isclose(cost, objective, rel_tol=REAL, abs_tol=REAL * max(1.0, fsum(map(abs, costs)))):
        broken.append(
            f"the search says that the alignment costs {objective:.9g}; recomputed it is {cost:.9g}."
        )
    if broken:
        raise VerificationFailed(Fault("V_CHECK", sentence, field="territories") for sentence in broken)
    return cost
