"""Laws of durations and sizes as tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError
from scipy import stats

from engine.pipeline.build.law_tables import LawTables
from engine.pipeline.draws import rest
from engine.pipeline.kpis.law_tables import quantiles
from engine.pipeline.law import Law, mean, reached
from engine.pipeline.layout import CELLS, guide_levels
from engine.pipeline.quantiles import quantile
from engine.pipeline.spec import AnyLaw


def law(**block: Any) -> Law:
    return TypeAdapter(AnyLaw).validate_python(block)


SIGMA = np.sqrt(np.log(1 + 1.2**2))
CONTINUOUS = [
    ({"kind": "exponential", "mean": 20}, stats.expon(scale=20)),
    (
        {"kind": "lognormal", "mean": 20, "cv": "120%"},
        stats.lognorm(SIGMA, scale=20 * np.exp(-(SIGMA**2) / 2)),
    ),
    ({"kind": "weibull", "mean": 20, "shape": 0.5}, stats.weibull_min(0.5, scale=10)),
    ({"kind": "weibull", "mean": 8.862269254527579, "shape": 2}, stats.weibull_min(2, scale=10)),
    ({"kind": "gamma", "mean": 20, "shape": 0.5}, stats.gamma(0.5, scale=40)),
    ({"kind": "gamma", "mean": 20, "shape": 4}, stats.gamma(4, scale=5)),
]


@pytest.mark.parametrize(
    ("block", "known"), CONTINUOUS, ids=lambda part: getattr(part, "get", lambda _: "")("kind")
)
def test_tables_are_the_law_from_the_middle_to_the_far_tails(block: dict[str, Any], known: Any) -> None:
    knots = law(**block).knots()
    assert np.all(np.diff(knots[0]) >= 0)
    assert np.all(np.diff(knots[1]) >= 0)
    tables = LawTables()
    tables.add(law(**block))
    laws = tables.finish()
    for level in (1e-9, 1e-4, 0.03, 0.5, 0.77, 0.999, 1 - 1e-9):
        assert quantile(laws, 0, level) == pytest.approx(known.ppf(level), rel=2e-3, abs=1e-9)
        assert reached(knots, known.ppf(level)) == pytest.approx(level, rel=2e-3)
    assert mean(knots) == pytest.approx(known.mean(), rel=3e-5)


def test_values_are_drawn_equally_often_and_nothing_in_between() -> None:
    tables = LawTables()
    tables.add(law(kind="empirical", values=[9, 2, 2, 5]))
    drawn = [quantile(tables.finish(), 0, level) for level in np.arange(0.005, 1, 0.01)]
    assert sorted(set(drawn)) == [2, 5, 9]
    assert [drawn.count(value) for value in (2, 5, 9)] == [50, 25, 25]


def test_quantiles_are_joined_by_straight_lines_and_jump_where_told() -> None:
    tables = LawTables()
    tables.add(law(kind="empirical", values=[0, 10, 60, 90], at=[0, "40%", "40%", 1]))
    laws = tables.finish()
    assert [quantile(laws, 0, level) for level in (0.0, 0.2, 0.4, 0.7)] == pytest.approx([0, 5, 60, 75])
    assert mean(tables.knots[0]) == pytest.approx(0.4 * 5 + 0.6 * 75)


def test_the_guide_leads_to_the_right_knot_at_every_border() -> None:
    tables = LawTables()
    for block in (
        CONTINUOUS[1][0],
        {"kind": "empirical", "values": [0, 10, 60, 90], "at": [0, "40%", "50%", 1]},
    ):
        tables.add(law(**block))
    laws, begins = tables.finish(), guide_levels()
    assert len(begins) == CELLS
    assert np.all(np.diff(begins) >= 0)
    far = 2.0 ** -np.arange(1, 53)
    levels = np.concatenate((begins, np.nextafter(begins[1:], 0), far, 1 - far))
    for number in range(2):
        found = [quantile(laws, number, level) for level in levels.tolist()]
        assert found == quantiles(laws, number, levels).tolist()


def test_several_tables_keep_apart() -> None:
    tables = LawTables()
    first, second = law(kind="fixed", value=3), law(kind="exponential", mean=5)
    assert [tables.add(each) for each in (first, second, first)] == [0, 1, 0]
    laws = tables.finish()
    assert quantile(laws, 0, 0.9) == 3
    assert quantile(laws, 1, 1 - np.exp(-1)) == pytest.approx(5, rel=1e-4)


def test_what_is_left_of_an_exponential_does_not_depend_on_the_age() -> None:
    tables = LawTables()
    tables.add(law(kind="exponential", mean=20))
    laws = tables.finish()
    for age in (3.0, 40.0, 300.0):
        floor = reached(tables.knots[0], age)
        assert rest(laws, 0, 0.5, (floor, age), 1.0) / 1e6 == pytest.approx(20 * np.log(2), rel=2e-3)


def test_what_is_older_than_its_law_closes_at_once() -> None:
    tables = LawTables()
    tables.add(law(kind="fixed", value=30))
    assert reached(tables.knots[0], 31.0) == 1
    assert rest(tables.finish(), 0, 0.5, (1.0, 31.0), 1.0) == 0


def test_a_mixture_is_the_weighted_sum_of_its_laws() -> None:
    parts = [
        {"weight": 1, "law": {"kind": "fixed", "value": 5}},
        {"weight": 2, "law": {"kind": "lognormal", "mean": 20, "cv": "80%"}},
        {"weight": 1, "law": {"kind": "empirical", "values": [0, 10, 60, 90], "at": [0, "40%", "40%", 1]}},
    ]
    laws = [law(**part["law"]).knots() for part in parts]
    knots = law(kind="mixture", parts=parts).knots()
    assert np.all(np.diff(knots[0]) >= 0)
    assert np.all(np.diff(knots[1]) >= 0)
    assert (knots[0][0], knots[0][-1]) == (0, 1)
    for value in (0.5, 4.9, 5.0, 9.0, 30.0, 75.0, 89.0, 400.0):
        expected = sum(
            share * reached(own, value) for share, own in zip((0.25, 0.5, 0.25), laws, strict=True)
        )
        assert reached(knots, value) == pytest.approx(expected, abs=1e-12)
    assert mean(knots) == pytest.approx(0.25 * 5 + 0.5 * 20 + 0.25 * (0.4 * 5 + 0.6 * 75), rel=2e-5)


@pytest.mark.parametrize("block", [
    {"kind": "mixture", "parts": [{"weight": 1, "law": {"kind": "fixed", "value": 5}}]},
    {"kind": "empirical", "values": [1, 2], "at": [0, "50%", 1]},
    {"kind": "empirical", "values": [1, 2], "at": [0, "90%"]},
    {"kind": "empirical", "values": [2, 1], "at": [0, 1]},
    {"kind": "empirical", "values": [-1]},
    {"kind": "exponential", "mean": 0},
    {"kind": "lognormal", "mean": 5},
])  # fmt: skip
def test_bad_parameters_are_refused(block: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        law(**block)
