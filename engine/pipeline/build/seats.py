"""Seats: slots, who sits there when, and how long people need to ramp."""

from __future__ import annotations

import numpy as np

from engine.pipeline.build.draft import Draft
from engine.pipeline.model import NEVER, SPELL, TICKS, Seats, records

_LONG_AGO = -100_000 * TICKS


def seats(draft: Draft) -> Seats:
    """Return who can work and when. Without any spell in the inputs every seat is held, by people long ramped."""
    reps, spells = draft.inputs.reps, draft.inputs.spells
    none = [reps.id[seat] for seat in np.flatnonzero((reps.slots != -1) & (reps.slots < 1))]
    if none:
        message = f"{len(none)} seats have no slots to work in: {', '.join(none[:5])}"
        draft.refuse("E_RANGE", message, "Give at least 1, or leave the cell blank.", "pipeline.slots")
    slots = np.where(reps.slots > 0, reps.slots, draft.spec.slots).astype(np.int64)
    ramp = np.array([float(ratio) for ratio in draft.spec.ramp])
    if len(spells) == 0:
        first = np.arange(len(reps) + 1, dtype=np.int64)
        always = records(SPELL, np.full(len(reps), _LONG_AGO), np.full(len(reps), NEVER))
        return Seats(slots, always, first, ramp)
    start = draft.inputs.calendar.start
    begin = (spells.start.astype("datetime64[D]") - start).astype(np.int64) * TICKS
    open_ended = np.isnat(spells.end)
    last = np.where(open_ended, start, spells.end).astype("datetime64[D]")
    end = np.where(open_ended, NEVER, (last - start).astype(np.int64) * TICKS)
    order = np.lexsort((begin, spells.rep))
    first = np.searchsorted(spells.rep[order], np.arange(len(reps) + 1)).astype(np.int64)
    return Seats(slots, records(SPELL, begin[order], end[order]), first, ramp)
