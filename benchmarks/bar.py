"""Bar: a figure beside the one it has to keep; whether it does is shown and decides nothing, unless it is an answer."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.subject import Row, Run
from benchmarks.table import Column, Printer, figure

COLUMNS = (
    Column("metric", 40, left=True),
    Column("value", 10),
    Column("bar", 12),
    Column("  kept", 8, left=True),
    Column("answer", 0, left=True),
)


@dataclass(frozen=True)
class Bar:
    """A figure of ours that has to be at most, or at least, so much; its row names the bar as peer."""

    row: Row
    at_least: bool

    @property
    def rows(self) -> tuple[Row, ...]:
        """The one row."""
        return (self.row,)

    @property
    def kept(self) -> bool:
        """Whether the figure is on the right side of its bar."""
        ours, bar = self.row.ours, self.row.peer
        if ours is None or bar is None:
            return False
        return ours >= bar if self.at_least else ours <= bar

    def show(self, printer: Printer) -> None:
        """Print one line."""
        bar = (">= " if self.at_least else "<= ") + figure(self.row.peer, 4)
        answer = "right" if self.row.ok else "WRONG"
        cells = [
            self.row.metric,
            figure(self.row.ours, 4),
            bar,
            "  yes" if self.kept else "  NO",
            answer,
        ]
        printer.row(COLUMNS, cells)


def at_most(run: Run, metric: str, value: float, bar: float, *, ok: bool) -> Bar:
    """Return a figure that has to be at most the bar."""
    return Bar(run.row(metric, value, ok=ok, peer=("bar, at most", bar)), at_least=False)


def at_least(run: Run, metric: str, value: float, bar: float, *, ok: bool) -> Bar:
    """Return a figure that has to be at least the bar."""
    return Bar(run.row(metric, value, ok=ok, peer=("bar, at least", bar)), at_least=True)
