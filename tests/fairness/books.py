"""Books that the tests of fairness share."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.fairness.book import Book, book
from engine.fairness.finding import Finding
from engine.fairness.run import checks
from engine.fairness.spec import FairnessSpec

SPEC = FairnessSpec()


def past(quota: Any, credit: Any, groups: dict[str, tuple[str, ...]] | None = None, **known: Any) -> Book:
    """Return the book of a past year."""
    names = tuple(f"S{index}" for index in range(len(quota)))
    arrays = {name: np.asarray(values, dtype=float) for name, values in known.items()}
    return book(
        names,
        np.asarray(quota, float),
        np.asarray([credit], float),
        observed=True,
        known=arrays,
        groups=groups,
    )


def simulated(
    quota: Any, credit: Any, groups: dict[str, tuple[str, ...]] | None = None, **known: Any
) -> Book:
    """Return the book of simulated years; credit has shape (year, seat)."""
    names = tuple(f"S{index}" for index in range(len(quota)))
    win_rate = known.pop("win_rate", float("nan"))
    arrays = {name: np.asarray(values, dtype=float) for name, values in known.items()}
    return book(
        names,
        np.asarray(quota, float),
        np.asarray(credit, float),
        observed=False,
        known=arrays,
        win_rate=win_rate,
        groups=groups,
    )


def found(test: str, of: Book, spec: FairnessSpec = SPEC) -> dict[str, Finding]:
    """Return what a test finds, by figure and group."""
    findings = checks()[test].findings(of, spec)
    return {" ".join((one.figure, *(one.of or ())[1:])): one for one in findings}
