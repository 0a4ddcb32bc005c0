import numpy as np

from engine.report.figures.bars import drawn_bins
from engine.report.figures.frame import Scale, literal, period_names
from engine.report.figures.places import shrink, spread
from engine.report.palette import SERIES, colours_apart


def test_amounts_are_scaled_to_the_largest_of_them() -> None:
    assert Scale.of([5e6, float("nan")], "USD") == Scale(1e6, "USD million")
    assert Scale.of([950.0], "USD") == Scale(1.0, "USD")
    assert Scale.of([], "hours") == Scale(1.0, "hours")


def test_bins_beyond_the_usual_are_drawn_as_wide_as_the_others() -> None:
    left, right = drawn_bins(np.array([-5.0, 1.0, 2.0]), np.array([1.0, 2.0, np.inf]))
    assert (left.tolist(), right.tolist()) == ([0.0, 1.0, 2.0], [1.0, 2.0, 3.0])
    left, right = drawn_bins(np.arange(0, 4.0), np.append(np.arange(1, 4.0), 40.0))
    assert right.tolist() == [1, 2, 3, 4]
    left, right = drawn_bins(np.array([200.0]), np.array([200.0]))
    assert (left.tolist(), right.tolist()) == ([200.0], [202.0])


def test_periods_are_named_short_enough_for_an_axis() -> None:
    assert period_names(["2026-11", "2026-12", "2027-01", "FY2027-P03", "2027-13"]) == [
        "Nov 26",
        "Dec",
        "Jan 27",
        "P03",
        "13",
    ]


def test_labels_are_cut_and_hold_no_marks_of_formulas() -> None:
    assert literal("x" * 40) == "x" * 27 + "\u2026"
    assert "$$" not in literal("$$a$$")


def test_neighbouring_homes_get_different_colours() -> None:
    x = np.arange(40, dtype=np.float64)
    colours = colours_apart(x, np.zeros(40))
    assert set(colours) == set(SERIES)
    assert all(colours[seat] != colours[seat + 1] for seat in range(39))


def test_homes_without_a_place_still_get_a_colour() -> None:
    nowhere = np.full(3, np.nan)
    assert colours_apart(nowhere, nowhere) == list(SERIES[:3])


def test_accounts_of_one_place_stand_around_it_and_others_stay() -> None:
    x, y = spread(np.array([1.0, 5.0, 1.0, 1.0]), np.array([2.0, 2.0, 2.0, 2.0]))
    assert (x[0], y[0], x[1], y[1]) == (1.0, 2.0, 5.0, 2.0)
    away = np.hypot(x[[2, 3]] - 1.0, y[[2, 3]] - 2.0)
    assert 0 < away[0] < away[1] < 0.05


def test_longitudes_shrink_with_the_middle_latitude() -> None:
    assert shrink(np.array([50.0, 70.0, np.nan])) == np.cos(np.radians(60.0))
    assert shrink(np.array([np.nan])) == 1.0
