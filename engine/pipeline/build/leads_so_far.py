"""Leads so far: what their number tells of the market that multiplies them, and of the factors of sources."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from engine.inputs import FloatArray, IntArray, Opportunities
from engine.pipeline.build.draft import Draft
from engine.pipeline.build.leads import Leads, leads
from engine.pipeline.factors import Spreads


class Counted(NamedTuple):
    """Leads that arose in the plan before `as_of`, closed or open."""

    number: int
    expected: float
    """With all factors at 1."""
    variance: float
    """Of count over expected, beside the market."""
    seen: FloatArray
    """Of each group of springs, as far as the tables tell their source; shape (group,)."""
    of_group: FloatArray
    """Expected of each group, in the share of all leads whose source is told; 0 for what no account has."""
    note: str | None
    """What is not told, in a sentence."""


def counted(draft: Draft, found: Leads, spreads: Spreads) -> Counted | str:
    """Count them; or say why they tell nothing, without a full stop."""
    inputs = draft.inputs
    assert inputs.actuals is not None
    if not (inputs.actuals.outcome == 0).any():
        return "No lost deal is among the actuals, so they do not tell how many leads there were"
    whole = Draft(
        replace(inputs, calendar=replace(inputs.calendar, as_of=None)),
        draft.rep_of,
        draft.spec,
        draft.changes,
    )
    spring = found.arising.spring
    rate = leads(whole).arising.spring["rate"] - spring["rate"]
    expected = float(rate.sum())
    if expected <= 0:
        return "No leads were expected so far"
    groups = len(found.groups)
    of_group = np.array([rate[spring["group"] == place].sum() for place in range(groups)])
    variance = 1 / expected
    for factor, own in enumerate(spreads.group):
        mine = [place for place, members in enumerate(found.groups) if factor in members]
        variance += float(of_group[mine].sum() / expected) ** 2 * float(own)
    parts = [(part, part.created >= inputs.calendar.start) for part in (inputs.actuals, inputs.pipeline)]
    source = np.concatenate([_source(draft, part)[new] for part, new in parts])
    segment = np.concatenate([draft.segment_of[part.account][new] for part, new in parts])
    told = source >= 0
    placed = (spring["account"] >= 0) | (spring["segment"] == len(draft.segments))
    share = float(told.mean()) if len(source) else 1.0
    seen = _by_group(draft, found, source[told], segment[told])
    known = np.array([(rate * placed)[spring["group"] == place].sum() for place in range(groups)])
    note = None
    if groups and share < 1:
        note = (
            f"{(~told).sum():,} of {len(source):,} leads so far name no source of the pipeline; the others tell of the "
            "factors of sources, as if those left out were like them."
        )
    return Counted(len(source), expected, variance, seen, known * share, note)


def _source(draft: Draft, deals: Opportunities) -> IntArray:
    """Index of the source of each deal; -1 where it is not told."""
    index = {name: place for place, name in enumerate(draft.sources)}
    if len(index) == 1:
        return np.zeros(len(deals), dtype=np.int64)
    words = deals.source or ("",) * len(deals)
    return np.array([index.get(word, -1) for word in words], dtype=np.int64)


def _by_group(draft: Draft, found: Leads, source: IntArray, segment: IntArray) -> FloatArray:
    """Count leads by the group of springs of their source and segment."""
    spring = found.arising.spring
    group = np.full((len(draft.sources), len(draft.segments) + 1), -1, dtype=np.int64)
    group[spring["source"], spring["segment"]] = spring["group"]
    mine = group[source, segment]
    return np.bincount(mine[mine >= 0], minlength=len(found.groups)).astype(np.float64)
