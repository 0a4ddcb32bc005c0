"""Sections on what territories may be asked beside the alignment: there with their tables, and not without."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from engine.report import headcounts
from engine.report.contents import Section
from engine.report.html import page, sections
from engine.report.rests import rests_on
from engine.report.sections import headcount, locks, overlays, proofs, recarve
from engine.report.text import summary
from engine.report.view import View
from engine.report.workbook import write_workbook
from tests.report.asked_tables import asked
from tests.report.asked_tables import headcount as headcount_tables
from tests.report.readers import Page
from tests.report.synthetic import run, solve
from tests.report.test_html import changed, frame, without

OPTIONAL = ["locks", "recarve", "overlays", "headcount"]


def told(part: Section | None) -> str:
    assert part is not None
    return " ".join(part.sentences)


def test_each_section_is_there_with_its_table_and_not_without() -> None:
    ids = [part.id for part in sections(View(asked()))]
    assert [name for name in ids if name in OPTIONAL] == OPTIONAL
    assert not set(OPTIONAL) & {part.id for part in sections(View(run()))}
    for name, table in zip(OPTIONAL, ("locks", "recarve", "overlay_seats", "headcount"), strict=True):
        assert name not in [part.id for part in sections(View(without(asked(), table)))]


def test_the_page_links_to_them_and_draws_every_chart() -> None:
    shown = Page(page(asked()))
    assert set(OPTIONAL) <= set(shown.ids())
    charts = {
        "chart-recarve-left",
        "chart-recarve-booked",
        "chart-overlay-1",
        "chart-overlay-2",
        "chart-headcount",
    }
    assert charts <= set(shown.ids())
    assert charts <= set(shown.charts["items"][0]["roots"].values())  # type: ignore[index]


def test_locks_are_counted_with_those_who_stay_anyway() -> None:
    words = told(locks.section(View(asked())))
    assert words.startswith("3 accounts were fixed beforehand")
    assert "2 of them stay with the incumbent" in words


def test_a_recarve_adds_up_what_is_left_and_what_was_booked() -> None:
    report = asked()
    left = frame(report, "recarve")["remaining"].sum() / 100
    part = recarve.section(View(report))
    assert "by 5 seats (1 new, 1 closed)" in told(part)
    assert "USD\u00a022M was booked before" in told(part)
    assert part is not None
    drawn = [float(row[5].replace(",", "")) for row in part.charts[0].grid.rows]
    assert sum(drawn) == pytest.approx(left, abs=len(drawn))
    assert ("\u2013", "without a seat", "3", "1,000,000", "500,000") in part.charts[1].grid.rows
    alone = recarve.section(View(without(report, "history")))
    assert alone is not None
    assert [chart.id for chart in alone.charts] == ["recarve-left"]


def test_an_overlay_is_told_with_its_own_proof() -> None:
    report = asked()
    report = replace(
        report, solves=(*report.solves, solve("territories", "experts: cost", 1000.0, 990.0, "USD"))
    )
    words = told(overlays.section(View(report)))
    assert "experts: 2 seats serve 10 accounts beside their owners, with potential of USD\u00a03M" in words
    assert "costs USD\u00a01K a year, proven within 1\u00a0% of the best" in words
    assert "partners: 1 seat serves 1 account" in words


def test_the_headcount_says_what_is_cheapest_and_what_is_ruled_out() -> None:
    assert headcounts.lines(View(asked())) == [
        "4 territories are cheapest: USD\u00a0100M a year",
        "ruled out by proof: 3, 6 to 7",
        "may still be cheaper: 5",
    ]
    lines = summary(asked()).splitlines()
    assert "headcount     4 territories are cheapest: USD 100M a year" in lines
    assert max(map(len, lines)) <= 80


def test_the_headcount_says_which_number_is_adopted() -> None:
    report = changed(asked(), "headcount", headcount_tables(adopted=2)[0].frame)
    assert headcounts.lines(View(report))[:2] == [
        "4 territories are cheapest: USD\u00a0100M a year",
        "this run has 5",
    ]
    said = headcount.section(View(report)).sentences[1]
    assert said == "The 5 territories are adopted: all stages of this run plan over their seats."
    assert "keep the seats of the tables" in headcount.section(View(asked())).sentences[1]


def test_the_headcount_chart_draws_bounds_and_plans_as_they_are() -> None:
    part = headcount.section(View(asked()))
    assert part is not None
    rows = part.charts[0].grid.rows
    assert [row[0] for row in rows] == ["3", "4", "5", "6", "7"]
    assert rows[1][2:4] == ("100,000,000", "90,000,000")
    assert rows[0][1:4] == ("\u2013", "\u2013", "\u2013")
    sources = [line.data_source.data for line in part.charts[0].figure.renderers]
    drawn = next(data for data in sources if "lower" in data)
    assert np.array(drawn["lower"])[1:].tolist() == [90.0, 99.0, 110.0, 120.0]
    assert np.array(drawn["upper"])[1:4].tolist() == [100.0, 103.0, 111.0]


def test_without_any_plan_no_number_is_called_cheapest() -> None:
    report = changed(asked(), "headcount", headcount_tables(chosen=-1)[0].frame)
    assert headcounts.lines(View(report))[0] == "no number of territories has a plan"
    part = headcount.section(View(report))
    assert part is not None
    assert "cheapest" not in [mark.text for mark in part.charts[0].marks]


def test_certificates_are_told_with_what_they_prove() -> None:
    part = proofs.section(View(asked()))
    assert "no alignment costs less than USD\u00a04.6M" in " ".join(part.sentences)
    assert part.grids[-1].caption == "Certificates"
    assert "certified" not in " ".join(proofs.section(View(run())).sentences)


@pytest.mark.parametrize(
    ("proof", "words"),
    [
        ("multipliers evaluated on all 45,000 pairs", ["45,000 pairs", "no search need be trusted"]),
        ("multipliers evaluated on all 45,000 pairs; branch and bound over the cheapest", ["few", "Nobody checks"]),
        ("branch and bound over all 360 pairs (highs)", ["solver highs", "360 pairs", "Nobody checks"]),
        ("branch and bound over all 360 pairs (highs); 37 cuts for contiguity in 10 rounds", ["Nobody", "one piece"]),
        ("branch and bound (cbc)", ["solver cbc"]),
        ("sum of 4 parts that no account can cross", ["bounds of 4 parts", "added up"]),
        ("bound of the regions alone, which relaxes every level below: x", ["bound of the regions alone"]),
        ("each account at its cheapest seat", ["cheapest seat"]),
        ("the LP over few", ["The LP over few."]),
    ],
)  # fmt: skip
def test_what_a_bound_rests_on_is_said_in_a_sentence(proof: str, words: list[str]) -> None:
    sentence = rests_on(proof)
    assert sentence.endswith(".")
    assert all(word in sentence for word in words), sentence
    assert sentence == rests_on(proof) != proof


def test_solves_with_the_same_proof_are_told_together() -> None:
    solves = tuple(solve("territories", f"part {k}", 10.0, 9.0, "USD") for k in range(6))
    (grid,) = [
        grid for grid in proofs.section(View(replace(run(), solves=solves))).grids if "rests" in grid.caption
    ]
    (row,) = grid.rows
    assert (
        row[0]
        == "territories, part 0; territories, part 1; territories, part 2; territories, part 3; and 2 more"
    )


def test_the_workbook_has_a_sheet_and_a_chart_for_them(tmp_path: Path) -> None:
    write_workbook(tmp_path / "plain.xlsx", run())
    write_workbook(tmp_path / "asked.xlsx", asked())
    plain, book = (openpyxl.load_workbook(tmp_path / name) for name in ("plain.xlsx", "asked.xlsx"))
    for name in ("locks", "recarve", "history", "overlay_seats", "headcount", "certificates"):
        assert name in book.sheetnames
    drawn = {cell.value for cell in book["Chart data"][1]}
    assert {"no plan costs less than", "cost of the plan", "still to be won", "overlay"} <= drawn
    rows = list(book["Chart data"].iter_rows(values_only=True))
    column = rows[0].index("no plan costs less than")
    assert [row[column] for row in rows[1:6]] == [None, 90e6, 99e6, 110e6, 120e6]
    assert len(book["Charts"]._charts) == len(plain["Charts"]._charts) + 3


def test_a_second_solver_is_named_where_it_confirms() -> None:
    sentence = rests_on("branch and bound over all 360 pairs (highs)", "scip")
    assert "solver highs" in sentence
    assert "scip went through it again" in sentence
    assert "Nobody" not in sentence


def test_parts_without_a_certificate_leave_the_whole_without_one() -> None:
    frame = View(asked()).frame("certificates")
    part = proofs.section(View(changed(asked(), "certificates", frame.assign(certified=[1.8e6, np.nan]))))
    assert "certificate" not in " ".join(part.sentences)
