"""Sums over people, and whole amounts shared without a cent lost, on both number types."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.comp.fast import Fast
from engine.comp.scaled import Scaled

TYPES = [Fast, Scaled]


def numbers(quantity):
    return (quantity.values if isinstance(quantity, Fast) else quantity.minor()).astype(int).tolist()


def column(values):
    return np.array(values, dtype=np.int64)[:, None]


@pytest.mark.parametrize("number", TYPES)
def test_the_units_left_go_to_the_largest_remainders_and_to_the_first_among_equals(number):
    everybody = np.zeros(3, dtype=np.int64)

    def shared(amount, *weights):
        shares = number.whole(column([amount])).portions(number.whole(column(weights)), everybody)
        return [share for (share,) in numbers(shares)]

    assert shared(100, 1, 1, 1) == [34, 33, 33]
    assert shared(10, 15, 3, 2) == [8, 1, 1]
    assert shared(7, 1, 0, 2) == [2, 0, 5]
    assert shared(-100, 1, 1, 1) == [-34, -33, -33]
    assert shared(5, 0, 0, 0) == [0, 0, 0]


@pytest.mark.parametrize("number", TYPES)
def test_groups_share_by_themselves_and_nobodys_group_gets_nothing(number):
    of = np.array([1, 0, -1, 1])
    amounts = np.array([[7, 10], [9, 11]])
    weights = np.array([[1, 1], [5, 0], [9, 9], [2, 1]])
    shares = number.whole(amounts).portions(number.whole(weights), of)
    assert numbers(shares) == [[3, 6], [7, 0], [0, 0], [6, 5]]
    assert numbers(number.whole(weights).summed(of, 3)) == [[5, 0], [3, 2], [0, 0]]
    assert numbers(number.whole(weights).rows(np.array([3, 3, 0]))) == [[2, 1], [2, 1], [1, 1]]


@pytest.mark.parametrize("number", TYPES)
def test_whole_steps_are_counted_towards_nothing(number):
    steps = number.whole(np.array([[29, 30, -29, -30, 9, 0]])).fulls(Fraction(10))
    assert numbers(steps) == [[2, 3, -2, -3, 0, 0]]
    assert numbers(number.whole(np.array([[7, 8]])).fulls(Fraction(5, 2))) == [[2, 3]]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-1, 2), st.integers(0, 10**13)), min_size=1, max_size=8),
    st.lists(st.integers(-(10**13), 10**13), min_size=3, max_size=3),
)
def test_shares_sum_to_the_whole_and_stay_within_a_unit_of_the_exact_share(people, amounts):
    of = np.array([group for group, _ in people])
    weights = column([weight for _, weight in people])
    ours, exact = (
        numbers(number.whole(column(amounts)).portions(number.whole(weights), of)) for number in TYPES
    )
    assert ours == exact
    for group, amount in enumerate(amounts):
        shares = [share for (share,), (its, _) in zip(exact, people, strict=True) if its == group]
        total = sum(weight for its, weight in people if its == group)
        assert sum(shares) == (amount if total else 0)
        for share, weight in zip(shares, (w for its, w in people if its == group), strict=True):
            assert abs(share - Fraction(amount * weight, max(total, 1))) < 1
