import os
import re
import subprocess
import sys
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

import pandas as pd
import pytest

from engine.columns import Table
from engine.report.html import page, sections
from engine.report.input import ReportInput
from engine.report.privacy import FEW_ARE_PAID, NOT_SHOWN, discreet
from engine.report.sections import attainment, balance, cost, fairness, first, funnel, moves, places, proofs
from engine.report.view import MADE_BY, STAGES, View
from tests.report.readers import Page, sha256
from tests.report.synthetic import run, solve

ROOT = Path(__file__).resolve().parents[2]
SECTIONS = [
    "territories",
    "balance",
    "moves",
    "tradeoffs",
    "quotas",
    "bookings",
    "pipeline",
    "attainment",
    "cost",
    "drivers",
    "accruals",
    "data",
    "proofs",
]


def without(report: ReportInput, *names: str, stages: tuple[str, ...] | None = None) -> ReportInput:
    tables = tuple(table for table in report.tables if table.name not in names)
    return replace(report, tables=tables, stages=report.stages if stages is None else stages)


def changed(report: ReportInput, name: str, frame: pd.DataFrame) -> ReportInput:
    tables = (replace(table, frame=frame) if table.name == name else table for table in report.tables)
    return replace(report, tables=tuple(tables))


def frame(report: ReportInput, name: str) -> pd.DataFrame:
    return next(table.frame for table in report.tables if table.name == name).copy()


@pytest.fixture(scope="module")
def small() -> ReportInput:
    return run()


@pytest.fixture(scope="module")
def text(small: ReportInput) -> str:
    return page(small)


def test_the_page_has_every_section_in_reading_order(text: str) -> None:
    ids = Page(text).ids()
    assert [name for name in ids if name in SECTIONS] == SECTIONS
    assert len(ids) == len(set(ids))


def test_every_chart_has_a_box_data_and_a_table_with_its_numbers(text: str) -> None:
    shown = Page(text)
    boxes = [name for name in shown.ids() if name.startswith("chart-")]
    roots = shown.charts["items"][0]["roots"]  # type: ignore[index]
    assert sorted(roots.values()) == sorted(boxes)
    figures = text.split("<figure")[1:]
    assert len(figures) == len(boxes) == 18
    assert all(figure.split("</figure>")[0].count("<tr>") > 1 for figure in figures)


def test_two_renders_give_the_same_bytes(small: ReportInput, text: str) -> None:
    assert page(small) == text


def test_another_process_with_another_hash_seed_gives_the_same_bytes(text: str) -> None:
    code = "import sys; from engine.report.html import page; from tests.report.synthetic import run; "
    code += "sys.stdout.buffer.write(page(run()).encode())"
    environment = os.environ | {"PYTHONHASHSEED": "4711"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    assert done.stdout.decode() == text


def test_only_scripts_with_their_hash_may_run_and_nothing_may_be_fetched(text: str) -> None:
    shown = Page(text)
    allowed = re.findall(r"'sha256-[^']+'", shown.policy)
    running = [script for attributes, script in shown.scripts if attributes.get("type") != "application/json"]
    assert [sha256(script) for script in running] == allowed
    assert shown.policy.startswith("default-src 'none';")
    script_rule = shown.policy.split("script-src")[1].split(";")[0]
    assert "unsafe" not in script_rule
    assert "http" not in shown.policy


def test_no_attribute_points_outside_the_page(text: str) -> None:
    points = [
        value
        for _, name, value in Page(text).attributes
        if name in {"src", "href", "action", "srcset", "data"}
    ]
    assert points
    assert all(value.startswith(("#", "data:")) for value in points)


NASTY = (
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "\u2028\u2029&amp;",
    "<!--<script>",
    "$$\\href{x}$$ \\(y\\)",
)


def test_a_name_is_never_markup_nor_a_formula(small: ReportInput) -> None:
    report, name = small, " ".join(NASTY)
    for table in ("alignment", "moves", "territories", "quota_reps"):
        rows = frame(report, table)
        rows["name"] = [NASTY[row % len(NASTY)] for row in range(len(rows))]
        report = changed(report, table, rows)
    shown = Page(page(replace(report, title=name, description=name, warnings=NASTY)))
    assert [attributes.get("type") for attributes, _ in shown.scripts] == ["application/json", None, None]
    assert not [tag for tag, attribute, _ in shown.attributes if tag == "img" or attribute.startswith("on")]
    data = shown.scripts[0][1]
    assert not re.search("[<>&\u2028\u2029]", data)
    for word in NASTY:
        assert re.sub(r"\s+", " ", word) in shown.text
    drawn = re.findall(r'"[^"]*\u200b[^"]*"', data)
    assert drawn
    assert not [label for label in drawn if "$$" in label]


@pytest.mark.parametrize(
    ("stages", "gone", "left"),
    [
        (("inputs",), ("territories", "pipeline", "quotas", "comp"), ["data", "proofs"]),
        (("inputs", "territories"), ("pipeline", "quotas", "comp"), ["territories"]),
        (("inputs", "territories", "pipeline", "quotas"), ("comp",), ["quotas", "bookings"]),
    ],
)
def test_a_run_stopped_early_says_what_is_not_shown(
    small: ReportInput, stages: tuple[str, ...], gone: tuple[str, ...], left: list[str]
) -> None:
    names = [name for name, stage in MADE_BY.items() if stage in gone]
    shown = Page(page(without(small, *names, stages=stages)))
    assert [name for name in shown.ids() if name in SECTIONS] == SECTIONS
    assert f"the run stopped before the {gone[0]} stage was complete" in shown.text
    assert f"This run is not complete: {', '.join(gone)}" in shown.text
    assert set(left) <= set(shown.ids())


def test_any_table_may_be_missing_one_of_each_stage_at_a_time() -> None:
    report = run(seats=2, accounts=4, periods=2)
    by_stage = [[name for name, made in MADE_BY.items() if made == stage] for stage in STAGES[1:]]
    for names in zip_longest(*by_stage, fillvalue=""):
        parts = sections(View(without(report, *names)))
        assert [part.id for part in parts if part.id != "seats"] == SECTIONS, names
        assert all(part.sentences or part.charts or part.grids for part in parts), names


def test_without_coordinates_bars_stand_in_for_the_map() -> None:
    part = places.section(View(run(placed=False)))
    assert "no coordinates" in part.sentences[0]
    assert [chart.id for chart in part.charts] == ["territory-bars"]


def test_without_moves_the_page_says_that_nothing_changes_hands(small: ReportInput) -> None:
    part = moves.section(View(changed(small, "moves", frame(small, "moves").iloc[:0])))
    assert "No account changes hands" in part.sentences[0]
    assert part.charts == ()


@pytest.mark.parametrize("placed", [True, False])
def test_without_incumbents_there_is_no_before(placed: bool) -> None:
    report = run(placed=placed)
    report = changed(report, "moves", frame(report, "moves").iloc[:0])
    report = changed(report, "alignment", frame(report, "alignment").assign(incumbent=None, moved=False))
    view = View(report)
    assert [chart.id for chart in places.section(view).charts] == [
        "map-after" if placed else "territory-bars"
    ]
    assert "No account has an incumbent" in moves.section(view).sentences[0]
    part = balance.section(view)
    assert "before" not in part.sentences[0]
    assert [mark.text for mark in part.charts[0].marks] == ["allowed band", "after"]
    assert {row[2] for row in part.charts[0].grid.rows} == {"\u2013"}


def test_without_history_quotas_are_not_compared_with_last_year() -> None:
    part = fairness.section(View(run(history=False)))
    assert any("change against history is not shown" in sentence for sentence in part.sentences)
    assert "quota-history" not in [chart.id for chart in part.charts]


def test_a_missing_bound_is_no_bound(small: ReportInput) -> None:
    rows = frame(small, "balance").assign(lower=float("nan"), upper=float("inf"))
    part = balance.section(View(changed(small, "balance", rows)))
    assert part.sentences == ("Outside their bands before: 0 of 12 values; after: 0.",)
    assert part.charts[0].grid.rows[0][-1] == "none"


def test_values_outside_their_band_are_counted(small: ReportInput) -> None:
    rows = frame(small, "balance")
    rows.loc[0, "upper"] = rows.loc[0, "value"] - 1
    part = balance.section(View(changed(small, "balance", rows)))
    assert part.sentences[0].endswith("after: 1.")


def test_one_seat_one_product_one_period_still_make_a_page() -> None:
    shown = Page(page(run(seats=1, accounts=3, periods=1, products=1)))
    assert "There is one seat" in shown.text
    assert "chart-bookings-to-date" in shown.ids()


def test_a_private_table_is_refused(small: ReportInput) -> None:
    table = small.tables[0]
    secret = Table("payouts", table.columns, table.frame, private=True)
    with pytest.raises(ValueError, match="payouts"):
        replace(small, tables=(*small.tables, secret))


def test_the_plan_of_a_single_person_shows_no_figure_of_any_plan(small: ReportInput) -> None:
    view = View(discreet(replace(small, people_by_plan={"AE": 5, "AM": 1})))
    part = cost.section(view)
    assert {row[0] for row in part.grids[0].rows} == {"all"}
    assert any("cost is shown for all plans together" in sentence for sentence in part.sentences)
    curve = attainment.section(view).charts[1]
    assert [heading.text for heading in curve.grid.headings] == ["plan", "attainment", "pay"]


def test_the_cost_of_a_company_of_one_is_not_shown(small: ReportInput) -> None:
    alone = replace(small, people_by_plan={"AE": 1})
    part = cost.section(View(discreet(alone)))
    assert part.sentences == (NOT_SHOWN,)
    assert part.charts == ()
    told = " ".join(tile.value + tile.words for tile in first.tiles(View(discreet(alone))))
    assert FEW_ARE_PAID in told


def test_a_long_table_is_cut_and_says_where_the_rest_is(small: ReportInput) -> None:
    rows = pd.concat([frame(small, "quota_levels")] * 40, ignore_index=True)
    part = fairness.section(View(changed(small, "quota_levels", rows)))
    assert len(part.grids[1].rows) == 300
    assert (
        part.grids[1].note == f"The first 300 of {len(rows)} rows; tables/quota_levels.csv has all of them."
    )


def test_ratios_among_the_key_figures_are_shown_as_percentages(small: ReportInput) -> None:
    rows = funnel.section(View(small)).grids[0].rows
    assert [row[2] for row in rows] == ["24.3\u00a0%", "96.20", "81.2\u00a0%"]


def test_solves_in_minor_units_are_told_in_money(small: ReportInput) -> None:
    part = proofs.section(
        View(replace(small, solves=(solve("quotas", "deviation", 12_345, 12_345, "minor units"),)))
    )
    assert part.grids[0].rows[0][3:5] == ("123.45", "123.45")
    assert part.grids[0].rows[0][1] == "deviation, USD"
