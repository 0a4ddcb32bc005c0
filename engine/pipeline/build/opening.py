"""Opening: the open pipeline, with which the plan starts.

An open deal of age a in its stage leaves it for the next one with the probability that its survival so far
leaves: p S_on(a) / (p S_on(a) + (1 - p) S_lost(a)), S being one minus the law of the days of advancing and of
lost deals; its days go on from the level of the law that the age has reached. A deal older than either law
allows keeps p and closes at once.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.errors import did_you_mean
from engine.inputs import FloatArray, IntArray
from engine.pipeline.build.draft import Draft
from engine.pipeline.build.leads import group, segment_of
from engine.pipeline.draws import ramp
from engine.pipeline.law import reached
from engine.pipeline.model import DEAL, TICKS, Opening, Records, Seats, records
from engine.pipeline.spec import QUEUE

_FIELD = "pipeline.open_stages"


def opening(draft: Draft, stages: Records, seats: Seats) -> Opening:
    """Return the open deals by seat: with the seat of the table, or else with that of their account."""
    deals, calendar = draft.inputs.pipeline, draft.inputs.calendar
    stage = _stages(draft)
    seat = np.where(deals.rep >= 0, deals.rep, np.append(draft.rep_of, -1)[deals.account])
    entered, created = calendar.day(deals.entered), calendar.day(deals.created)
    _refuse_rows(draft, seat < 0, "have neither a rep nor an account")
    _refuse_rows(draft, (stage >= 0) & np.isnan(entered), "are in a stage but have no date")
    _refuse_rows(draft, entered > 0, "start after the plan does")
    age = np.where((stage >= 0) & (entered < 0), -np.nan_to_num(entered), 0.0)
    since = np.where(stage >= 0, np.minimum(np.nan_to_num(created), -age), 0.0)
    nowhere = len(draft.segments)
    segment = np.append(segment_of(draft), nowhere)[deals.account]
    columns = (
        deals.key,
        deals.account,
        segment,
        deals.product,
        deals.amount,
        stage,
        (since * TICKS).astype(np.int64),
        age,
        *_given_age(draft, stage, age, seat, (stages, seats)),
    )
    rows, first = group(np.maximum(seat, 0), len(draft.inputs.reps))
    return Opening(records(DEAL, *columns)[rows], first)


def _stages(draft: Draft) -> IntArray:
    """Index of each open deal's stage; -1 for those in the queue."""
    mapped, deals = draft.spec.open_stages, draft.inputs.pipeline
    place = {stage.name: index for index, stage in enumerate(draft.spec.stages)} | {QUEUE: -1}
    draft.refuse_unknown(dict.fromkeys(mapped.values()), place, "stage", _FIELD)
    for name in dict.fromkeys(deals.stage):
        if name not in mapped and name not in place:
            rows = [key for key, stage in zip(deals.id, deals.stage, strict=True) if stage == name]
            message = f"{len(rows)} open deals are in stage '{name}', unknown to the pipeline: {', '.join(rows[:3])}"
            hint = f"Map it to a stage, or to queue. {did_you_mean(name, place)}"
            draft.refuse("E_REFERENCE", message, hint, _FIELD)
    return np.array([place.get(mapped.get(name, name), -1) for name in deals.stage], dtype=np.int64)


def _refuse_rows(draft: Draft, wrong: NDArray[np.bool_], what: str) -> None:
    rows = [draft.inputs.pipeline.id[row] for row in np.flatnonzero(wrong)]
    if rows:
        message = f"{len(rows)} open deals {what}: {', '.join(rows[:5])}"
        draft.refuse("E_OPEN_DEAL", message, "Correct the rows, or set them aside.", "data.pipeline")


def _given_age(
    draft: Draft, stage: IntArray, age: FloatArray, seat: IntArray, work: tuple[Records, Seats]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return chance to advance, level of the law of advancing and of lost deals, given the age."""
    stages, seats = work
    chance, floor, floor_lost = np.ones(len(stage)), np.zeros(len(stage)), np.zeros(len(stage))
    for row in np.flatnonzero((stage >= 0) & (seat >= 0)):
        at = stage[row]
        p = stages["advance"][at]
        if at == len(stages) - 1:
            p *= ramp(seats, int(seat[row]), int(-age[row] * TICKS))
        floor[row] = reached(draft.tables.knots[stages["law"][at]], age[row])
        floor_lost[row] = reached(draft.tables.knots[stages["law_lost"][at]], age[row])
        on, off = p * (1 - floor[row]), (1 - p) * (1 - floor_lost[row])
        chance[row] = on / (on + off) if on + off > 0 else p
    return chance, floor, floor_lost
