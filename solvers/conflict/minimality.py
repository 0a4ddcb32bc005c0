"""A minimal set of rules that conflict: a deletion filter over elastic programs.

The multipliers of the first proof weigh only some rules; the others are left out at once, since L(mu) does not know
them. Then each remaining rule is left out in turn: when the others still conflict, it stays out. Few rules make this
a handful of warm LPs. Minimal means: without any one of them, multipliers prove nothing about the others. See
Chinneck, "Feasibility and Infeasibility in Optimization" (2008), on deletion and elastic filters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solvers.conflict.elastic import PROVEN, ElasticProgram
from solvers.conflict.rules import FloatArray, Rules


@dataclass(frozen=True)
class Conflict:
    """Rules that no assignment keeps together."""

    rules: tuple[int, ...]
    """Numbers of the rules, ascending."""
    bound: float
    """Least total of what they give, in sizes; above zero, evaluated over all pairs."""
    rows: FloatArray
    """Multiplier of each row in that proof, shape (row,): which rows of the rules it takes."""


def minimal(program: ElasticProgram) -> Conflict | None:
    """Return rules that conflict, none of which can be left out; None when multipliers prove no conflict."""
    rules = program.rules
    proof = program.solve(np.ones(len(rules.size)), enough=PROVEN * 10)
    if not proof.proves:
        return None
    needed = _used(rules, proof.multipliers)
    for rule in tuple(needed):
        if rule not in needed:
            continue
        rest = [other for other in needed if other != rule]
        trial = program.solve(_only(rules, rest), enough=PROVEN * 10) if rest else None
        if trial is not None and trial.proves:
            proof = trial
            needed = [other for other in rest if other in _used(rules, trial.multipliers)]
    return Conflict(tuple(sorted(needed)), proof.bound, proof.multipliers)


def _only(rules: Rules, kept: Sequence[int]) -> FloatArray:
    prices = np.zeros(len(rules.size))
    prices[list(kept)] = 1.0
    return prices


def _used(rules: Rules, multipliers: FloatArray) -> list[int]:
    return [int(rule) for rule in np.unique(rules.group[multipliers != 0])]
