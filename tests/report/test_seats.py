"""The first screen: the tiles, the questions, and the table that says who covers and carries what."""

import re
from itertools import pairwise

import pytest

from engine.report.html import answers, page
from engine.report.input import ReportInput
from engine.report.sections import first, seats
from engine.report.view import View
from tests.report.synthetic import run
from tests.report.test_html import changed, frame, without


@pytest.fixture(scope="module")
def small() -> ReportInput:
    return run(seats=4, accounts=20)


def test_every_seat_has_its_row_largest_quota_first_below_all_together(small: ReportInput) -> None:
    part = seats.section(View(small))
    assert part is not None
    heads = [heading.text for heading in part.grids[0].headings]
    assert heads == ["seat", "name", "accounts", "potential, USD", "workload", "quota, USD", "chance to make quota",
                     "expected bookings, USD"]  # fmt: skip
    rows = part.grids[0].rows
    carried = View(small).frame("quota_reps").sort_values(["quota", "rep"], ascending=[False, True])
    assert [row[0] for row in rows] == ["all", *carried["rep"]]
    assert [row[5] for row in rows] == [
        f"{value:,.0f}" for value in (carried["quota"].sum(), *carried["quota"])
    ]
    assert rows[0][1:3] == ("4 seats", "20")


def test_a_run_that_stopped_early_shows_what_it_knows_of_the_seats(small: ReportInput) -> None:
    part = seats.section(View(without(small, "quota_reps", "attainment", "bookings_by_rep")))
    assert part is not None
    assert [heading.text for heading in part.grids[0].headings][2:] == [
        "accounts",
        "potential, USD",
        "workload",
    ]
    assert seats.section(View(without(small, "quota_reps", "territories"))) is None


def test_a_seat_without_bookings_of_the_measure_has_none(small: ReportInput) -> None:
    rows = frame(small, "bookings_by_rep")
    part = seats.section(View(changed(small, "bookings_by_rep", rows.iloc[1:])))
    assert part is not None
    found = {row[0]: row[-1] for row in part.grids[0].rows}
    assert found[rows["rep"].iloc[0]] == "\u2013"


def test_the_tiles_answer_in_the_order_of_the_page(small: ReportInput) -> None:
    labels = [tile.label for tile in first.tiles(View(small))]
    assert labels == ["Accounts moved", "Gap of the alignment", "Street quota", "Bookings, P50", "P(goal)",
                      "Comp cost, P50"]  # fmt: skip


def test_each_question_names_its_sections_and_each_section_stands_under_one(small: ReportInput) -> None:
    asked = answers(View(small))
    assert [words for words, _ in asked] == ["Who covers what", "Who carries what number", "What it will bring",
                                             "What it will cost", "With what proof"]  # fmt: skip
    ids = [part.id for _, parts in asked for part in parts]
    text = page(small)
    assert re.findall(r'<a href="#([^"]+)">', text) == ids == re.findall(r'<section id="([^"]+)">', text)


def test_tables_have_names_and_heads_of_rows_for_who_cannot_see_them(small: ReportInput) -> None:
    text = page(small)
    named = re.findall(r'<div class="table" role="region" aria-label="([^"]+)" tabindex="0">', text)
    assert len(named) == text.count("<table>")
    assert '<th scope="row">all</th>' in text
    levels = [int(level) for level in re.findall(r"<h([1-6])", text)]
    assert all(deeper <= level + 1 for level, deeper in pairwise(levels))
