"""Matrix, read plainly."""

from __future__ import annotations

from fractions import Fraction

from engine.comp.components.matrix import Matrix
from engine.comp.plain import compared, incentive
from engine.comp.plain.person import Amount, Person


def earned(part: Matrix, person: Person) -> list[int]:
    """Return what is earned in each period."""

    def rule(who: Person) -> tuple[incentive.Worth, None]:
        def worth(period: int, credit: Amount, quota: int, target: Fraction) -> Fraction:
            second = compared.ratio(part.across, who, period)
            if quota <= 0 or second is None:
                return Fraction(0)
            return target * _cell(part, Fraction(credit, quota), second)

        return worth, None

    return incentive.by_period(part, person, rule)


def _cell(part: Matrix, first: Fraction, second: Fraction) -> Fraction:
    """Read along every row, then down the figures found."""
    levels, across = [Fraction(a) for a in part.levels], [Fraction(b) for b in part.across.levels]
    rows = [list(zip(across, map(Fraction, row), strict=True)) for row in part.cells]
    if part.shape == "steps":
        found = [compared.step(row, second, part.across.closed) for row in rows]
        return compared.step(list(zip(levels, found, strict=True)), first, part.closed)
    found = [compared.line(row, second) for row in rows]
    return compared.line(list(zip(levels, found, strict=True)), first)
