"""Opening: the open pipeline, with which the simulation starts.

An open deal of age a in its stage leaves it for the next one with the probability that its survival so far
leaves: p S_on(a) / (p S_on(a) + (1 - p) S_lost(a)), S being one minus the law of the days of advancing and of
other deals; its days go on from the level of the law that the age has reached. A deal older than either law
allows keeps p and closes at once.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.errors import did_you_mean
from engine.inputs import IntArray
from engine.pipeline.build.draft import Draft
from engine.pipeline.build.leads import group, rank
from engine.pipeline.build.stages import Rows
from engine.pipeline.law import reached
from engine.pipeline.layout import DEAL, NEVER, TICKS, Records, records
from engine.pipeline.model import Opening, Seats
from engine.pipeline.spec import IGNORED, QUEUE

_FIELD = "pipeline.open_stages"
_LEFT_OUT = -2
"""Stage of deals that are ignored."""


def opening(draft: Draft, rows: Rows, seats: Seats) -> Opening:
    """Return the open deals by seat: with the seat of the table, or else with that of their account."""
    deals, calendar = draft.inputs.pipeline, draft.inputs.calendar
    stage = _stages(draft)
    seat = np.where(deals.rep >= 0, deals.rep, np.append(draft.rep_of, -1)[deals.account])
    entered, created = calendar.day(deals.entered) - draft.start, calendar.day(deals.created) - draft.start
    _refuse_rows(draft, (seat < 0) & (stage != _LEFT_OUT), "have neither a rep nor an account")
    _refuse_rows(draft, (stage >= 0) & np.isnan(entered), "are in a stage but have no date")
    _refuse_rows(draft, entered > 0, "start after the simulation does")
    age = np.where((stage >= 0) & (entered < 0), -np.nan_to_num(entered), 0.0)
    since = np.where(stage >= 0, np.minimum(np.nan_to_num(created), -age), 0.0)
    segment = draft.segment_of[deals.account]
    start = draft.start * TICKS
    table = records(
        DEAL, deals.key, seat, deals.account, segment, deals.product, deals.amount, _ranks(draft, segment), stage,
        start + (since * TICKS).astype(np.int64), age, -1, 1.0, 0.0, 0.0,
    )  # fmt: skip
    for place in np.flatnonzero((stage >= 0) & (seat >= 0)):
        _given_age(draft, table[place], start - round(age[place] * TICKS), rows, seats)
    followed = stage != _LEFT_OUT
    order, first = group(np.maximum(seat[followed], 0), len(draft.inputs.reps))
    return Opening(table[followed][order], first)


def _ranks(draft: Draft, segment: IntArray) -> IntArray:
    """Class of each open deal in a queue; one whose source the table does not tell comes last among sources."""
    sources = draft.inputs.pipeline.source or ("",) * len(segment)
    names = (*draft.segments, "")
    return np.array(
        [rank(draft, source, names[place]) for source, place in zip(sources, segment, strict=True)],
        dtype=np.int64,
    )


def _stages(draft: Draft) -> IntArray:
    """Index of each open deal's stage; -1 for those in the queue, _LEFT_OUT for those that are ignored."""
    mapped, deals = draft.spec.open_stages, draft.inputs.pipeline
    place = {stage.name: index for index, stage in enumerate(draft.spec.stages)} | {
        QUEUE: -1,
        IGNORED: _LEFT_OUT,
    }
    draft.refuse_unknown(dict.fromkeys(mapped.values()), place, "stage", _FIELD)
    for name in dict.fromkeys(deals.stage):
        if name not in mapped and name not in place:
            rows = [key for key, stage in zip(deals.id, deals.stage, strict=True) if stage == name]
            message = f"{len(rows)} open deals are in stage '{name}', unknown to the pipeline: {', '.join(rows[:3])}"
            hint = f"Map it to a stage, to queue, or to ignored. {did_you_mean(name, place)}"
            draft.refuse("E_REFERENCE", message, hint, _FIELD)
    return np.array([place.get(mapped.get(name, name), -1) for name in deals.stage], dtype=np.int64)


def _refuse_rows(draft: Draft, wrong: NDArray[np.bool_], what: str) -> None:
    rows = [draft.inputs.pipeline.id[row] for row in np.flatnonzero(wrong)]
    if rows:
        message = f"{len(rows)} open deals {what}: {', '.join(rows[:5])}"
        draft.refuse("E_OPEN_DEAL", message, "Correct the rows, or set them aside.", "data.pipeline")


def _given_age(draft: Draft, deal: Records, entered: int, rows: Rows, seats: Seats) -> None:
    """Write the row of a deal in a stage since a tick, and what its age makes of its chance and its law."""
    tenure = _tenure(seats, int(deal["seat"]), entered)
    at = rows.at(int(deal["stage"]), int(deal["segment"]), int(deal["amount"]), tenure, entered)
    row, age, knots = rows.row[at], float(deal["age"]), draft.tables.knots
    p = float(row["advance"])
    floor, floor_lost = reached(knots[row["law"]], age), reached(knots[row["law_lost"]], age)
    on, off = p * (1 - floor), (1 - p) * (1 - floor_lost)
    deal["row"], deal["chance"] = at, on / (on + off) if on + off > 0 else p
    deal["floor"], deal["floor_lost"] = floor, floor_lost


def _tenure(seats: Seats, seat: int, tick: int) -> int:
    """Ticks in the seat of who last took it up to a tick; NEVER before anybody did."""
    mine = seats.spell[seats.first[seat] : seats.first[seat + 1]]
    begun = mine[mine["begin"] <= tick]
    return tick - int(begun["since"][-1]) if len(begun) else NEVER
