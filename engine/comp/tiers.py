"""Tiers: the rows of a rate table, checked for overlaps and gaps."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal, Protocol

from pydantic import BeforeValidator, Field, WithJsonSchema, field_serializer

from engine import amounts
from engine.blocks import Block
from engine.fields import Money, Ratio, refuse

TierMode = Literal["marginal", "retroactive"]
Mode = Literal["marginal", "retroactive", "interpolated"]
Rates = Literal["of_credit", "individual", "per_unit"]
MOST_RATE = Decimal(1)
"""A share above 100 % is taken for a percentage without its sign."""
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
    """Share of credited money that is paid (`8%`; above 100 %, such as `150%` of what a customer pays a month, it must
    be written with its sign), or under `rates: individual` the multiple of the person's target rate (`1.5`), at most
    10: more is taken for a percentage without its sign, and refused. Not under `interpolated` and `per_unit`."""
    mode: TierMode | None = None
    """How this tier pays, where it differs from the table: `marginal` on its own slice, on top of what the tiers below
    are worth where it begins; `retroactive` on everything. Not under `interpolated`."""
    amount: Money | None = None
    """Under `interpolated`: currency units earned over the whole tier, pro rata within it. Under `rates: per_unit`:
    currency units for each unit of a measure that counts."""

    @field_serializer("rate")
    def _with_its_sign(self, rate: Decimal | None) -> Decimal | str | None:
        return rate if rate is None or rate <= MOST_RATE else f"{rate * 100:f}%"


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


def signed(tiers: Sequence[Tier], written: Any, at: str = "") -> None:
    """Refuse a rate above 100 % that is written without its sign.

    Args:
        tiers: from the bottom up.
        written: what they were read from.
        at: path of the table below the field, with a point at its end; empty where the field is the table.

    Raises:
        pydantic_core.PydanticCustomError: code E_RANGE.

    """
    for place, (tier, row) in enumerate(zip(tiers, written, strict=True)):
        text = row.get("rate") if isinstance(row, Mapping) else None
        if text is None or tier.rate is None or tier.rate <= MOST_RATE or str(text).endswith("%"):
            continue
        percentage = f"{(tier.rate * 100).normalize():f}%"
        hint = f"Did you mean {tier.rate:f}%? Write the sign; a rate above 100% needs it, too: {percentage}."
        raise refuse("E_RANGE", f"rate {tier.rate:f} is above 100%", hint, at=f"{at}{place}.rate")


def as_meant(tiers: Sequence[Tier], mode: Mode, rates: Rates | None, path: str) -> None:
    """Refuse tiers with a rate where an amount is meant, or the other way round; `path` is that of the table.

    Raises:
        pydantic_core.PydanticCustomError: code E_TIERS.

    """
    for i, tier in enumerate(tiers):
        at = f"{path}[{i}]"
        if mode != "interpolated":
            amount = rates == "per_unit"
            wanted, other = (tier.amount, tier.rate) if amount else (tier.rate, tier.amount)
            if wanted is None or other is not None:
                what = (
                    "tiers that pay per unit have an amount, no rate"
                    if amount
                    else f"{mode} tiers have a rate, no amount"
                )
                hint = f"Give each tier {'an `amount`' if amount else 'a `rate`'}."
                raise refuse("E_TIERS", what, hint, at=at)
            continue
        if tier.amount is None or tier.rate is not None:
            message = "interpolated tiers have an amount, no rates"
            raise refuse("E_TIERS", message, "Give each tier an `amount`.", at=at)
        if tier.end is None and i == len(tiers) - 1:
            message = "the last interpolated tier has no end"
            raise refuse("E_TIERS", message, "Say where its amount is full: `end`.", at=at)
        if tier.mode is not None:
            message = "interpolated tiers do not mix with others"
            raise refuse("E_TIERS", message, "Leave out `mode` of the tiers.", at=f"{at}.mode")


def likely(
    tiers: Sequence[Tier], rates: Rates | None, tiers_on: Literal["credit", "attainment"], path: str
) -> None:
    """Refuse rates, amounts and attainments that cannot be meant; `path` is that of the table.

    Raises:
        pydantic_core.PydanticCustomError: code E_RANGE.

    """
    most = MOST_MULTIPLE if rates == "of_credit" else MOST_TIMES
    for i, tier in enumerate(tiers):
        if tier.rate is not None:
            in_range(tier.rate, most, "rate", f"{path}[{i}].rate")
        if tier.amount is not None and tier.amount < 0:
            message = f"amount {tier.amount:f} is below 0"
            raise refuse("E_RANGE", message, "Give 0 or more.", at=f"{path}[{i}].amount")
        if tiers_on == "attainment" and tier.start > MOST_MULTIPLE:
            raise refuse(
                "E_RANGE",
                f"a tier on attainment starts at {tier.start:f}",
                f"Did you mean {tier.start:f}%, or `tiers_on: credit`?",
                at=f"{path}[{i}].start",
            )
