"""Sums to date, deal by deal, on both number types."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.comp.fast import Fast
from engine.comp.intervals import Intervals
from engine.comp.scaled import Scaled

SHAPE = (2, 3, 4)
"""(replication, spell, period)."""
QUARTERS = Intervals((0, 0, 1, 1))
lines = st.lists(st.tuples(st.integers(0, 23), st.integers(-(10**12), 10**12)), max_size=30)


def one_by_one(deals, groups):
    """Each deal with those before it, by period and then as they stand, in its row and group of periods."""
    sums = []
    for i, (cell, _) in enumerate(deals):
        row, period = divmod(cell, SHAPE[-1])
        before = [
            amount
            for j, (other, amount) in enumerate(deals)
            if other // SHAPE[-1] == row
            and groups.of[other % SHAPE[-1]] == groups.of[period]
            and (other % SHAPE[-1], j) <= (period, i)
        ]
        sums.append(sum(before))
    return sums


@settings(max_examples=150, deadline=None)
@given(lines, st.sampled_from(["period", "quarter", "year"]))
def test_each_deal_is_added_to_those_before_it_in_its_group(deals, word):
    groups = QUARTERS.groups(word)
    cells, amounts = np.array(deals, dtype=np.int64).reshape(-1, 2).T
    expected = one_by_one(deals, groups)
    assert Scaled(amounts).so_far(cells, SHAPE, groups).minor().tolist() == expected
    assert Fast(amounts).so_far(cells, SHAPE, groups).values.tolist() == expected
