"""Methods as they are asked for, and the tables and words of a comparison."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from bokeh.models import BoxAnnotation

from engine.errors import BadInput
from engine.fairness import comparison, page
from engine.fairness.candidates import asked, usual
from engine.fairness.compare import Judged
from engine.fairness.of_plan import of_plan, tenure, unknown_groups
from engine.fairness.run import checks, judge
from engine.fairness.spec import FairnessSpec
from engine.report.input import ReportInput
from engine.report.sections import fairness_tests
from engine.report.view import View
from tests.quota.setting import booked, quotas, seats, spec, table

INPUTS = seats(
    [100, 200, 300, 400, 500, 600], history=[50, 150, 250, 300, 400, 900], region=["East"] * 3 + ["West"] * 3
)
PLAN = spec(methods=[{"kind": "history", "growth": {"West": "10%"}, "weight": "30%"}, {"kind": "potential"}])


def test_methods_are_asked_for_by_kind_or_blend_and_taken_as_the_plan_has_them():
    plan, history, blend = asked(["plan", "history", "potential:60%+history:40%"], PLAN)
    assert plan.methods == PLAN.methods
    assert plan.words == "history 23 %, potential 77 %"
    assert history.methods[0].growth == {"West": Decimal("0.1")}
    assert history.methods[0].weight == 1
    assert [method.weight for method in blend.methods] == [Decimal("0.6"), Decimal("0.4")]
    assert blend.words == "potential 60 %, history 40 %"
    (even,) = asked(["even+potential"], PLAN)
    assert even.words == "even 50 %, potential 50 %"


@pytest.mark.parametrize(
    ("word", "code", "said"),
    [
        ("potentail", "E_REFERENCE", "no method is called 'potentail'"),
        ("even:x", "E_NUMBER_FORMAT", "weight of 'even'"),
        ("even:-5%", "E_RANGE", "is negative"),
        ("even:0+history:0", "E_RANGE", "sum to 0"),
    ],
)
def test_a_wrong_method_is_refused(word, code, said):
    with pytest.raises(BadInput) as caught:
        asked(["plan", word], PLAN)
    (fault,) = caught.value.faults
    assert (fault.code, fault.field) == (code, "--methods")
    assert said in fault.message


def test_unless_asked_every_method_that_fits_is_compared():
    found = [one.name for one in usual(PLAN, INPUTS)]
    assert found[0] == "plan"
    assert {"history", "potential", "capacity", "even"} <= set(found)
    bare = seats([100, 200], history=[0, 0])
    assert "history" not in [one.name for one in usual(spec(), bare)]


def test_the_stage_leaves_the_tests_of_its_quotas():
    found = quotas(INPUTS, spec("2100", levels=[], fairness={"smallest": 3, "by": ["region"]}))
    frame = table(found, "fairness")
    assert {"all", "region"} == set(frame["by"])
    # Booked are 100, 200 ... a month, just what is due: everybody is at 100 %.
    at = frame.set_index(["test", "figure", "group"])
    assert at.loc[("bands", "at 100 %", ""), "value"] == 1.0
    assert at.loc[("bands", "at 100 %", "West"), "verdict"] == "fail"  # more than 80 %
    assert at.loc[("back_test", "misplaced quota", ""), "value"] == pytest.approx(0, abs=1e-9)


def test_groups_are_levels_role_and_tenure_or_what_is_named():
    assert unknown_groups(INPUTS, FairnessSpec(by=["region", "tenure"])) == []
    (fault,) = unknown_groups(INPUTS, FairnessSpec(by=["regoin"]))
    assert (fault.code, fault.field) == ("E_REFERENCE", "quotas.fairness.by[0]")
    assert "region" in fault.hint
    assert len(tenure(INPUTS)) == 6


def test_a_comparison_tells_every_method_in_eighty_columns():
    wanted = asked(["plan", "even", "potential", "history", "capacity", "even+history"], PLAN)
    judged = []
    for one in wanted:
        own = spec("2100", levels=[]).model_copy(update={"methods": one.methods})
        found = quotas(INPUTS, own)
        amounts = found.cells.sum(axis=(1, 2))
        fresh = booked(INPUTS)
        own_book = of_plan(INPUTS, fresh, "bookings", found.cells, INPUTS.accounts.potential, own.fairness)
        rows = tuple(judge(own_book, own.fairness))
        chance = (fresh.measure("bookings").sum(axis=2) >= amounts).mean(axis=0)
        judged.append(Judged(one, amounts, chance, found.solves, rows))
    refused = Judged(wanted[0], refused="the bounds contradict the goal")
    made = comparison.tables(INPUTS, [*judged, refused], 3)
    text = comparison.summary("plan", made)
    assert max(map(len, text.splitlines())) <= 80
    assert "the bounds contradict the goal" in text
    frames = {each.name: each.frame for each in made}
    assert frames["compared_methods"]["street"].tolist() == [210_000] * 6 + [0]
    assert len(frames["compared_quotas"]) == 36
    shares = frames["fairness_comparison"].query("figure == 'at 100 %' and by == 'all'")["value"]
    own = frames["compared_quotas"].groupby("method", sort=False)["chance"].mean()
    np.testing.assert_allclose(shares, own)
    first = page.compared("plan", "", "USD", "facts", made)
    assert first == page.compared("plan", "", "USD", "facts", made)
    assert "Chance to make quota" in first


def test_the_report_shows_every_judged_figure_by_group_with_its_limits():
    groups = spec("2100", levels=[], fairness={"smallest": 3, "by": ["region"]})
    view = View(ReportInput("plan", "USD", (), quotas(INPUTS, groups).tables))
    part = fairness_tests.section(view)
    assert part is not None
    assert part.sentences[0].startswith("Of ")
    shown = {chart.id: chart for chart in part.charts}
    at_quota = shown["fair-bands-at-100"]
    assert [row[0] for row in at_quota.grid.rows] == ["all seats", "region East", "region West"]
    (box,) = at_quota.figure.select(BoxAnnotation)
    assert (box.left, box.right) == (0.5, 0.8)
    assert len(shown) == len(part.charts)
    assert {row[0] for row in part.grids[2].rows} == {check.title for check in checks().values()}
    assert fairness_tests.section(View(ReportInput("plan", "USD", (), ()))) is None


def test_of_all_seats_alone_the_report_has_the_table_and_no_pictures():
    alone = spec("2100", levels=[], fairness={"smallest": 99, "by": ["region"]})
    part = fairness_tests.section(View(ReportInput("plan", "USD", (), quotas(INPUTS, alone).tables)))
    assert part is not None
    assert part.charts == ()
    assert "bands" in {row[0] for row in part.grids[0].rows}
