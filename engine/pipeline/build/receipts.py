"""Receipts: when customers pay, where a measure counts with their cash."""

from __future__ import annotations

import numpy as np

from engine.measures import KINDS, Measures
from engine.pipeline.build.draft import Draft
from engine.pipeline.layout import BOOKING, TICKS, Records, records
from engine.pipeline.receipts import Receipts


def receipts(draft: Draft, measures: Measures) -> Receipts | None:
    """Return when customers pay; None where nothing says it, and no measure counts with their cash."""
    cash = [place for place, measure in enumerate(measures.values()) if measure.basis == "cash"]
    paying = draft.changes.paying
    if not cash and not paying:
        return None
    field = f"measures.{list(measures)[cash[0]]}.basis" if cash else "pipeline.processes"
    if "" not in paying:
        message = "nothing says when customers pay" + (" who are in no named segment" if paying else "")
        hint = "Add {kind: payment, terms: 30, before_plan: left_out} to `pipeline.processes`."
        draft.refuse("E_REQUIRED", message, hint, field)
        return None
    if draft.inputs.actuals is not None:
        if cash:
            message = "with `as_of`, nothing says which of the deals that were won so far are paid"
            draft.refuse("E_UNSUPPORTED", message, "Leave `as_of` out, or use basis: booking.", field)
        return None
    by_segment = [paying.get(segment, paying[""]) for segment in (*draft.segments, "")]
    return Receipts(
        np.array(cash, dtype=np.int64),
        np.array([draft.tick(one.terms) for one in by_segment], dtype=np.int64),
        np.array([draft.tables.add_or_none(one.late) for one in by_segment], dtype=np.int64),
        _earlier(draft, np.array([one.earlier for one in by_segment])),
    )


def _earlier(draft: Draft, counts: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Records:
    """Return deals that were won before the plan, of seats that are known, whose segments count, by tick."""
    deals = draft.inputs.history
    day = draft.inputs.calendar.day(deals.closed)
    segment = draft.segment_of[deals.account]
    kinds = np.array([KINDS.index(kind) for kind in deals.kind] or [0] * len(deals), dtype=np.int64)
    seat = np.where(deals.rep >= 0, deals.rep, np.append(draft.rep_of, -1)[deals.account])
    there = np.flatnonzero((deals.outcome == 1) & (seat >= 0) & (day < 0) & counts[segment])
    rows = there[np.argsort(day[there], kind="stable")]
    columns = (
        (day[rows] * TICKS).astype(np.int64), deals.key[rows], seat[rows], kinds[rows], segment[rows],
        deals.product[rows], np.maximum(deals.amount[rows], 0),
    )  # fmt: skip
    return records(BOOKING, *columns) if rows.size else np.zeros(0, BOOKING)
