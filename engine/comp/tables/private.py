"""Table of what each person is paid, which is private."""

from __future__ import annotations

from typing import Any

from engine.columns import Column, Table
from engine.comp.ledger import Ledger
from engine.comp.tables.frames import quantile_columns, table
from engine.inputs import Inputs


def payouts(inputs: Inputs, ledger: Ledger) -> Table:
    """Return pay by spell, component and period."""
    columns = [
        Column("spell", "text", "Spell of a person in a seat."),
        Column("person", "text", "Person."),
        Column("rep", "text", "Seat."),
        Column("period", "text", "Period of payment, or `year`."),
        Column("component", "text", "Component of the plan."),
        *quantile_columns((10, 50, 90)),
    ]
    periods = (*inputs.calendar.labels, "year")
    rows: dict[tuple[int, int], list[tuple[Any, ...]]] = {}
    for order, line in enumerate(ledger.lines):
        for i, spell in enumerate(line.spells):
            who = (
                inputs.spells.id[spell],
                inputs.spells.person[spell],
                inputs.reps.id[inputs.spells.rep[spell]],
            )
            rows[int(spell), order] = [
                (*who, label, line.label, line.mean[i, p], *line.quantiles[:, i, p])
                for p, label in enumerate(periods)
            ]
    ordered = [row for key in sorted(rows) for row in rows[key]]
    return table("payouts", "What each person is paid.", columns, ordered, private=True)
