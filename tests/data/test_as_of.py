"""With `as_of` the cut lies within the plan: what closed before it is actual, what is open then is the pipeline."""

import datetime as dt

import numpy as np

from engine.data import frames, from_frames
from engine.data.typed import planning_frames
from tests.data.company import OPPORTUNITIES, company, faults, found

MAY = dt.date(2027, 5, 1)
EXPORT = """\
id,account,rep,product,stage,created,entered,closed,amount
O1,A1,R1,P1,Won,2026-01-05,,2026-03-01,1000
O4,A1,R1,P1,Won,2026-11-05,2027-01-10,2027-02-01,900
O5,A3,R1,P2,Lost,2026-12-20,,2027-04-30,
O7,A2,R2,P2,Propose,2027-03-01,2027-04-02,,300
O8,A2,R2,P2,Won,2027-02-01,,2027-05-01,400
O9,A2,R2,P2,Qualify,2027-05-01,,,
"""
ACTUALS = """\
id,account,rep,product,stage,created,entered,closed,amount
O4,A1,R1,P1,Won,2026-11-05,,2027-01-05,950
X1,A2,R2,P2,Lost,2027-01-02,,2027-03-03,
X2,A2,R2,P2,Propose,2027-01-02,,,
"""


def test_deals_closed_since_the_plan_began_are_actual(tmp_path):
    inputs = company(
        tmp_path, {"opportunities": EXPORT}, {"opportunities": {"stage_at_cut": "Propose"}}, as_of=MAY
    )
    assert inputs.history.id == ("O1",)
    assert inputs.actuals is not None
    assert inputs.actuals.id == ("O4", "O5")
    assert inputs.actuals.outcome.tolist() == [1, 0]
    assert inputs.actuals.amount.tolist() == [90_000, -1]


def test_deals_open_on_the_day_are_the_pipeline_with_stage_and_age(tmp_path):
    inputs = company(
        tmp_path, {"opportunities": EXPORT}, {"opportunities": {"stage_at_cut": "Propose"}}, as_of=MAY
    )
    assert inputs.pipeline.id == ("O7", "O8")
    assert inputs.pipeline.stage == ("Propose", "Propose")
    assert inputs.pipeline.entered.astype(str).tolist() == ["2027-04-02", "2027-02-01"]
    assert inputs.pipeline.amount.tolist() == [30_000, -1]
    assert np.isnat(inputs.pipeline.closed).all()
    assert found(inputs, "created after 2027-04-30").rows == 1
    assert found(inputs, "closed after 2027-04-30").rows == 1


def test_without_it_nothing_is_actual(tmp_path):
    inputs = company(tmp_path, {"opportunities": EXPORT}, {"opportunities": {"stage_at_cut": "Propose"}})
    assert inputs.actuals is None
    assert inputs.history.id == ("O1",)
    assert inputs.pipeline.id == ("O4", "O5")


def test_without_any_deals_nothing_is_actual(tmp_path):
    assert company(tmp_path, {}, {"opportunities": None}, as_of=MAY).actuals is None


def test_a_table_of_actuals_goes_before_the_opportunities(tmp_path):
    inputs = company(
        tmp_path,
        {"opportunities": EXPORT, "actuals": ACTUALS},
        {"opportunities": {"stage_at_cut": "Propose"}, "actuals": {}},
        as_of=MAY,
    )
    assert inputs.actuals is not None
    assert inputs.actuals.id == ("O4", "X1")
    assert inputs.actuals.amount.tolist() == [95_000, -1]
    assert inputs.history.id == ("O1",)
    assert inputs.pipeline.id == ("O7", "O8")
    assert found(inputs, "there is a table of actuals").rows == 2


KINDS = """\
id,account,rep,product,stage,created,closed,amount,kind
R1,A1,R1,P1,Won,2027-02-01,2027-02-01,700,renewal
N1,A2,R2,P2,Won,2027-01-02,2027-03-03,500,
R2,A2,R2,P2,Lost,2027-03-01,2027-03-01,,renewal
N2,A2,R2,P2,Won,2027-01-02,2027-04-03,400,new
G1,A1,R1,P1,Won,2027-03-05,2027-03-05,60,expansion
R3,A1,R1,P1,Won,2027-06-01,2027-06-01,700,renewal
"""


def test_renewals_among_the_actuals_stand_apart_and_survive_a_run_folder(tmp_path):
    inputs = company(tmp_path, {"actuals": KINDS}, {"actuals": {}}, as_of=MAY)
    assert inputs.actuals is not None
    assert inputs.actuals.id == ("N1", "N2")
    assert inputs.actuals.kind == ()
    assert inputs.renewed is not None
    assert inputs.renewed.id == ("G1", "R1", "R2")
    assert inputs.renewed.kind == ("expansion", "renewal", "renewal")
    again = from_frames(frames(inputs) | planning_frames(inputs), inputs.calendar, inputs.currency)
    assert again.renewed is not None
    assert again.renewed.kind == inputs.renewed.kind
    assert again.renewed.amount.tolist() == inputs.renewed.amount.tolist() == [6_000, 70_000, -1]
    plain = company(tmp_path, {"actuals": ACTUALS}, {"actuals": {}}, as_of=MAY)
    assert plain.renewed is None


MIXED = """\
id,account,rep,product,stage,created,closed,amount,kind
H1,A1,R1,P1,Won,2026-02-01,2026-03-01,900,new
H2,A1,R1,P1,Won,2026-02-01,2026-03-01,800,renewal
N1,A2,R2,P2,Won,2027-01-02,2027-03-03,500,
R1,A1,R1,P1,Won,2027-02-01,2027-02-01,700,renewal
O1,A1,R1,P1,Propose,2027-02-01,,,new
O2,A1,R1,P1,Propose,2027-02-01,,700,renewal
"""


def test_renewals_among_the_opportunities_stand_apart_as_well(tmp_path):
    inputs = company(tmp_path, {"opportunities": MIXED}, {}, as_of=MAY)
    assert inputs.history.id == ("H1",)
    assert inputs.actuals is not None
    assert inputs.actuals.id == ("N1",)
    assert inputs.renewed is not None
    assert (inputs.renewed.id, inputs.renewed.kind) == (("R1",), ("renewal",))
    assert inputs.pipeline.id == ("O1",)
    assert found(inputs, "renewal or expansion, open").rows == 1
    assert found(inputs, "renewal or expansion, closed before the plan").rows == 1
    both = {"opportunities": MIXED, "actuals": KINDS}
    told = company(tmp_path, both, {"actuals": {}}, as_of=MAY)
    assert told.renewed is not None
    assert told.renewed.id == ("G1", "R1", "R2")


def test_a_kind_that_is_none_is_refused(tmp_path):
    (fault,) = faults(tmp_path, {"actuals": KINDS.replace("expansion", "upsell")}, {"actuals": {}}, as_of=MAY)
    assert (fault.code, fault.line) == ("E_CHOICE", 6)
    assert "upsell" in fault.message
    assert "blank for new business" in fault.hint


def test_an_open_deal_that_the_actuals_close_counts_once(tmp_path):
    inputs = company(tmp_path, {"actuals": ACTUALS}, {"actuals": {}}, as_of=MAY)
    assert inputs.actuals is not None
    assert inputs.actuals.id == ("O4", "X1")
    assert inputs.pipeline.id == ("O5",)
    assert found(inputs, "closed among the actuals").examples == ("row 5: O4",)


def test_a_deal_closed_before_the_plan_and_again_is_refused(tmp_path):
    twice = ACTUALS.replace("X1,", "O1,")
    (fault,) = faults(tmp_path, {"actuals": twice}, {"actuals": {}}, as_of=MAY)
    assert fault.code == "E_DUPLICATE_ID"
    assert "again among the actuals" in fault.message


def test_an_open_deal_of_its_own_table_that_is_closed_is_refused(tmp_path):
    open_deals = "id,account,product,stage,created\nO4,A3,P2,Propose,2026-11-05\n"
    (fault,) = faults(
        tmp_path,
        {"opportunities": EXPORT, "open_deals": open_deals},
        {"opportunities": {"stage_at_cut": "Propose"}, "open_deals": {}},
        as_of=MAY,
    )
    assert fault.code == "E_DUPLICATE_ID"
    assert "closed since the plan began" in fault.message


def test_an_export_older_than_the_day_is_noted(tmp_path):
    inputs = company(tmp_path, as_of=MAY)
    assert found(inputs, "tells nothing since 2027-01-01").rows == 2
    fresh = company(tmp_path, {"opportunities": EXPORT}, {"opportunities": {"stage_at_cut": "P"}}, as_of=MAY)
    assert not [finding for finding in fresh.findings if "tells nothing" in finding.what]


def test_known_at_may_lie_within_the_plan_but_not_behind_the_day(tmp_path):
    block = {"opportunities": {"stage_at_cut": "Propose", "known_at": "2027-04-29"}}
    inputs = company(tmp_path, {"opportunities": EXPORT}, block, as_of=MAY)
    assert inputs.pipeline.id == ("O5", "O7", "O8")
    late = {"opportunities": {"stage_at_cut": "Propose", "known_at": "2027-05-01"}}
    (fault,) = faults(tmp_path, {"opportunities": EXPORT}, late, as_of=MAY)
    assert fault.code == "E_DATE"
    assert "as_of 2027-05-01" in fault.message


def test_history_of_seats_ends_where_the_plan_begins(tmp_path):
    plain = OPPORTUNITIES + "O7,A1,R1,P1,Won,2026-12-05,,2027-02-01,5000\n"
    assert company(tmp_path, {"opportunities": plain}, as_of=MAY).reps.history.tolist() == [170_000, 0]
