"""Sections on key figures by group, levers and hiring: there with their tables, and not without."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from engine.report.html import page, sections
from engine.report.input import ReportInput
from engine.report.sections import funnel, hiring, key_figures, levers
from engine.report.view import View
from tests.browsing import THERE
from tests.report.company import table
from tests.report.question_tables import questioned
from tests.report.readers import Page
from tests.report.synthetic import run
from tests.report.test_browser import DRAWN, opened
from tests.report.test_html import changed, frame, without

OPTIONAL = {"key-figures": "kpis_by_group", "levers": "bottleneck", "hiring": "hiring"}


def test_each_section_is_there_with_its_table_and_not_without() -> None:
    ids = [part.id for part in sections(View(questioned()))]
    assert [name for name in ids if name in OPTIONAL] == list(OPTIONAL)
    assert not set(OPTIONAL) & {part.id for part in sections(View(run()))}
    assert hiring.section(View(without(questioned(), "hiring"))) is None
    assert key_figures.section(View(without(questioned(), "kpis_by_group"))) is None
    assert levers.section(View(without(without(questioned(), "bottleneck"), "investments"))) is None


def test_the_page_has_the_tornado_and_the_curve() -> None:
    shown = Page(page(questioned()))
    assert {"chart-tornado", "chart-hiring"} <= set(shown.ids())


def test_the_widest_lever_is_named_with_what_it_moves() -> None:
    report = questioned()
    part = levers.section(View(report))
    assert part is not None
    top = frame(report, "bottleneck").iloc[0]
    assert top["lever"] in part.sentences[0]
    assert "moves expected bookings most" in part.sentences[0]
    unclear = changed(report, "bottleneck", frame(report, "bottleneck").assign(clear=False))
    other = levers.section(View(unclear))
    assert other is not None
    assert other.sentences[0].startswith("No step moves bookings beyond doubt")
    close = changed(report, "bottleneck", frame(report, "bottleneck").assign(clear=True, ahead=False))
    third = levers.section(View(close))
    assert third is not None
    assert "may be as strong" in third.sentences[0]


def test_the_fewest_people_that_will_do_are_named_for_each_start() -> None:
    report = questioned()
    rows = frame(report, "hiring")
    part = hiring.section(View(report))
    assert part is not None
    for day, sentence in zip(sorted(set(rows["start"])), part.sentences[1:], strict=True):
        one = rows[rows["start"] == day]
        assert sentence.startswith(f"Starting on {day:%Y-%m-%d}")
        if one["enough"].any():
            assert f"{int(one[one['enough']]['hires'].iloc[0])} p" in sentence
        else:
            assert "are not enough" in sentence
    none = changed(report, "hiring", rows.assign(enough=False, sure=False))
    assert "are not enough" in " ".join(hiring.section(View(none)).sentences)  # type: ignore[union-attr]


def test_every_group_has_a_row_and_ratios_are_percentages() -> None:
    part = key_figures.section(View(questioned()))
    assert part is not None
    captions = [grid.caption for grid in part.grids]
    assert captions[:5] == ["By region", "By district", "By rep", "By segment", "By period"]
    districts = part.grids[1]
    assert [row[0] for row in districts.rows] == ["North", "South"]
    rate = [heading.text for heading in districts.headings].index("win rate")
    assert all(row[rate].endswith("%") for row in districts.rows)


def covered(report: ReportInput, needed: float) -> ReportInput:
    """The run with coverage of its quotas: one period is over, one is covered, one is not."""
    cells: dict[str, list[Any]] = {
        "by": ["company"] * 3, "group": [""] * 3, "period": ["2027-01", "2027-02", "2027-03"],
        "quota": [9e5] * 3, "expected_value": [0.0, 1.8e6, 4.5e5], "coverage": [0.0, 2.0, 0.5],
        "open_value": [0.0, 4e6, 4e6], "open_coverage": [0.0, 4.4, 4.4], "needed": [needed] * 3,
    }  # fmt: skip
    kinds = [(name, "text" if name in ("by", "group", "period") else "real") for name in cells]
    return replace(report, tables=(*report.tables, table("coverage", kinds, cells)))


def test_coverage_is_drawn_for_the_periods_that_lie_ahead() -> None:
    part = key_figures.section(View(covered(questioned(), 3.3)))
    assert part is not None
    (chart,) = part.charts
    assert chart.id == "coverage"
    assert chart.say.endswith("the rule of thumb is 1 / win rate = 3.3.")
    bars = [one.data_source.data for one in chart.figure.renderers if "top" in one.data_source.data]
    assert bars[0]["top"] == [2.0, 0.5]
    unknown = key_figures.section(View(covered(questioned(), float("nan"))))
    assert unknown is not None
    assert unknown.charts[0].say.endswith("the rule of thumb is 1 / win rate.")


def test_the_busiest_resource_and_the_first_key_figures_are_said() -> None:
    report = questioned()
    part, pipeline = key_figures.section(View(report)), funnel.section(View(report))
    assert part is not None
    assert any(
        sentence.startswith("The busiest shared resource is engineers: ") for sentence in part.sentences
    )
    mean = dict(zip(frame(report, "kpis")["kpi"], frame(report, "kpis")["mean"], strict=True))
    said = " ".join(pipeline.sentences)
    assert f"Of the deals that close, {100 * mean['win_rate']:.0f}\u00a0% are won" in said
    assert f"after {mean['cycle_won']:.0f} days" in said
    assert "Velocity: USD" in said


def test_contracts_are_told_by_what_is_kept_of_them() -> None:
    report = questioned()
    kpis = frame(report, "kpis")
    rows = kpis.iloc[:3].assign(kpi=["nrr", "grr", "logo_churn"], unit="ratio", mean=[1.04, 0.9, 0.11])
    more = changed(report, "kpis", pd.concat([kpis, rows], ignore_index=True))
    part = key_figures.section(View(more))
    assert part is not None
    assert (
        "104\u00a0% is there at the end with what was added (NRR), 90\u00a0% without (GRR)"
        in part.sentences[-1]
    )


def test_each_investment_is_told_with_its_intervals() -> None:
    report = questioned()
    part = levers.section(View(report))
    assert part is not None
    (grid,) = part.grids
    for row, told in zip(frame(report, "investments").to_dict("records"), grid.rows, strict=True):
        assert told[0] == row["investment"]
        assert told[5] == f"{row['return']:.2f} ({row['return_low']:.2f} to {row['return_high']:.2f})"


@pytest.mark.browser
@THERE
@pytest.mark.parametrize("width", [1280, 390])
def test_the_charts_are_drawn_at_any_width(browser: Any, tmp_path: Path, width: int) -> None:
    tab, wrong = opened(browser, tmp_path, questioned(), width)
    assert wrong == []
    drawn = {name: inked and height > 100 for name, inked, height in tab.evaluate(DRAWN)}
    assert drawn["chart-tornado"]
    assert drawn["chart-hiring"]
    tab.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.close()
