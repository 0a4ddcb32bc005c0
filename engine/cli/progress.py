"""Progress on stderr: a live line on a terminal, a line per stage elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from engine.cli.lines import folded
from engine.progress import Progress, Silent

if TYPE_CHECKING:
    from rich.text import Text


@contextmanager
def watch(quiet: bool = False) -> Iterator[Progress]:
    """Yield a progress that draws on stderr; silent where stderr speaks JSON."""
    if quiet:
        yield Silent()
        return
    from rich.console import Console

    console = Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else 80)
    drawn = Drawn(console)
    try:
        yield drawn
        drawn.finish()
    finally:
        drawn.stop()


class Drawn:
    """Draws stages, elapsed time and the last word of the running one."""

    interval = 5.0
    """Seconds between lines where there is no terminal to redraw."""

    def __init__(self, console: object) -> None:
        from rich.console import Console

        assert isinstance(console, Console)
        self._console = console
        self._status = console.status("", spinner="dots") if console.is_terminal else None
        self._name = ""
        self._message = ""
        self._begin = self._told = time.monotonic()
        if self._status:
            self._status.start()

    def stage(self, name: str) -> None:
        """Close the stage before and open the next."""
        self.finish()
        self._name, self._message = name, ""
        self._begin = self._told = time.monotonic()
        self._draw()

    def update(self, message: str, done: float | None = None) -> None:
        """Show the last word; without a terminal at most every few seconds."""
        self._message = message
        if self._status:
            self._draw()
        elif time.monotonic() - self._told >= self.interval:
            self._told = time.monotonic()
            self._print(self._line())

    def warn(self, message: str) -> None:
        """Print a warning at once."""
        self._console.print(
            folded(f"warning: {message}", self._console.width, "  "), markup=False, soft_wrap=True
        )

    def finish(self) -> None:
        """Print the line of a finished stage."""
        if self._name:
            self._print(self._line())
            self._name = ""

    def stop(self) -> None:
        """Take the live line away."""
        if self._status:
            self._status.stop()

    def _line(self) -> str:
        return f"{self._name:<12} {time.monotonic() - self._begin:6.1f} s  {self._message}".rstrip()

    def _print(self, line: str) -> None:
        """Print a line, cut at the width of the console."""
        self._console.print(line, markup=False, no_wrap=True, overflow="ellipsis")

    def _draw(self) -> None:
        if self._status:
            self._status.update(self)

    def __rich__(self) -> Text:
        """Return the live line, so that its seconds run on while nothing is told."""
        from rich.text import Text

        return Text(self._line(), no_wrap=True, overflow="ellipsis")
