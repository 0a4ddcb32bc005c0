"""Leads: how many arise at each account from each source, when, and how they find a seat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.inputs import FloatArray, IntArray, KeyArray, digest
from engine.pipeline.build.draft import Draft
from engine.pipeline.build.pools import Pools
from engine.pipeline.build.season import Seasons
from engine.pipeline.layout import OWNER, SPRING, Records, records
from engine.pipeline.model import Arising, Routes
from engine.pipeline.spec import Arrivals


def group(owner: IntArray, owners: int) -> tuple[IntArray, IntArray]:
    """Return (rows ordered by owner, first row of each owner and the end), in the order of rows within an owner."""
    rows = np.argsort(owner, kind="stable").astype(np.int64)
    first = np.searchsorted(owner[rows], np.arange(owners + 1)).astype(np.int64)
    return rows, first


@dataclass(frozen=True)
class Leads:
    """Where leads arise, and what that rests on."""

    arising: Arising
    routes: Routes
    variance: FloatArray
    """Variance of each gamma factor."""
    key: KeyArray
    """Key of each factor."""
    groups: tuple[tuple[int, ...], ...]
    """Factors of each group of springs."""


def leads(draft: Draft) -> Leads:
    """Spread the leads of every source over accounts and over the plan."""
    seasons, pools, groups = Seasons(draft), Pools(draft), _Groups(draft)
    parts = [
        _springs(draft, place, name, (seasons, pools, groups))
        for place, name in enumerate(draft.spec.leads_by_source)
    ]
    spring = np.concatenate(parts) if parts else np.empty(0, SPRING)
    seats = len(draft.inputs.reps)
    rows, first = group(np.where(spring["owner"] >= 0, spring["owner"], seats), seats)
    arising = Arising(spring[rows], first, seasons.edges, seasons.mass)
    variance = np.array(list(groups.variance.values()), dtype=np.float64)
    return Leads(arising, pools.routes(), variance, digest(tuple(groups.variance)), tuple(groups.factors))


class _Groups:
    """Groups of springs with the same factors: one of their source, one of their source and segment, or both."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.variance: dict[str, float] = {}
        """Variance of each factor by its name."""
        self.factors: list[tuple[int, ...]] = []
        """Factors of each group."""

    def of(self, source: str, segment: str) -> int:
        """Return the group of a source and segment, -1 for none."""
        found = list[int]()
        for together, name in ((False, f"{source}\n{segment}"), (True, source)):
            fitting = [
                one.variance
                for one in self.draft.changes.dispersion
                if one.together == together
                and (not one.segments or segment in one.segments)
                and (not one.sources or source in one.sources)
            ]
            if fitting:
                self.variance.setdefault(name, fitting[-1])
                found.append(list(self.variance).index(name))
        if not found:
            return -1
        if tuple(found) not in self.factors:
            self.factors.append(tuple(found))
        return self.factors.index(tuple(found))


def _springs(draft: Draft, place: int, source: str, parts: tuple[Seasons, Pools, _Groups]) -> Records:
    """Return the springs of a source, one at each account with leads, or one in each segment."""
    seasons, pools, groups = parts
    arrivals = draft.spec.leads_by_source[source]
    where = f"pipeline.sources.{source}" if draft.spec.sources else "pipeline.arrivals"
    new = arrivals.spread == "new"
    segments = (*draft.segments, "")
    segment = np.arange(len(segments)) if new else draft.segment_of[:-1]
    yearly = _yearly(draft, arrivals, segment, where)
    shapes = [
        seasons.add(arrivals.seasonality or draft.spec.seasonality, source, name, where) for name in segments
    ]
    shape, years = np.array([s for s, _ in shapes])[segment], np.array([y for _, y in shapes])[segment]
    owner = np.full(len(segment), -1) if new else draft.rep_of
    ids = tuple(f"new:{name}" for name in segments) if new else draft.inputs.accounts.id
    keys = digest(ids) if not draft.spec.sources else digest([f"{source}\n{name}" for name in ids])
    ranks = np.array([rank(draft, source, name) for name in segments], dtype=np.int64)
    route = pools.of(arrivals.routing, owner, segment, yearly > 0, f"{where}.routing")
    spring = records(
        SPRING, keys, yearly * years, -1 if new else np.arange(len(segment)), segment, place, shape,
        np.array([groups.of(source, name) for name in segments], dtype=np.int64)[segment], route,
        np.where(route == OWNER, owner, -1), ranks[segment], draft.tables.add_or_none(arrivals.patience),
    )  # fmt: skip
    return spring[yearly > 0] if new else spring


def rank(draft: Draft, source: str, segment: str) -> int:
    """Return the class of leads, by every priority in order."""
    found = 0
    for of in draft.changes.rank:
        found = found * 1_000 + min(of(source, segment), 999)
    return found


def _weights(draft: Draft, arrivals: Arrivals, count: int) -> FloatArray:
    inputs = draft.inputs
    if arrivals.spread == "history":
        known = np.concatenate((inputs.history.account, inputs.pipeline.account))
        return np.bincount(known[known >= 0], minlength=count) + np.ones(count)
    if arrivals.spread == "potential":
        return np.maximum(inputs.accounts.potential.astype(np.float64), 0.0)
    return np.ones(count)


def _yearly(draft: Draft, arrivals: Arrivals, segment: IntArray, where: str) -> FloatArray:
    """Return the expected leads a year of each account, or of each segment for leads without one."""
    draft.refuse_unknown(arrivals.by_segment, draft.segments, "segment", f"{where}.by_segment")
    if arrivals.spread == "new":
        nowhere = np.array([arrivals.by_segment.get(name, 0.0) for name in draft.segments] + [0.0])
        nowhere[-1] = arrivals.leads or 0.0
        return np.asarray(nowhere, dtype=np.float64)
    weights = _weights(draft, arrivals, len(segment))
    if arrivals.leads is not None:
        return _share_out(draft, arrivals.leads, weights, "the plan", where)
    yearly = np.zeros(len(weights))
    for place, name in enumerate(draft.segments):
        inside, total = segment == place, arrivals.by_segment.get(name, 0.0)
        yearly[inside] = _share_out(draft, total, weights[inside], f"segment '{name}'", where)
    return yearly


def _share_out(draft: Draft, total: float, weights: FloatArray, of: str, where: str) -> FloatArray:
    whole = float(weights.sum())
    if total > 0 and whole <= 0:
        draft.refuse("E_RANGE", f"no account of {of} has a potential", "Use spread: even.", f"{where}.spread")
    shares: FloatArray = weights * (total / whole) if whole > 0 else weights
    return shares
