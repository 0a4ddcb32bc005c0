"""Leads: how many arise at each account, and which seat they go to."""

from __future__ import annotations

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.pipeline.build.draft import Draft
from engine.pipeline.build.season import season
from engine.pipeline.model import ACCOUNT, Arising, records

_FIELD = "pipeline.arrivals"


def segment_of(draft: Draft) -> IntArray:
    """Index of each account's segment, shape (account,)."""
    index = {segment: place for place, segment in enumerate(draft.segments)}
    return np.array([index[segment] for segment in draft.inputs.accounts.segment], dtype=np.int64)


def group(owner: IntArray, owners: int) -> tuple[IntArray, IntArray]:
    """Return (rows ordered by owner, first row of each owner and the end), in the order of rows within an owner."""
    rows = np.argsort(owner, kind="stable").astype(np.int64)
    first = np.searchsorted(owner[rows], np.arange(owners + 1)).astype(np.int64)
    return rows, first


def leads(draft: Draft) -> Arising:
    """Spread the leads of a year over accounts and over the plan, and group accounts by seat."""
    edge, mass, years = season(draft)
    account, first = group(draft.rep_of, len(draft.inputs.reps))
    segment = segment_of(draft)
    rate = _yearly(draft, segment) * years
    return Arising(records(ACCOUNT, draft.inputs.accounts.key, rate, segment), account, first, edge, mass)


def _weights(draft: Draft) -> FloatArray:
    assert draft.spec.arrivals is not None
    inputs, count = draft.inputs, len(draft.inputs.accounts)
    if draft.spec.arrivals.spread == "even":
        return np.ones(count)
    if draft.spec.arrivals.spread == "history":
        known = np.concatenate((inputs.history.account, inputs.pipeline.account))
        return np.bincount(known[known >= 0], minlength=count) + np.ones(count)
    return np.maximum(inputs.accounts.potential.astype(np.float64), 0.0)


def _yearly(draft: Draft, segment: IntArray) -> FloatArray:
    """Return the expected leads a year of each account."""
    spec = draft.spec.arrivals
    assert spec is not None
    weights = _weights(draft)
    if spec.leads is not None:
        return _share_out(draft, spec.leads, weights, "the plan")
    draft.refuse_unknown(spec.by_segment, draft.segments, "segment", f"{_FIELD}.by_segment")
    yearly = np.zeros(len(weights))
    for place, name in enumerate(draft.segments):
        inside = segment == place
        yearly[inside] = _share_out(
            draft, spec.by_segment.get(name, 0.0), weights[inside], f"segment '{name}'"
        )
    return yearly


def _share_out(draft: Draft, total: float, weights: FloatArray, of: str) -> FloatArray:
    whole = float(weights.sum())
    if total > 0 and whole <= 0:
        draft.refuse(
            "E_RANGE", f"no account of {of} has a potential", "Use spread: even.", f"{_FIELD}.spread"
        )
    shares: FloatArray = weights * (total / whole) if whole > 0 else weights
    return shares
