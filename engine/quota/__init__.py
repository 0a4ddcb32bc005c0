"""Quotas: the goal, shared out to every seat, product and period, to the cent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from engine.errors import Fault
    from engine.inputs import Inputs, IntArray
    from engine.measures import Measures
    from engine.pipeline.bookings import Bookings
    from engine.progress import Progress
    from engine.quota.quotas import Quotas
    from engine.quota.spec import QuotaSpec
    from engine.territory.alignment import Alignment


def allocate(
    inputs: Inputs,
    alignment: Alignment,
    bookings: Bookings,
    spec: QuotaSpec,
    *,
    progress: Progress,
    measures: Measures | None = None,
) -> Quotas:
    """Share out the goal; see `engine.quota.allocation.allocate`."""
    from engine.quota import allocation

    return allocation.allocate(inputs, alignment, bookings, spec, progress=progress, measures=measures)


def with_previous(inputs: Inputs, spec: QuotaSpec, base: Path, roots: Sequence[Path] = ()) -> Inputs:
    """Read the quotas in force; see `engine.quota.in_force.reading.with_previous`."""
    if not spec.previous:
        return inputs
    from engine.quota.in_force import reading

    return reading.with_previous(inputs, spec, base, roots)


def doubts(inputs: Inputs, spec: QuotaSpec) -> tuple[str, ...]:
    """Return what is odd and can be allocated, in sentences; of quotas in force and of empty seasons."""
    from engine.quota import empty_seasons, goals
    from engine.quota.in_force import unsaid

    return (*unsaid.unsaid(inputs), *empty_seasons.empty_months(inputs, goals.given(inputs, spec)))


def with_adjustments(inputs: Inputs, spec: QuotaSpec, base: Path, roots: Sequence[Path] = ()) -> Inputs:
    """Read the files of adjusted quotas; see `engine.quota.adjusting.files.with_adjustments`."""
    if not spec.adjustments:
        return inputs
    from engine.quota.adjusting import files

    return files.with_adjustments(inputs, spec, base, roots)


def goal(inputs: Inputs, spec: QuotaSpec) -> tuple[str, int]:
    """Return the measure that quotas are set on, and what it is to reach in the plan, minor units."""
    from engine.quota import goals

    return spec.measure, goals.total(inputs, spec)


def misfits(
    inputs: Inputs, spec: QuotaSpec, measures: Iterable[str], offered: frozenset[str] = frozenset()
) -> list[Fault]:
    """Return all that does not fit the tables; see `engine.quota.fitting.misfits`."""
    from engine.quota import fitting

    return fitting.misfits(inputs, spec, measures, offered)


def product_faults(inputs: Inputs, spec: QuotaSpec, measures: Measures) -> list[Fault]:
    """Return why chances by product cannot be made equal; see `engine.quota.difficulty.products.faults`."""
    if spec.equalising is None:
        return []
    from engine.quota import goals
    from engine.quota.difficulty import products

    return list(products.faults(inputs, goals.given(inputs, spec), measures))


def violations(
    inputs: Inputs, spec: QuotaSpec, cells: IntArray, potential: IntArray | None = None
) -> list[str]:
    """Check finished quotas without the model; see `engine.quota.check.violations`."""
    from engine.quota import check

    return check.violations(inputs, spec, cells, potential)


def moves(
    inputs: Inputs, products: tuple[str, ...], tables: Mapping[str, pd.DataFrame]
) -> tuple[IntArray, IntArray]:
    """Return what catch-up and what relief moved, as tables of a run tell; each of shape (rep, product, period)."""
    from engine.quota.in_force import answer

    return answer.told(inputs, products, tables)


def move_violations(
    inputs: Inputs,
    spec: QuotaSpec,
    products: tuple[str, ...],
    before: IntArray,
    tables: Mapping[str, pd.DataFrame],
) -> list[str]:
    """Check catch-up and relief without the model; see `engine.quota.in_force.answer.violations`."""
    from engine.quota.in_force import answer

    return list(answer.violations(inputs, spec, products, before, tables))


def kept_violations(
    inputs: Inputs, spec: QuotaSpec, cells: IntArray, tables: Mapping[str, pd.DataFrame]
) -> list[str]:
    """Check what was kept of quotas in force without the model; see `engine.quota.keeping.check.kept_violations`.

    `cells` are the quotas without catch-up and relief, minor units, shape (rep, product, period).
    """
    from engine.quota.keeping import check

    return list(check.kept_violations(inputs, spec, [int(seat.sum()) for seat in cells], tables))
