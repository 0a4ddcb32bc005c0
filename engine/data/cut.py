"""The cut: what was known on a day. Deals that were made later are gone, deals that closed later are open."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.calendar import Calendar
from engine.data.deals import OPEN, UNKNOWN, Deals
from engine.data.raw import BoolArray
from engine.data.spec import OpportunitiesTable
from engine.data.verdicts import Verdicts
from engine.errors import Fault


def last_known(spec: OpportunitiesTable | None, calendar: Calendar, verdicts: Verdicts) -> np.datetime64:
    """Return the last day of which the engine may know: that of the table, or the day before what lies ahead."""
    eve = calendar.today - np.timedelta64(1, "D")
    if spec is None or spec.known_at is None:
        return eve
    known = np.datetime64(spec.known_at, "D")
    if known > eve:
        ahead = f"as_of {calendar.as_of}" if calendar.as_of else f"the plan, which starts on {calendar.start}"
        message = f"known_at {known} does not lie before {ahead}"
        field = "data.opportunities.known_at"
        verdicts.faults.append(Fault("E_DATE", message, f"Give {eve} or an earlier day.", field=field))
    return known


def cut(table: Deals, known: np.datetime64, stage: str) -> None:
    """Take back what happened after a day: `table` then holds what was known at its end.

    Args:
        table: deals, changed in place.
        known: last day known.
        stage: open stage of deals that moved or closed later.

    """
    rows = table.rows

    def say(row: int) -> str:
        return str(table.id[row])

    rows.drop(table.created > known, f"created after {known}", say, "created")
    if (table.created > known).any() or (table.closed > known).any():
        # The file tells of days after the cut, so nobody can say whether these deals were there.
        rows.drop(
            np.isnat(table.created), f"no created date, in a file that goes on after {known}", say, "created"
        )
    reopened = (table.outcome != OPEN) & (table.closed > known)
    moved = (table.outcome == OPEN) & (table.entered > known)
    rows.note(reopened, f"closed after {known}: open, amount unknown", say, "closed", "mapped")
    rows.note(moved, f"moved after {known}: stage unknown", say, "entered", "mapped")
    back = (reopened | moved) & rows.keep
    if back.any():
        _move_back(table, back, reopened, known, stage)


def _move_back(table: Deals, back: BoolArray, reopened: BoolArray, known: np.datetime64, stage: str) -> None:
    if not stage:
        message = (
            f"{int(back.sum()):,} deals moved or closed after {known}, and nobody says where they stood then"
        )
        hint = "Name their open stage, such as stage_at_cut: Engaging."
        field = f"data.{table.rows.table}"
        table.rows.verdicts.faults.append(Fault("E_REQUIRED", message, hint, field=field))
    table.outcome = np.where(reopened, np.int8(OPEN), table.outcome).astype(np.int8)
    table.amount = np.where(reopened, UNKNOWN, table.amount)
    table.closed = np.where(reopened, np.datetime64("NaT", "D"), table.closed)
    table.entered = np.where(back & (table.entered > known), table.created, table.entered)
    table.stage = pc.if_else(pa.array(back), stage, table.stage)
