"""What a page is made of: sections of sentences, charts and grids. Grids hold finished text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Heading:
    """Head of one column of a grid."""

    text: str
    numeric: bool = False


@dataclass(frozen=True)
class Grid:
    """A table as shown: every cell is text, ready to be escaped."""

    headings: tuple[Heading, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    note: str = ""
    """Sentence below the grid, such as where the remaining rows are."""
    folded: bool = False
    """Shown on request, below its caption."""


@dataclass(frozen=True)
class Mark:
    """One entry of a legend: a swatch of a colour and shape, and what it means."""

    text: str
    colour: str
    shape: str = "box"
    """box, dot, ring, line, dash or diamond."""


@dataclass(frozen=True)
class Chart:
    """A chart with the sentence that says what to see, its legend and the numbers behind it."""

    id: str
    title: str
    say: str
    figure: Any
    """A bokeh model."""
    grid: Grid
    marks: tuple[Mark, ...] = ()
    wide: bool = False
    """Takes the whole width; others stand two in a row where there is room."""


@dataclass(frozen=True)
class Section:
    """A part of the page, in the order sentences, charts, grids."""

    id: str
    title: str
    sentences: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    grids: tuple[Grid, ...] = ()
