"""Sums of plans held against sums of nodes tell the pay of nobody."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.comp.crossing import light_cut
from engine.comp.groups import FEWEST, groups, shown_plans
from tests.comp.test_groups import in_regions
from tests.worlds import with_spells


def lightest(lines: np.ndarray) -> int:
    """The lightest cut that parts points which hang together, by trying them all; FEWEST where none is lighter."""
    best = FEWEST
    for size in range(1, len(lines)):
        for side in itertools.combinations(range(len(lines)), size):
            inside = np.isin(np.arange(len(lines)), side)
            weight = int(lines[inside][:, ~inside].sum())
            best = min(best, weight) if weight else best
    return best


@settings(max_examples=200, deadline=None)
@given(st.integers(2, 7), st.data())
def test_a_light_cut_is_found_where_there_is_one(points, data):
    weights = st.lists(st.integers(0, 7), min_size=points**2, max_size=points**2)
    lines = np.triu(np.array(data.draw(weights)).reshape(points, points), 1)
    lines = lines + lines.T
    side = light_cut(lines, FEWEST)
    if side is None:
        assert lightest(lines) == FEWEST
    else:
        assert 0 < lines[side][:, ~side].sum() < FEWEST


def told(inputs, plans) -> list[tuple[int, ...]]:
    """The sets of up to four people of whom the published sums tell something, by linear algebra."""
    everybody = np.arange(len(inputs.spells))
    sums = [np.ones(len(everybody))]
    sums += [[name == plan for name in inputs.spells.plan] for plan in shown_plans(inputs, plans)]
    sums += [np.isin(everybody, group.spells) for group in groups(inputs, plans)]
    known = np.array(sums, dtype=np.float64)
    rank = np.linalg.matrix_rank(known)
    return [
        some
        for some in itertools.combinations(everybody, FEWEST - 1)
        if np.linalg.matrix_rank(np.delete(known, some, axis=1)) < rank
    ]


def seated(regions, districts, plans):
    inputs = in_regions(*regions, districts=tuple(districts))
    return with_spells(inputs, plan=tuple(plans))


def test_one_of_a_region_under_another_plan_is_not_the_region_less_the_plan():
    plans = ["AE"] * 6 + ["AM"] + ["AM"] * 5
    inputs = in_regions(*["West"] * 7, *["East"] * 5)
    inputs = with_spells(inputs, plan=tuple(plans))
    assert shown_plans(inputs, ("AE", "AM")) == {"AE", "AM"}
    assert groups(inputs, ("AE", "AM")) == ()
    even = with_spells(inputs, plan=("AE",) * 12)
    assert [group.name for group in groups(even, ("AE",))] == ["West", "East"]


def test_what_is_shown_beside_it_stays_where_enough_people_cross():
    inputs = in_regions(*["West"] * 10, *["East"] * 10)
    inputs = with_spells(inputs, plan=(("AE",) * 5 + ("AM",) * 5) * 2)
    assert [group.name for group in groups(inputs, ("AE", "AM"))] == ["West", "East"]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("WE"), st.sampled_from("NS"), st.sampled_from("ABC")),
        min_size=5,
        max_size=16,
    )
)
def test_no_set_of_fewer_than_five_people_is_told(people):
    regions, districts, plans = zip(*sorted(people), strict=True)
    inputs = seated(regions, districts, plans)
    assert told(inputs, ("A", "B", "C")) == []
