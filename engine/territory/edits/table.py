"""Table of the locks: which account is fixed to which seat, where that comes from, and why."""

from __future__ import annotations

from engine.columns import Column, Table
from engine.inputs import Inputs
from engine.territory.constraints.lock import Lock
from engine.territory.planning.table import table_of
from engine.territory.spec import TerritorySpec


def locks_table(inputs: Inputs, spec: TerritorySpec) -> Table:
    """Return every lock of a scenario in the order of its rules and of the rows of their files."""
    columns = (
        Column("account", "text", "Account that is fixed"),
        Column("rep", "text", "Seat that it is fixed to"),
        Column("from", "text", "What fixed it: a rule of the scenario, or a row of a file"),
        Column("reason", "text", "Why, where the file or the name of the rule says it"),
    )
    rows = [
        (
            inputs.accounts.id[account],
            inputs.reps.id[rep],
            source if rule.file else f"{rule.place(place)} ({source})",
            reason or None,
        )
        for place, rule in enumerate(spec.constraints)
        if isinstance(rule, Lock)
        for account, rep, source, reason in rule.locked(inputs)
    ]
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    return table_of("locks", columns, values, "Accounts that were fixed beforehand")
