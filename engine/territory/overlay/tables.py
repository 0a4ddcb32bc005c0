"""Tables of the overlays: who serves which account beside its owner, and what each of them carries."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.columns import Column, Table
from engine.inputs import Inputs, IntArray
from engine.territory.measure import WORKLOAD_SCALE
from engine.territory.overlay.spec import Overlay
from engine.territory.overlay.world import covered
from engine.territory.planning.table import table_of

Answered = tuple[Overlay, Inputs, IntArray]
"""An overlay, its world, and the seat of each of its accounts."""
OVERLAY = Column("overlay", "text", "Name of the overlay")
SEAT = Column("overlay_seat", "text", "Seat of the overlay")


def overlay_tables(inputs: Inputs, rep_of: IntArray, answers: Sequence[Answered]) -> tuple[Table, Table]:
    """Return overlay_alignment and overlay_seats; `rep_of` is the core seat of each account of the tables."""
    return _alignment(inputs, rep_of, answers), _seats(inputs, rep_of, answers)


def _alignment(inputs: Inputs, rep_of: IntArray, answers: Sequence[Answered]) -> Table:
    columns = (
        OVERLAY,
        Column("account", "text", "Id of the account"),
        Column("rep", "text", "Seat that owns the account and is credited with it"),
        SEAT,
    )
    rows = [
        (overlay.name, world.accounts.id[k], inputs.reps.id[rep_of[i]], world.reps.id[seats[k]])
        for overlay, world, seats in answers
        for k, i in enumerate(covered(inputs, overlay).tolist())
    ]
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    return table_of("overlay_alignment", columns, values, "Who serves each account beside its owner")


def _seats(inputs: Inputs, rep_of: IntArray, answers: Sequence[Answered]) -> Table:
    columns = (
        OVERLAY,
        SEAT,
        Column("name", "text", "Name of the seat"),
        Column("territories", "whole", "Core territories with an account of the seat"),
        Column("accounts", "whole", "Accounts served"),
        Column("potential", "money", "Potential of the accounts served"),
        Column("workload", "real", "Workload of the accounts served", "as in the table of accounts"),
    )
    rows = []
    for overlay, world, seats in answers:
        core = rep_of[covered(inputs, overlay)]
        for j, name in enumerate(world.reps.id):
            mine = np.flatnonzero(seats == j)
            potential, hours = world.accounts.potential[mine], world.accounts.workload[mine]
            rows.append((
                overlay.name, name, world.reps.name[j], len(np.unique(core[mine])), len(mine),
                int(potential.sum()), int(hours.sum()) / WORKLOAD_SCALE,
            ))  # fmt: skip
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    return table_of("overlay_seats", columns, values, "What each seat of an overlay carries")
