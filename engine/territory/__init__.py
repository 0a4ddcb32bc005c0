"""Territories: which seat owns each account.

    alignment = design(inputs, spec, seed=..., progress=...)
    sentences = violations(inputs, spec, alignment.rep_of)

What they need is imported when they are called, so that reading a scenario loads no solver.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from engine.errors import Fault
    from engine.inputs import Inputs, IntArray
    from engine.progress import Progress
    from engine.territory.alignment import Alignment
    from engine.territory.solving.contraction import Contraction
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
    from engine.territory.planning import plan as planning
    from engine.territory.solving.search import standing

    alignment = planning.plan(inputs, spec, seed=seed, progress=progress)
    whole = alignment.solves[0]
    progress.update(standing(whole.objective, whole.bound))
    return alignment


def violations(inputs: Inputs, spec: TerritorySpec, rep_of: IntArray) -> list[str]:
    """Return a sentence for each rule that a finished alignment breaks; plain checks, no model.

    `rep_of` is the seat of each account, shape (account,).
    """
    from engine.territory import checks
    from engine.territory.planning.rules import seen

    return checks.violations(*seen(inputs, spec), rep_of)


def seated(inputs: Inputs, spec: TerritorySpec, tables: Mapping[str, pd.DataFrame]) -> Inputs:
    """Return the tables with the seats that the alignment speaks of: today's, or those that a headcount adopted.

    `tables` are those of the run by name.

    Raises:
        VerificationFailed: they do not say which seats were adopted.

    """
    from engine.territory.headcount.seated import seated as with_adopted

    return with_adopted(inputs, spec.headcount, tables)


def table_violations(
    inputs: Inputs, spec: TerritorySpec, rep_of: IntArray, tables: Mapping[str, pd.DataFrame]
) -> list[str]:
    """Return a sentence for each rule or figure that finished overlays and a re-carve break; plain checks, no model.

    `inputs` has the seats of the run (`seated`). `tables` are those of the run by name, as they lie on the disk.
    """
    from engine.territory.planning import checks as planning_checks

    return planning_checks.table_violations(inputs, spec, rep_of, tables)


def headcount_violations(
    inputs: Inputs, spec: TerritorySpec, tables: Mapping[str, pd.DataFrame]
) -> list[str]:
    """Return a sentence for each figure of a headcount that does not hold; plain checks, no model.

    `inputs` has today's seats, `tables` are those of the run by name.
    """
    if spec.headcount is None or "headcount" not in tables:
        return []
    from engine.territory.headcount import checks as headcount_checks
    from engine.territory.planning.rules import seen

    return headcount_checks.headcount_violations(*seen(inputs, spec), spec.headcount, tables)


def units_of(inputs: Inputs, spec: TerritorySpec) -> Contraction:
    """Return every declaration of the rules over units, and the units: what a certificate is evaluated on."""
    from engine.territory.planning.rules import seen
    from engine.territory.problem import gather

    return gather(*seen(inputs, spec)).contract()


def faults(inputs: Inputs, spec: TerritorySpec) -> list[Fault]:
    """Return all that does not fit the tables, before anything is solved."""
    from engine.territory import fitting

    return fitting.faults(inputs, spec)


def with_edits(inputs: Inputs, spec: TerritorySpec, base: Path, roots: Sequence[Path] = ()) -> Inputs:
    """Return the inputs with what the files hold that the territories name: locks, and a plan to start from.

    Args:
        inputs: the tables of the scenario.
        spec: its territories.
        base: folder of the scenario, below which the files lie.
        roots: further folders granted by the user.

    Raises:
        BadInput: every fault of every file, each with file, row and column.

    """
    from engine.territory.edits import files as edits

    return edits.with_edits(inputs, spec, base, roots)
