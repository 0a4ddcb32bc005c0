"""Rules: what the table of a component says of each deal, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import amounts
from engine.comp.component import Component
from engine.comp.components.commission import Commission
from engine.comp.components.spif import Spif
from engine.comp.dimensions import Says
from engine.comp.exact import Rows
from engine.comp.incentive import QuotaBonus
from engine.comp.modifiers import Modifier
from engine.comp.pieces import Pieces
from engine.inputs import BoolArray, IntArray
from engine.pay import factors
from engine.pay.lines import CARRIED, DEAL, EVENT, TEAM, Lines
from engine.pay.money import money, percent

TARGET_RATE = "target rate"


def rules(
    components: Sequence[tuple[str, Component]], lines: Lines, rows: Rows, currency: str, counts: Set[str]
) -> NDArray[Any]:
    """Say what each deal meets in the table of its component: a tier, an attainment, so many events. Shape (line,).

    Args:
        components: (plan, component), as lines number them.
        lines: lines of statements.
        rows: credited deals.
        currency: ISO code.
        counts: measures that count.

    """
    words = np.full(len(lines), "", dtype=object)
    minor = 10 ** amounts.decimals(currency)
    told = np.isin(lines.kind, (DEAL, EVENT, TEAM, CARRIED))
    for k, (_, part) in enumerate(components):
        at = np.flatnonzero((lines.component == k) & told)
        if not at.size:
            continue
        if isinstance(part, Spif):
            words[at] = _events(part, lines.take(at), minor, currency)
            continue
        for some, name, table in _tables(part, rows, lines.row[at], minor):
            words[at[some]] = name + _read(part, table, lines.take(at[some]), minor)
        if isinstance(part, Commission) and part.rates == "individual":
            words[at] = _at_target_rates(words[at], lines.take(at), currency, part.measure in counts)
        for modifier in getattr(part, "modifiers", ()):
            if modifier.accumulate == "transaction":
                words[at] = words[at] + _factor(modifier, rows, lines.row[at])
        words[at] += factors.told(part, rows, lines.row[at])
    return words


def _tables(part: Component, rows: Says, at: IntArray, minor: int) -> Iterator[tuple[BoolArray, str, Pieces]]:
    """Yield which lines are read by a table, its name with a colon where it has one, and the table.

    Args:
        part: the component.
        rows: what credited deals say.
        at: credited row of each line, shape (line,).
        minor: minor units per currency unit.

    """
    if isinstance(part, Commission) and part.tiers_by is not None:
        named = [*(f"{word}: " for word in part.tiers_by.tables), ""]
        for name, (its, tiers) in zip(named, part.tiers_by.parted(rows), strict=True):
            yield its[at], name, part.rate_table(tiers or part.tiers, minor).pieces()
        return
    table = part.table(minor)
    if table is not None:
        yield np.ones(at.size, dtype=np.bool_), "", table


def _factor(modifier: Modifier, rows: Rows, row: IntArray) -> NDArray[Any]:
    """Say by what the ratio of each deal multiplies it."""
    table, above, below = (
        modifier.table(), rows.credit[modifier.measure][row], rows.credit[str(modifier.over)][row],
    )  # fmt: skip
    times = [
        table(Fraction(a, b)) if b else Fraction(1)
        for a, b in zip(above.tolist(), below.tolist(), strict=True)
    ]
    return np.array([f", times {percent(float(factor), 1)}" for factor in times], dtype=object)


def _events(part: Spif, lines: Lines, minor: int, currency: str) -> NDArray[Any]:
    """Say how many events there are to date, or that the deal does not count."""
    step = Fraction(part.each.units or 0) or Fraction(part.each.money or 0) * minor
    each = "each" if part.mode != "marginal" else "for the last"
    said, what = [], "above the quota " if part.above else ""
    credit = lines.to_date
    if part.above:
        credit = np.where(lines.quota > 0, np.maximum(credit - lines.quota, 0), 0)
    for count in (int(counts / step) for counts in credit.tolist()):
        amount = money(int(Fraction(part.amount_of(count)) * minor), currency)
        said.append(f"{count} {what}to date at {amount} {each}")
    outside = f"not from {part.first_day} to {part.last_day}"
    return np.where(lines.counted == 0, outside, np.array(said, dtype=object))


def _read(part: Component, table: Pieces, lines: Lines, minor: int) -> NDArray[Any]:
    """Say where lines of one component stand in its table."""
    on_credit = getattr(part, "tiers_on", "attainment") == "credit"
    unit = np.ones(len(lines), dtype=np.int64) if on_credit else lines.quota
    if isinstance(part, QuotaBonus):
        words = _attained(table, lines.to_date, unit)
    else:
        words = _tier(part, table, lines, unit, minor)
    words[unit == 0] = "no quota"
    return words


def _attained(table: Pieces, to_date: IntArray, quota: IntArray) -> NDArray[Any]:
    """Say what attainment to date pays."""
    pays = [
        table(Fraction(x, q)) if q > 0 else Fraction(0)
        for x, q in zip(to_date.tolist(), quota.tolist(), strict=True)
    ]
    return np.array([f"{percent(float(share), 1)} of target to date" for share in pays], dtype=object)


def _tier(part: Component, table: Pieces, lines: Lines, unit: IntArray, minor: int) -> NDArray[Any]:
    """Say into which tier each line falls, or through which it passes."""
    on_credit = getattr(part, "tiers_on", "attainment") == "credit"
    upto = _piece(table, lines.to_date, unit)
    since = _piece(table, lines.to_date - lines.counted, unit)
    named = list(_tiers(table, part, minor, on_credit))
    code, inverse = np.unique(since * len(named) + upto, return_inverse=True)
    said = [_said(named, *divmod(int(pair), len(named))) for pair in code]
    return np.array(said, dtype=object)[inverse]


def _piece(table: Pieces, value: IntArray, unit: IntArray) -> IntArray:
    scaled, piece = table.scaled, np.zeros(value.size, dtype=np.int64)
    level = value.astype(np.float64) * scaled.knot_scale
    for knot in scaled.knots:
        reach = unit.astype(np.float64) * float(knot)
        piece += level >= reach if table.closed == "left" else level > reach
    return piece


def _tiers(table: Pieces, part: Component, minor: int, on_credit: bool) -> Iterator[str]:
    rates, unit = getattr(part, "rates", "of_credit"), 1 if getattr(part, "in_units", False) else minor
    for start, slope in zip([Fraction(0), *table.knots], table.slopes, strict=True):
        where = f"{float(start) / unit:,.0f}" if on_credit else f"{100 * float(start):.4g}%"
        if rates == "per_unit":
            yield f"{float(slope) / minor:,.2f} a unit from {where}"
        elif rates == "of_credit":
            yield f"{100 * float(slope):.6g}% from {where}"
        else:
            yield f"{float(slope):.4g} x {TARGET_RATE} from {where}"


def _at_target_rates(words: NDArray[Any], lines: Lines, currency: str, counts: bool) -> NDArray[Any]:
    """Return words with each line's own target rate in them: target incentive over quota."""
    pairs = list(zip(lines.target.tolist(), lines.quota.tolist(), strict=True))
    rates = {
        (target, quota): money(round(Fraction(target, quota)), currency)
        if counts
        else f"{100 * target / quota:.6g}%"
        for target, quota in set(pairs)
        if quota > 0
    }
    said = [
        text.replace(TARGET_RATE, rates.get(pair, TARGET_RATE))
        for text, pair in zip(words.tolist(), pairs, strict=True)
    ]
    return np.array([*said, ""], dtype=object)[:-1]


def _said(named: list[str], since: int, upto: int) -> str:
    return named[upto] if since == upto else f"{named[since]}, then {named[upto]}"
