"""Territories: which seat owns each account.

    alignment = design(inputs, spec, seed=..., progress=...)
    sentences = violations(inputs, spec, alignment.rep_of)

What they need is imported when they are called, so that reading a scenario loads no solver.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.inputs import Inputs, IntArray
    from engine.progress import Progress
    from engine.territory.alignment import Alignment
    from engine.territory.spec import TerritorySpec


def design(inputs: Inputs, spec: TerritorySpec, *, seed: int, progress: Progress) -> Alignment:
    """Give each account to one seat at the least cost that the rules allow, with a proven bound.

    Raises:
        BadInput: the rules do not fit the tables.
        Infeasible: no alignment keeps the rules, proved by arithmetic or by two routes.
        NoPlan: a limit was reached before there was an alignment.
        VerificationFailed: an independent check contradicts the answer.
        DesignInterrupted: a KeyboardInterrupt whose `alignment` is the best verified plan so far, or None.

    """
    from engine.territory import stage

    return stage.align(inputs, spec, seed=seed, progress=progress)


def violations(inputs: Inputs, spec: TerritorySpec, rep_of: IntArray) -> list[str]:
    """Return a sentence for each rule that a finished alignment breaks; plain checks, no model.

    `rep_of` is the seat of each account, shape (account,).
    """
    from engine.territory import checks

    return checks.violations(inputs, spec, rep_of)
