"""Telling: the tables of methods, and of difficulty where a method makes chances equal."""

from __future__ import annotations

from math import nan

import numpy as np

from engine.columns import Table
from engine.inputs import IntArray
from engine.pipeline.bookings import Bookings
from engine.progress import Progress
from engine.quota.difficulty import tables
from engine.quota.difficulty.equal import Equal
from engine.quota.method import Basis
from engine.quota.spec import QuotaSpec


def told(
    basis: Basis,
    bookings: Bookings,
    spec: QuotaSpec,
    cells: IntArray,
    equal: Equal | None,
    progress: Progress,
) -> tuple[Table, ...]:
    """Return what the methods tell, and how hard the quotas are: `cells` of shape (rep, product, period)."""
    made = tuple(table for method in spec.methods if method.weight > 0 for table in method.tables(basis))
    looking = any(method.equalises and method.weight > 0 for method in spec.methods)
    if not looking and not spec.fresh:
        return made
    quota = cells.sum(axis=(1, 2))
    fresh = None
    count = len(basis.credit) if spec.fresh is None else spec.fresh
    if count and bookings.fresh is not None:
        progress.update("chances on fresh replications")
        cube = bookings.fresh(count)
        fresh = np.asarray(cube[..., bookings.measures.index(spec.measure)].sum(axis=2))
    method, goal = spec.equalising, spec.total(basis.inputs.currency)
    if method is not None and method.finds_street and int(quota.sum()) < goal:
        progress.warn(
            f"quotas: so that {method.asked()[0]:.0%} of the seats reach quota, all quotas together are "
            f"{1 - int(quota.sum()) / goal:.1%} below the goal: it is missed when everybody just reaches theirs"
        )
    asked = method.asked() if method is not None else (nan, nan)
    if equal is not None:
        made += (tables.levels(equal),)
    return (
        *made,
        tables.difficulty(basis.inputs, quota, basis.credit, fresh, equal),
        tables.promises(quota, basis.credit, fresh, goal, asked),
    )
