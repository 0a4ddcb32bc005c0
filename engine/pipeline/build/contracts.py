"""Contracts: the installed base, and how it renews."""

from __future__ import annotations

import numpy as np

from engine.pipeline.build.draft import Draft
from engine.pipeline.build.leads import group
from engine.pipeline.layout import CONTRACT, MONTH, RENEWING, TICKS, records
from engine.pipeline.model import Base


def contracts(draft: Draft) -> Base:
    """Return the contracts by seat with the rules that hold for them; those that no rule names stay as they are."""
    rules, seats = draft.changes.renewals, len(draft.inputs.reps)
    rule = records(
        RENEWING,
        np.array([one.churn for one in rules]),
        np.array([draft.tables.add(one.factor) for one in rules], dtype=np.int64),
        np.array([one.expansions for one in rules]),
        np.array([draft.tables.add(one.expansion) for one in rules], dtype=np.int64),
    )
    base = draft.inputs.contracts
    if base is None or not rules:
        return Base(np.empty(0, CONTRACT), np.zeros(seats + 1, dtype=np.int64), rule)
    segment = draft.segment_of[base.account]
    of_segment = [_rule_of(draft, name) for name in (*draft.segments, "")]
    which = np.array(of_segment, dtype=np.int64)[segment]
    seat = np.where(base.rep >= 0, base.rep, np.append(draft.rep_of, -1)[base.account])
    renews = (base.renews.astype("datetime64[D]") - draft.inputs.calendar.start).astype(np.int64) * TICKS
    table = records(
        CONTRACT,
        base.key,
        seat,
        base.account,
        segment,
        base.product,
        base.amount,
        renews,
        base.months * MONTH,
        which,
    )
    kept = table[which >= 0]
    order, first = group(kept["seat"], seats)
    return Base(kept[order], first, rule)


def _rule_of(draft: Draft, segment: str) -> int:
    """Return the last rule that concerns a segment, -1 for none."""
    found = [k for k, one in enumerate(draft.changes.renewals) if not one.segments or segment in one.segments]
    return found[-1] if found else -1
