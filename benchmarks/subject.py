"""What a benchmark subject is, the row it yields, and how time and memory are measured.

A module `benchmarks/<name>.py` is found when it defines

    SUBJECT = Subject("name", {"small": small, "large": large}, default=("large",))

where each case is a function `small(run: Run)` that returns or yields rows, which it builds with `run.row(...)`;
one that yields is printed line by line. What stands for several rows (`entry`) or is a picture (`growth`) may be
yielded as well. The answer is asserted in `ok`; the time is reported and decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from math import isfinite
from pathlib import Path
from pkgutil import iter_modules
from typing import Protocol, TypeVar

from benchmarks.measure import Measured, measured
from benchmarks.table import Column, Printer, figure, percent

__all__ = ["Measured", "Row", "Run", "Shown", "Subject", "measured", "subjects"]

T = TypeVar("T")
COLUMNS = (
    Column("metric", 26, left=True),
    Column("ours", 10),
    Column("peer", 10),
    Column("ratio", 8),
    Column("gap", 9),
    Column("MB", 7),
    Column("  answer", 0, left=True),
)


class Shown(Protocol):
    """What a case yields: something to print that stands for one row, for several or for none."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows that it stands for."""
        ...

    def show(self, printer: Printer) -> None:
        """Print it."""
        ...


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

    @property
    def rows(self) -> tuple[Row, ...]:
        """Itself."""
        return (self,)

    def show(self, printer: Printer) -> None:
        """Print one line."""
        answer = ("right" if self.ok else "WRONG") + (f"  vs {self.peer_name}" if self.peer_name else "")
        figures = (figure(self.ours, 4), figure(self.peer, 4), figure(self.ratio, 3))
        cells = [self.metric, *figures, percent(self.gap), figure(self.peak_mb, 3), f"  {answer}"]
        printer.row(COLUMNS, cells)


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
        ratio = ours / figure if ours is not None and figure and isfinite(figure) else None
        return Row(
            self.subject, self.case, self.seed, metric, _finite(ours), name, _finite(figure), _finite(ratio),
            _finite(gap), cost.seconds if cost else None, cost.peak_mb if cost else None, bool(ok),
        )  # fmt: skip


@dataclass(frozen=True)
class Subject:
    """A thing that is measured: its cases by name, and those that run when none is named."""

    name: str
    cases: Mapping[str, Callable[[Run], Iterable[Shown]]]
    default: tuple[str, ...] = ()

    def chosen(self, case: str | None) -> tuple[str, ...]:
        """Return the cases to run: the one named if this subject has it, else the default ones."""
        if case is not None:
            return (case,) if case in self.cases else ()
        return self.default or tuple(self.cases)

    def run(self, case: str, seed: int, data: Path | None = None) -> list[Row]:
        """Run one case and return its rows."""
        return [row for shown in self.shown(case, seed, data) for row in shown.rows]

    def shown(self, case: str, seed: int, data: Path | None = None) -> Iterator[Shown]:
        """Run one case and yield what is printed, as soon as it is known."""
        yield from self.cases[case](Run(self.name, case, seed, data))


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
