"""Quotas: the goal, shared out to every seat, product and period, to the cent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

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


def with_adjustments(inputs: Inputs, spec: QuotaSpec, base: Path, roots: Sequence[Path] = ()) -> Inputs:
    """Read the files of adjusted quotas; see `engine.quota.adjusting.files.with_adjustments`."""
    if not spec.adjustments:
        return inputs
    from engine.quota.adjusting import files

    return files.with_adjustments(inputs, spec, base, roots)


def violations(
    inputs: Inputs, spec: QuotaSpec, cells: IntArray, potential: IntArray | None = None
) -> list[str]:
    """Check finished quotas without the model; see `engine.quota.check.violations`."""
    from engine.quota import check

    return check.violations(inputs, spec, cells, potential)
