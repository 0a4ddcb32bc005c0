"""Every level of the windows, held to all whole points of tiny trees; and ratios and steps of nodes."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.difficulty import Instance, Level, Windows, equalise, windows
from solvers.quotas.instance import BoolArray, IntArray
from tests.solvers.difficulty.test_closed_forms import flat
from tests.solvers.difficulty.worlds import STEP, drawn, points


def inside(instance: Instance, level: Level, counts: IntArray, low: int, high: int) -> BoolArray:
    """Which points have the free cells of a level within a window, and the others there or as far as they may go."""
    kept = (counts >= np.minimum(low, level.low)) & (counts <= np.maximum(high, level.high))
    kept[:, level.free] = (counts[:, level.free] >= low) & (counts[:, level.free] <= high)
    return np.asarray((kept | ~instance.measured).all(axis=(1, 2)))


def counted(instance: Instance) -> tuple[Windows, IntArray]:
    """The windows, and the counts of every point, shape (point, leaf, product)."""
    found, every = windows(instance), points(instance)
    assert found is not None
    return found, (instance.credit[None] >= every[:, None]).sum(axis=1)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 100_000), st.sampled_from([(3, 2), (4, 1), (5, 1)]))
def test_no_point_is_narrower_on_any_level(seed, shape):
    instance = drawn(seed, leaves=shape[0], products=shape[1])
    found, counts = counted(instance)
    for before, level in pairwise([found.levels[0], *found.levels]):
        window, width = level.window, level.window.width
        assert before.window.low <= window.low <= window.high <= before.window.high
        assert inside(instance, level, counts, window.low, window.high).any()
        for low in range(before.window.low, before.window.high - width + 2 if width else 0):
            assert not inside(instance, level, counts, low, low + width - 1).any()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 100_000))
def test_who_left_a_level_cannot_all_stand_within_a_narrower_window(seed):
    instance = drawn(seed, leaves=5, products=1)
    found, counts = counted(instance)
    for before, after in pairwise(found.levels[1:]):
        low, high = before.window.low, before.window.high
        kept = counts[inside(instance, before, counts, low, high)]
        for left, narrower in (
            ((after.high == high) & (before.high < high), kept < high),
            ((after.low == low) & (before.low > low), kept > low),
        ):
            assert not left.any() or not narrower[:, left & before.free].all(axis=1).any()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 100_000))
def test_the_counts_that_are_left_hold_a_point_and_the_windows(seed):
    instance = drawn(seed, leaves=4, products=1)
    found, counts = counted(instance)
    kept = ((counts >= found.low) & (counts <= found.high)) | ~instance.measured
    assert kept.all(axis=(1, 2)).any()
    assert (found.low[~found.held] == found.free.low).all()
    assert (found.high[~found.held] == found.free.high).all()


def test_a_capped_district_leaves_the_floor_of_its_region_to_its_neighbour():
    """The West sells 3,300 at least, its one district 1,550 at most: only sums tell what that leaves its other seat."""
    shape = np.arange(100, 200) * 10
    credit = np.stack([shape] * 4, axis=1)
    lower, upper = np.zeros(8, dtype=np.int64), np.full(8, 2**40)
    lower[1], upper[3] = 3300, 1550
    instance = replace(
        flat(credit, 6500), parent=np.array([-1, 0, 0, 1, 3, 1, 2, 2]), leaf=np.array([4, 5, 6, 7]),
        node_lower=lower, node_upper=upper,
    )  # fmt: skip
    answer = equalise(instance)
    assert answer is not None
    assert answer.counts[0, 0] == 45
    assert answer.cells[1, 0] == 1750
    assert answer.cells[2:, 0].tolist() == [1600, 1600]
    assert answer.windows.free.width == 0
    assert answer.windows.held[:, 0].tolist() == [True, True, False, False]


def steps_in_a_tree(whole: int, over: int = 26, under: int = 25) -> Instance:
    """Two districts of two leaves below a company that hands down its goal; each hands down 4 % more."""
    shape = np.arange(100, 200)
    credit = np.stack([shape * scale for scale in (10, 20, 30, 41)], axis=1)
    ratio = np.ones((7, 2), dtype=np.int64)
    ratio[1:3] = over, under
    return replace(
        flat(credit, 0), parent=np.array([-1, 0, 0, 1, 1, 2, 2]), leaf=np.arange(3, 7),
        node_lower=np.array([15_000, *[0] * 6]), node_upper=np.array([15_000, *[2**40] * 6]), ratio=ratio,
        whole=np.array([1, whole, whole, 1, 1, 1, 1]), product_upper=np.array([2**40]),
    )  # fmt: skip


@pytest.mark.parametrize("whole", [500, 1000, 2500])
def test_steps_of_districts_count_in_the_window(whole):
    """The districts' own amounts are counted out; each of their splits is as equal as its two leaves allow."""
    instance = steps_in_a_tree(whole)
    best = 100
    for north in range(0, 15_001, whole):
        sums = [(2 * own * 26 + 25) // 50 for own in (north, 15_000 - north)]
        ranges = [
            spans(instance.credit[:, pair, 0], total)
            for pair, total in zip(([0, 1], [2, 3]), sums, strict=True)
        ]
        best = min([best] + [max(a[1], b[1]) - min(a[0], b[0]) for a in ranges[0] for b in ranges[1]])
    found = windows(instance)
    assert found is not None
    assert found.every.width == best
    assert best > 0


def spans(credit: IntArray, total: int) -> list[tuple[int, int]]:
    """Lowest and highest count of two leaves that carry a total, for every split; without those that hold others."""
    first, ranked = np.arange(total + 1), np.sort(credit, axis=0)
    one = len(credit) - np.searchsorted(ranked[:, 0], first)
    other = len(credit) - np.searchsorted(ranked[:, 1], total - first)
    ends = np.minimum(one, other), np.maximum(one, other)
    every = set(zip(*(end.tolist() for end in ends), strict=True))
    return [a for a in every if not any(b != a and a[0] <= b[0] and b[1] <= a[1] for b in every)]


def test_ratios_alone_are_those_of_the_totals_below():
    """What a district of a ratio hands down is a total, so limits of the totals find the same windows."""
    instance = steps_in_a_tree(1)
    street = replace(
        instance, ratio=None, whole=None, product_lower=np.array([15_600]), product_upper=np.array([15_600]),
        node_lower=np.zeros(7, dtype=np.int64), node_upper=np.full(7, 2**40),
    )  # fmt: skip
    one, other = windows(instance), windows(street)
    assert one is not None
    assert other is not None
    assert one.every.width == other.every.width


def test_whole_quotas_know_no_ratios():
    with pytest.raises(ValueError, match="ratios"):
        equalise(steps_in_a_tree(STEP))
