"""Sections on how quotas came about, what changed and how hard they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from engine.columns import Table
from engine.quota.in_force.changes import COLUMNS as CHANGES
from engine.quota.in_force.relief_table import COLUMNS as RELIEF
from engine.quota.keeping.table import LEAST_COLUMNS, SEAT_COLUMNS
from engine.report.input import ReportInput
from engine.report.sections import difficulty, quota_changes, quota_steps
from engine.report.view import View
from tests.quota.setting import quotas, seats, spec
from tests.quota.test_difficulty import EQUAL, SCALES, drawn, settled


def view(*tables: Table) -> View:
    return View(ReportInput("plan", "USD", ("quotas",), tables))


def test_steps_start_from_the_methods_and_end_at_the_street_quota() -> None:
    methods = [{"kind": "potential", "weight": "1"}, {"kind": "even", "weight": "1"}]
    inputs = seats([100, 200, 300], district=["N", "N", "S"])
    found = quotas(inputs, spec("600", methods=methods, over_assignment={"rep": "10%"}, step="7"))
    part = quota_steps.section(view(*found.tables))
    assert part is not None
    (chart,) = part.charts
    names = [row[0] for row in chart.grid.rows]
    assert names[:3] == ["by potential", "by even", "over-assignment"]
    assert names[-1] == "rounding"
    source = chart.figure.renderers[0].data_source.data
    assert source["right"][-1] == 660.0
    assert source["left"][2] == 600.0
    assert "potential 50" in part.sentences[0]
    assert "even 50" in part.sentences[0]
    captions = [grid.caption for grid in part.grids]
    assert captions[1] == "Steps by district, USD"
    assert [row[-1] for row in part.grids[1].rows] == [
        f"{found.cells[:2].sum() / 100:,.0f}",
        f"{found.cells[2].sum() / 100:,.0f}",
    ]


def test_without_quotas_there_are_no_sections() -> None:
    for section in (quota_steps.section, quota_changes.section, difficulty.section):
        assert section(view()) is None


def test_difficulty_names_the_hardest_seat_what_holds_it_and_the_proof() -> None:
    inputs = seats([1, 1, 1, 1])
    wanted = spec("900", methods=EQUAL, bounds={"nodes": {"R0": {"max": "80"}}})
    found = settled(inputs, wanted, drawn(), drawn(SCALES, seed=2))
    part = difficulty.section(view(*found.tables))
    assert part is not None
    said = " ".join(part.sentences)
    assert "rates drawn anew" in said
    assert "bounds.nodes.R0.max (1 seat)" in said
    assert "proven to be the least" in said
    (chart,) = part.charts
    assert len(chart.grid.rows) == 4
    assert [grid.caption for grid in part.grids] == [
        "Made equal level by level, worst first",
        "What the quotas promise",
    ]
    bare = settled(inputs, spec("900", methods=EQUAL, fresh=0), drawn())
    plain = difficulty.section(view(*bare.tables))
    assert plain is not None
    assert plain.sentences[0].startswith("In the simulated years")


def made(name: str, columns: Any, rows: list[tuple[Any, ...]]) -> Table:
    frame = pd.DataFrame(rows, columns=[column.name for column in columns])
    whole = [column.name for column in columns if column.type in ("money", "whole")]
    return Table(name, columns, frame.astype(dict.fromkeys(whole, np.int64)), "")


def test_changes_tell_rises_falls_reasons_and_relief() -> None:
    changes = made("quota_changes", CHANGES, [
        ("R0", 100_00, 130_00, 1, "goal", "", 40_00), ("R0", 100_00, 130_00, 2, "relief", "lost", -10_00),
        ("R1", 100_00, 90_00, 1, "rounding", "", -10_00),
    ])  # fmt: skip
    relief = made("quota_relief", RELIEF, [
        (1, "R0", "lost a customer", "peers", "R0", "all", "2027-01", -10_00),
        (1, "R0", "lost a customer", "peers", "R2", "all", "2027-01", 10_00),
        (2, "R1", "away", "company", "R1", "all", "2027-01", -5_00),
        (2, "R1", "away", "company", "company", "all", "2027-01", 5_00),
    ])  # fmt: skip
    part = quota_changes.section(view(changes, relief))
    assert part is not None
    assert part.sentences[0].startswith("2 quotas differ from those in force: 1 rose, 1 fell")
    assert "1 other seat of peers carry USD" in part.sentences[1]
    assert part.sentences[2].endswith("nobody carries it now.")
    (chart,) = part.charts
    assert [row[0] for row in chart.grid.rows] == ["goal", "relief", "rounding"]
    assert [row[0] for row in part.grids[0].rows] == ["R0", "R1"]
    assert part.grids[0].rows[0][1:] == ("goal", "100", "130", "30", "+30.0\u00a0%")


def test_what_was_kept_is_told_with_what_had_to_move() -> None:
    rows = [
        (None, "R0", 100_00, 100_00, 0, True, "kept", None), (None, "R1", 100_00, 130_00, 30_00, True, "moved", None),
        (None, "R2", 0, 50_00, 50_00, False, "anew", "new seat"),
        (None, "R3", 90_00, 10_00, -80_00, False, "fixed", "locks.R3"),
    ]  # fmt: skip
    kept = made("quota_kept", SEAT_COLUMNS, rows)
    least = made("quota_least", LEAST_COLUMNS, [(None, 1, "amount", "currency", 30.0, 30.0, 0.0)])
    part = quota_changes.section(view(kept, least))
    assert part is not None
    assert part.sentences == (
        "Kept as in force: 1 of 4 quotas stay, 1 moved by USD\u00a030 in all, 1 set anew by the methods, "
        "1 fixed by a rule.",
    )
    assert [grid.caption for grid in part.grids] == [
        "Every quota beside the one in force", "How little had to move, with what is proven",
    ]  # fmt: skip
