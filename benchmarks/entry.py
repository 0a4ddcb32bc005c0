"""Entry: one published instance, solved: our plan and bound beside the best known value, and the rows it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from benchmarks.subject import Row
from benchmarks.table import Column, Printer, amount, percent

COLUMNS = (
    Column("file", 15, left=True),
    Column("objective", 10),
    Column("bound", 10),
    Column("best known", 11),
    Column("to best", 8),
    Column("gap", 8),
    Column("best gap", 9),
    Column("seconds", 8),
    Column("  answer", 0, left=True),
)


@dataclass(frozen=True)
class Entry:
    """What was found out about one file. Absent figures are None."""

    name: str
    objective: float | None
    """Of our plan."""
    bound: float | None
    """Ours."""
    best: float | None
    """Best value published."""
    seconds: float
    by: str
    """What proves the bound, or why there is no plan."""
    rows: tuple[Row, ...]
    """The same as rows; the answer is right when all of them are."""
    sense: int = 1
    """1 where the objective is minimised, -1 where it is maximised."""

    @property
    def to_best(self) -> float | None:
        """How much worse our plan is than the best known one, as a share of that; below 0: better."""
        if self.objective is None or not self.best:
            return None
        return self.sense * (self.objective - self.best) / abs(self.best) + 0.0

    def show(self, printer: Printer) -> None:
        """Print one line."""
        answer = "right" if all(row.ok for row in self.rows) else "WRONG"
        cells = [
            self.name,
            *(amount(value) for value in (self.objective, self.bound, self.best)),
            percent(self.to_best, "+"),
            percent(apart(self.objective, self.bound)),
            percent(apart(self.best, self.bound)),
            f"{self.seconds:.1f}",
            f"  {answer}, {self.by}",
        ]
        printer.row(COLUMNS, cells)


def apart(objective: float | None, bound: float | None) -> float | None:
    """Return |objective - bound| / |objective|, 0 where they are equal; None without either."""
    if objective is None or bound is None or not isfinite(bound):
        return None
    if objective == bound:
        return 0.0
    return abs(objective - bound) / abs(objective) if objective else None
