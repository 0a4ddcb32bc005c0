"""Pieces: every table of a plan (tiers, curve, threshold) as one piecewise linear function with jumps.

    g(a) = intercept_k + slope_k a      on piece k

and in money, without a division,   unit g(x / unit) = intercept_k unit + slope_k x,

where `unit` is the quota when knots are attainments, or 1 when they are money. The numbers are exact;
`scaled` brings them to common denominators, so that both number types compare and add integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Literal

Closed = Literal["left", "right"]


@dataclass(frozen=True)
class ScaledPieces:
    """Pieces as integers: knots over `knot_scale`, intercepts and slopes over `scale`."""

    knots: tuple[int, ...]
    knot_scale: int
    intercepts: tuple[int, ...]
    slopes: tuple[int, ...]
    scale: int


@dataclass(frozen=True)
class Pieces:
    """A piecewise linear function; piece 0 reaches down without end, the last one up."""

    knots: tuple[Fraction, ...]
    """Where piece k + 1 begins, rising."""
    intercepts: tuple[Fraction, ...]
    slopes: tuple[Fraction, ...]
    closed: Closed
    """`left`: a value on a knot belongs to the piece that begins there; `right`: to the one before."""

    @classmethod
    def through(
        cls,
        nodes: Sequence[tuple[Fraction, Fraction]],
        beyond: Fraction,
        closed: Closed,
        onward: Sequence[Fraction] | None = None,
    ) -> Pieces:
        """Draw nothing before the first node, lines between nodes, and slope `beyond` after the last.

        A line runs up to the value of a node, the next one starts from its value `onward`, the same unless given.
        """
        starts = [(a, u) for (a, _), u in zip(nodes, onward or [v for _, v in nodes], strict=True)]
        runs = zip(starts, nodes[1:], strict=False)
        slopes = [*((v - u) / (b - a) for (a, u), (b, v) in runs), beyond]
        intercepts = [u - slope * a for (a, u), slope in zip(starts, slopes, strict=True)]
        zero = Fraction(0)
        return cls(tuple(a for a, _ in nodes), (zero, *intercepts), (zero, *slopes), closed)

    @classmethod
    def steps(cls, nodes: Sequence[tuple[Fraction, Fraction]], closed: Closed) -> Pieces:
        """Hold the value of each node up to the next, that of the first below it too."""
        values = tuple(value for _, value in nodes)
        return cls(tuple(a for a, _ in nodes[1:]), values, (Fraction(0),) * len(values), closed)

    @classmethod
    def between(cls, nodes: Sequence[tuple[Fraction, Fraction]], closed: Closed) -> Pieces:
        """Draw lines between nodes, level before the first and after the last."""
        within = cls.through(nodes, Fraction(0), closed)
        return cls(within.knots, (nodes[0][1], *within.intercepts[1:]), within.slopes, closed)

    @classmethod
    def tiered(
        cls,
        starts: Sequence[Fraction],
        rates: Sequence[Fraction],
        retroactive: Sequence[bool],
        closed: Closed,
    ) -> Pieces:
        """Let the rate of a retroactive tier pay on everything, that of another on its own slice alone."""
        intercepts = [Fraction(0)]
        for start, before, rate, whole in zip(starts[1:], rates, rates[1:], retroactive[1:], strict=False):
            intercepts.append(Fraction(0) if whole else intercepts[-1] + (before - rate) * start)
        return cls(tuple(starts[1:]), tuple(intercepts), tuple(rates), closed)

    def __call__(self, value: Fraction) -> Fraction:
        """Return g(value)."""
        passed = [value >= knot if self.closed == "left" else value > knot for knot in self.knots]
        k = sum(passed)
        return self.intercepts[k] + self.slopes[k] * value

    @property
    def jumps(self) -> tuple[Fraction, ...]:
        """Jump of g at each knot; 0 where it is continuous."""
        pairs = zip(
            self.intercepts, self.intercepts[1:], self.slopes, self.slopes[1:], self.knots, strict=False
        )
        return tuple((b - a) + (t - s) * knot for a, b, s, t, knot in pairs)

    @property
    def rising(self) -> bool:
        """Whether g never falls."""
        return min(self.slopes) >= 0 and min(self.jumps, default=Fraction(0)) >= 0

    @cached_property
    def scaled(self) -> ScaledPieces:
        """The same table over common denominators."""
        knot_scale = lcm(*(knot.denominator for knot in self.knots))
        scale = lcm(*(value.denominator for value in (*self.intercepts, *self.slopes)))
        return ScaledPieces(
            tuple(int(knot * knot_scale) for knot in self.knots),
            knot_scale,
            tuple(int(value * scale) for value in self.intercepts),
            tuple(int(value * scale) for value in self.slopes),
            scale,
        )
