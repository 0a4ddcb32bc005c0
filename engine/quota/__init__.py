"""Quotas: the goal, shared out to every seat, product and period, to the cent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import pandas as pd

    from engine.errors import Fault
    from engine.inputs import Inputs, IntArray
    from engine.pipeline.bookings import Bookings
    from engine.progress import Progress
    from engine.quota.quotas import Quotas
    from engine.quota.spec import QuotaSpec
    from engine.territory.alignment import Alignment


def allocate(
    inputs: Inputs, alignment: Alignment, bookings: Bookings, spec: QuotaSpec, *, progress: Progress
) -> Quotas:
    """Share out the goal; see `engine.quota.allocation.allocate`."""
    from engine.quota import allocation

    return allocation.allocate(inputs, alignment, bookings, spec, progress=progress)


def with_previous(inputs: Inputs, spec: QuotaSpec, base: Path, roots: Sequence[Path] = ()) -> Inputs:
    """Read the quotas in force; see `engine.quota.in_force.reading.with_previous`."""
    if not spec.previous:
        return inputs
    from engine.quota.in_force import reading

    return reading.with_previous(inputs, spec, base, roots)


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


def violations(
    inputs: Inputs, spec: QuotaSpec, cells: IntArray, potential: IntArray | None = None
) -> list[str]:
    """Check finished quotas without the model; see `engine.quota.check.violations`."""
    from engine.quota import check

    return check.violations(inputs, spec, cells, potential)


def relief(inputs: Inputs, products: tuple[str, ...], frame: pd.DataFrame) -> IntArray:
    """Return what relief moved, (rep, product, period); see `engine.quota.in_force.relief_table.moved`."""
    from engine.quota.in_force import relief_table

    return relief_table.moved(inputs, products, frame)


def relief_violations(
    inputs: Inputs, spec: QuotaSpec, products: tuple[str, ...], before: IntArray, frame: pd.DataFrame
) -> list[str]:
    """Check relief without the model; see `engine.quota.in_force.relief_table.violations`."""
    from engine.quota.in_force import relief_table

    return list(relief_table.violations(inputs, spec, products, before, frame))
