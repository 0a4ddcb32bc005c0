"""What a benchmark subject is, the row it yields, and how time and memory are measured.

A module `benchmarks/<name>.py` is found when it defines

    SUBJECT = Subject("name", {"small": small, "large": large}, default=("large",))

where each case is a function `small(run: Run) -> list[Row]` that builds its rows with `run.row(...)`.
The answer is asserted in `ok`; the time is reported and decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from math import isfinite
from pathlib import Path
from pkgutil import iter_modules
from typing import TypeVar

from benchmarks.measure import Measured, measured

__all__ = ["Measured", "Row", "Run", "Subject", "measured", "subjects"]

T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """One comparison. Absent figures are None; `ours` and `peer` are seconds, ns per item or a bound."""

    subject: str
    case: str
    seed: int
    metric: str
    """What is compared, with its unit: `build seconds`, `ns per opportunity`."""
    ours: float | None
    peer_name: str | None
    peer: float | None
    ratio: float | None
    """ours / peer; lower is better."""
    gap: float | None
    """Relative gap of our answer to a proven bound, where there is one."""
    seconds: float | None
    """Wall time of our side."""
    peak_mb: float | None
    """Peak resident memory of the process tree while our side ran, in MB."""
    ok: bool
    """The answer is right, no matter how fast."""


@dataclass(frozen=True)
class Run:
    """What a case is given: its own name, the seed and the folder of real data, if any."""

    subject: str
    case: str
    seed: int
    data: Path | None = None

    def row(
        self,
        metric: str,
        ours: float | None,
        *,
        ok: bool,
        peer: tuple[str, float] | None = None,
        gap: float | None = None,
        cost: Measured[T] | None = None,
    ) -> Row:
        """Return a row of this case; `cost` (of our side) fills seconds and peak_mb."""
        name, figure = peer if peer else (None, None)
        ratio = ours / figure if ours is not None and figure else None
        return Row(
            self.subject, self.case, self.seed, metric, _finite(ours), name, _finite(figure), _finite(ratio),
            _finite(gap), cost.seconds if cost else None, cost.peak_mb if cost else None, bool(ok),
        )  # fmt: skip


@dataclass(frozen=True)
class Subject:
    """A thing that is measured: its cases by name, and those that run when none is named."""

    name: str
    cases: Mapping[str, Callable[[Run], list[Row]]]
    default: tuple[str, ...] = ()

    def chosen(self, case: str | None) -> tuple[str, ...]:
        """Return the cases to run: the one named if this subject has it, else the default ones."""
        if case is not None:
            return (case,) if case in self.cases else ()
        return self.default or tuple(self.cases)

    def run(self, case: str, seed: int, data: Path | None = None) -> list[Row]:
        """Run one case and return its rows."""
        return self.cases[case](Run(self.name, case, seed, data))


def subjects() -> dict[str, Subject]:
    """Return every subject of this package by name, in alphabetical order."""
    package = import_module("benchmarks")
    names = sorted(
        m.name for m in iter_modules(package.__path__) if m.name not in {"__main__", "measure", "subject"}
    )
    found = [getattr(import_module(f"benchmarks.{name}"), "SUBJECT", None) for name in names]
    return {subject.name: subject for subject in found if isinstance(subject, Subject)}


def _finite(value: float | None) -> float | None:
    return float(value) if value is not None and isfinite(value) else None
