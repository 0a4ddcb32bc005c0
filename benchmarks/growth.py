"""Growth: seconds against size on logarithmic axes, with the slope, as text of at most 80 characters and as SVG.

The slope is that of the least-squares line through the points (log size, log seconds): 1 means that ten times the size
takes ten times as long.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10

from benchmarks import growth_svg
from benchmarks.growth_svg import power_of_ten
from benchmarks.subject import Row
from benchmarks.table import Printer

ROWS, COLUMNS, MARGIN = 6, 60, 12
"""Lines of a decade of seconds; characters of the axis of sizes, and to its left."""


@dataclass(frozen=True)
class Growth:
    """A picture of measured points."""

    name: str
    """What grows, for the axis of sizes: `accounts`."""
    sizes: tuple[int, ...]
    seconds: tuple[float, ...]
    """Above 0, one for each size."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """None: the points are rows of their own."""
        return ()

    @property
    def line(self) -> tuple[float, float]:
        """Slope, and log10 of the seconds at size 1, of the least-squares line; two sizes or more are needed."""
        x, y = [log10(size) for size in self.sizes], [log10(value) for value in self.seconds]
        mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
        spread = sum((each - mean_x) ** 2 for each in x)
        slope = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / spread
        return slope, mean_y - slope * mean_x

    @property
    def decades(self) -> tuple[int, int, int, int]:
        """Powers of ten around the sizes, and around the seconds."""
        x, y = [log10(size) for size in self.sizes], [log10(value) for value in self.seconds]
        low, bottom = floor(min(x)), floor(min(y))
        return low, max(ceil(max(x)), low + 1), bottom, max(ceil(max(y)), bottom + 1)

    def show(self, printer: Printer) -> None:
        """Print the text, and write the picture where one is wanted."""
        printer.text(self.text())
        if printer.draw is not None:
            growth_svg.write(printer.draw, self)

    def text(self) -> str:
        """Return the chart as lines: `o` a point, `.` the line."""
        low, high, bottom, top = self.decades
        slope, start = self.line
        count = (top - bottom) * ROWS
        canvas = [[" "] * (COLUMNS + 1) for _ in range(count + 1)]
        for column in range(COLUMNS + 1):
            size = low + column / COLUMNS * (high - low)
            fitted = round((start + slope * size - bottom) * ROWS)
            if 0 <= fitted <= count and log10(min(self.sizes)) <= size <= log10(max(self.sizes)):
                canvas[fitted][column] = "."
        for size, value in zip(self.sizes, self.seconds, strict=True):
            column = round((log10(size) - low) / (high - low) * COLUMNS)
            canvas[round((log10(value) - bottom) * ROWS)][column] = "o"
        marks = {power * ROWS - bottom * ROWS: power_of_ten(power) for power in range(bottom, top + 1)}
        lines = [f"{marks.get(at, ''):>{MARGIN - 2}} |{''.join(canvas[at])}" for at in range(count, -1, -1)]
        return "\n".join([self.heading, *(line.rstrip() for line in lines), *self._axis(low, high)])

    def _axis(self, low: int, high: int) -> list[str]:
        rule, words = list("-" * (COLUMNS + 1)), list(" " * (MARGIN + COLUMNS + 8))
        for power in range(low, high + 1):
            at = round((power - low) / (high - low) * COLUMNS)
            rule[at] = "+"
            label = power_of_ten(power)
            begin = MARGIN - 1 + at - len(label) // 2
            words[begin : begin + len(label)] = label
        return [
            " " * (MARGIN - 1) + "".join(rule),
            "".join(words).rstrip(),
            f"{self.name:>{MARGIN + COLUMNS}}",
        ]

    @property
    def heading(self) -> str:
        """What the picture shows, with the slope."""
        return f"seconds against {self.name}, both logarithmic; slope {self.line[0]:.2f}"
