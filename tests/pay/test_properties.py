"""What holds of every set of deals."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.crediting.deals import WHOLE
from engine.crediting.shares import largest_remainder


@st.composite
def divided(draw):
    """Groups of shares that add up to the whole, with an amount each."""
    amount, group, share = [], [], []
    for k in range(draw(st.integers(1, 4))):
        cuts = sorted(draw(st.lists(st.integers(0, WHOLE), max_size=4)))
        parts = np.diff([0, *cuts, WHOLE]).tolist()
        value = draw(st.integers(-(10**15), 10**15) | st.integers(-20, 20))
        amount += [value] * len(parts)
        group += [k] * len(parts)
        share += parts
    return (np.array(column, dtype=np.int64) for column in (amount, group, share))


@given(divided())
def test_shares_add_up_to_the_whole_and_none_is_off_by_a_unit(table):
    amount, group, share = table
    found = largest_remainder(amount, group, share)
    for k in range(group[-1] + 1):
        mine = group == k
        assert found[mine].sum() == amount[mine][0]
    for part, value, of in zip(found.tolist(), amount.tolist(), share.tolist(), strict=True):
        assert abs(part - Fraction(value * of, WHOLE)) < 1
