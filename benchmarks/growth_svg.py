"""The picture of a growth as SVG, alone or in a page: a grid of powers of ten, the line, the points."""

from __future__ import annotations

from html import escape
from math import log10
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.growth import Growth

ENDINGS = (".svg", ".html")
WIDTH, HEIGHT = 640, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 560, 50, 360
"""Pixels of the plot's edges."""
GRID, INK = "#d0d0d0", "#1f5fa8"


def write(path: Path, growth: Growth) -> None:
    """Write the picture to a file that ends with one of ENDINGS."""
    picture = drawn(growth)
    if path.suffix.lower() == ".html":
        title = escape(growth.heading)
        picture = f'<!doctype html>\n<meta charset="utf-8">\n<title>{title}</title>\n{picture}'
    path.write_text(picture, encoding="utf-8")


def drawn(growth: Growth) -> str:
    """Return the SVG."""
    place = Place(growth.decades)
    body = [_words(LEFT, TOP - 22, "start", growth.heading), *_grid(place)]
    body.append(_words(RIGHT, HEIGHT - 14, "end", growth.name))
    slope, start = growth.line
    ends = [log10(min(growth.sizes)), log10(max(growth.sizes))]
    body.append(_rule(*(place(end, start + slope * end) for end in ends), colour=INK))
    for size, seconds in zip(growth.sizes, growth.seconds, strict=True):
        x, y = place(log10(size), log10(seconds))
        body.append(f'<circle cx="{x}" cy="{y}" r="4" fill="{INK}"/>')
        body.append(_words(x + 8, y + 14, "start", f"{seconds:.3g} s"))
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">'
    return "\n".join([head, f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>', *body, "</svg>\n"])


class Place:
    """Where a point lies, in pixels, by the logarithms of its size and seconds."""

    def __init__(self, decades: tuple[int, int, int, int]) -> None:
        self.low, self.high, self.bottom, self.top = decades

    def __call__(self, size: float, seconds: float) -> tuple[float, float]:
        """Return x and y."""
        across = (size - self.low) / (self.high - self.low)
        up = (seconds - self.bottom) / (self.top - self.bottom)
        return round(LEFT + across * (RIGHT - LEFT), 1), round(BOTTOM - up * (BOTTOM - TOP), 1)


def _grid(place: Place) -> list[str]:
    parts = []
    for power in range(place.low, place.high + 1):
        foot = place(power, place.bottom)
        parts += [
            _rule(foot, place(power, place.top)),
            _words(foot[0], BOTTOM + 18, "middle", power_of_ten(power)),
        ]
    for power in range(place.bottom, place.top + 1):
        side = place(place.low, power)
        parts += [
            _rule(side, place(place.high, power)),
            _words(LEFT - 8, side[1] + 4, "end", power_of_ten(power)),
        ]
    return parts


def power_of_ten(power: int) -> str:
    """Return the number as people write it: 0.01, 1, 1,000."""
    return f"{10**power:,}" if power >= 0 else f"{10.0**power:.{-power}f}"


def _rule(begin: tuple[float, float], end: tuple[float, float], colour: str = GRID) -> str:
    return f'<line x1="{begin[0]}" y1="{begin[1]}" x2="{end[0]}" y2="{end[1]}" stroke="{colour}"/>'


def _words(x: float, y: float, anchor: str, text: str) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'
