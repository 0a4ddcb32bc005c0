"""A resolved scenario reads back to an equal one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from engine.blocks import Block
from engine.fields import Day, Flag, Money, Name, Ratio, Real, Text, Whole
from engine.reading.nodes import parse
from engine.reading.resolved import to_yaml


class Sample(Block):
    """One field of every type."""

    text: Text
    whole: Whole
    real: Real
    ratio: Ratio
    money: Money
    day: Day
    flag: Flag
    words: tuple[Text, ...] = ()
    rates: Mapping[Name, Ratio] = Field(default_factory=dict)


PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=0x7E), max_size=30)
AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=2).map(lambda value: value + 0)


@given(
    PRINTABLE
    | st.sampled_from(["NO", "007", "1e6", "null", "~", "2027-01-01", "a: b", "- x", "#", '"', "yes"]),
    st.integers(-(10**9), 10**9),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 6) + 0.0),
    AMOUNTS,
    st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)),
    st.booleans(),
)
def test_what_is_written_reads_back_equal(text, whole, real, money, day, flag):
    sample = Sample(
        text=text, whole=whole, real=real, ratio=Decimal("0.125"), money=money, day=day, flag=flag,
        words=(text, "plain"), rates={"on": Decimal("0.1"), "A 1": Decimal(2)},
    )  # fmt: skip
    assert Sample.model_validate(parse(to_yaml(sample), "resolved.yaml").plain()) == sample
