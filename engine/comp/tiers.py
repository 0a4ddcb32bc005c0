"""Tiers: the rows of a rate table, checked for overlaps and gaps."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal, Protocol

from pydantic import BeforeValidator, Field, WithJsonSchema

from engine import amounts
from engine.blocks import Block
from engine.fields import Money, Ratio, refuse

TierMode = Literal["marginal", "retroactive"]
Mode = Literal["marginal", "retroactive", "interpolated"]
MOST_RATE = Decimal(1)
"""A rate on credit above 100 % is taken for a percentage without its sign."""
MOST_MULTIPLE = Decimal(20)
"""A factor, or an attainment, above 2,000 % likewise."""
MOST_TIMES = Decimal(10)
"""A multiple of the target rate above 10 likewise: accelerators pay two to five times."""


def _level(value: Any) -> Decimal:
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    if isinstance(value, bool):
        raise refuse("E_TYPE", "must be an amount or a ratio, not true or false")
    try:
        return amounts.ratio(text) if text.endswith("%") else amounts.money(text)
    except amounts.AmountError as error:
        raise refuse(error.code, str(error), error.hint) from None


Level = Annotated[
    Decimal, BeforeValidator(_level), WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string"}]})
]
"""Credited money (`250k`) or an attainment (`80%`, `0.8`)."""


class Tier(Block):
    """One row of a rate table."""

    start: Level = Field(ge=0)
    """Credit (currency units) or attainment (ratio) at which the tier begins; the first tier begins at 0."""
    end: Level | None = Field(default=None, gt=0)
    """Where it ends: the start of the next tier. May be left out, and must be for the last, which has no end,
    except under `interpolated`, where every tier but a closing one says it."""
    rate: Ratio | None = None
    """Share of credited money that is paid (`8%`), at most 100 %, or under `rates: individual` the multiple of the
    person's target rate (`1.5`), at most 10: more is taken for a percentage without its sign, and refused. Not under
    `interpolated`."""
    mode: TierMode | None = None
    """How this tier pays, where it differs from the table: `marginal` on its own slice, on top of what the tiers below
    are worth where it begins; `retroactive` on everything. Not under `interpolated`."""
    amount: Money | None = None
    """Under `interpolated`: currency units earned over the whole tier, pro rata within it."""


class Row(Protocol):
    """A row of a table, from one level up to the next."""

    @property
    def start(self) -> Decimal:
        """Where it begins."""

    @property
    def end(self) -> Decimal | None:
        """Where it ends; None where it does not say."""


def in_order(tiers: Sequence[Tier], written: Any = ()) -> None:
    """Refuse tiers that overlap, leave a gap, or do not rise from 0.

    Args:
        tiers: from the bottom up.
        written: what they were read from, so that levels are told as they are written: `110%`.

    Raises:
        pydantic_core.PydanticCustomError: code E_TIERS, with both levels in words.

    """
    rows_in_order(tiers, "tier", written, closing=bool(tiers) and tiers[-1].amount is not None)


def rows_in_order(rows: Sequence[Row], what: str, written: Any = (), *, closing: bool = False) -> None:
    """Refuse rows of a table that overlap, leave a gap, or do not rise from 0.

    Args:
        rows: from the bottom up.
        what: what a row is called.
        written: what they were read from; none where that is not known.
        closing: whether the last row may say where it ends.

    Raises:
        pydantic_core.PydanticCustomError: code E_TIERS, with both levels in words.

    """
    texts = (
        written if isinstance(written, list | tuple) and len(written) == len(rows) else (None,) * len(rows)
    )

    def said(place: int, end: Literal["start", "end"]) -> str:
        row: Any = texts[place]
        text = row.get(end) if isinstance(row, Mapping) else None
        return str(text) if isinstance(text, str) else f"{getattr(rows[place], end):f}"

    if not rows:
        raise refuse("E_TIERS", f"there are no {what}s", f"Give at least one {what}, with start: 0.")
    if rows[0].start != 0:
        raise refuse(
            "E_TIERS",
            f"the first {what} starts at {said(0, 'start')}; nothing says what is paid below",
            f"Put a {what} before it: start: 0, with its rate (0 for none).",
        )
    for place, (below, above) in enumerate(itertools.pairwise(rows)):
        if above.start <= below.start:
            raise refuse(
                "E_TIERS",
                f"a {what} starts at {said(place + 1, 'start')} after one at {said(place, 'start')}",
                f"Sort {what}s, no doubles.",
            )
        if below.end is not None and below.end != above.start:
            how = "overlap" if below.end > above.start else "leave a gap"
            raise refuse(
                "E_TIERS",
                f"{what}s {how}: one ends at {said(place, 'end')}, the next starts at {said(place + 1, 'start')}",
                f"Let each {what} end where the next one starts, or leave `end` out.",
            )
    last = rows[-1]
    if last.end is not None and not closing:
        raise refuse(
            "E_TIERS",
            f"the last {what} ends at {said(len(rows) - 1, 'end')}; nothing says what is paid above",
            "Leave its `end` out.",
        )


def in_range(rate: Decimal, most: Decimal, what: str, at: str = "") -> None:
    """Refuse a negative rate, and one that looks like a percentage without its sign; `at` is its path (see `refuse`).

    Raises:
        pydantic_core.PydanticCustomError: code E_RANGE.

    """
    if rate < 0:
        raise refuse(
            "E_RANGE", f"{what} {rate:f} is below 0", "Give 0 or more; a clawback is no rate.", at=at
        )
    if rate > most:
        raise refuse(
            "E_RANGE",
            f"{what} {rate:f} is above {most * 100:f}%",
            f"Did you mean {rate:f}%? Write the sign.",
            at=at,
        )
