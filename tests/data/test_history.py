"""The history of stages, staff and sources: what is kept, left out and refused; and back from the tables of a run."""

import numpy as np
import pytest
from pydantic import ValidationError

from engine.data.dictionary import planning_columns
from tests.data.company import OPPORTUNITIES, company, faults, found, spec
from tests.data.test_frames import assert_same, through_parquet

HISTORY = """\
opportunity,stage,entered
O4,Propose,2026-12-01
O4,Qualify,2026-11-05
O1,Qualify,2026-01-05
O1,Won,2026-03-01
O5,Propose,2027-01-20
"""
HR = "person,start,end\nBo,2025-03-01,\nAl,2024-01-01,2026-07-01\n"
BOTH = {"stage_history": {}, "hr": {}}
SOURCED = "\n".join(
    line + tail
    for line, tail in zip(
        OPPORTUNITIES.splitlines(), (",source", ",web", ",", ",event", ",", ",", ",web"), strict=True
    )
)


def test_entries_stand_by_deal_and_day_without_closes_and_without_what_nobody_knew(tmp_path):
    inputs = company(tmp_path, {"stage_history": HISTORY, "hr": HR}, BOTH)
    entries = inputs.stage_history
    assert entries.opportunity == ("O1", "O4", "O4")
    assert entries.stage == ("Qualify", "Qualify", "Propose")
    assert entries.entered.astype(str).tolist() == ["2026-01-05", "2026-11-05", "2026-12-01"]
    assert found(inputs, "entered after").rows == 1
    assert found(inputs, "a close, which stands").rows == 1


def test_staff_stand_by_person(tmp_path):
    staff = company(tmp_path, {"stage_history": HISTORY, "hr": HR}, BOTH).staff
    assert staff.person == ("Al", "Bo")
    assert np.isnat(staff.end).tolist() == [False, True]


def test_without_tables_there_is_neither(tmp_path):
    inputs = company(tmp_path)
    assert inputs.stage_history is None
    assert inputs.staff is None
    assert inputs.history.source == ()


def test_sources_stand_with_their_deals(tmp_path):
    inputs = company(tmp_path, {"opportunities": SOURCED})
    assert inputs.history.source == ("web", "", "event", "web")
    assert inputs.pipeline.source == ()


def test_all_survive_their_tables_and_are_described(tmp_path):
    inputs = company(tmp_path, {"stage_history": HISTORY, "hr": HR, "opportunities": SOURCED}, BOTH)
    assert_same(inputs, through_parquet(inputs))
    described = [column.name for column in planning_columns()["stage_history"]]
    assert described == ["opportunity", "stage", "entered"]


def test_entries_of_deals_that_do_not_exist_are_refused_and_those_left_out_go(tmp_path):
    (fault,) = faults(tmp_path, {"stage_history": HISTORY + "O9,Qualify,2026-01-01\n"}, {"stage_history": {}})
    assert fault.code == "E_REFERENCE"
    assert "'O9'" in fault.message
    excluded = {"stage_history": {}, "opportunities": {"path": "opportunities.csv", "exclude": ["O4"]}}
    inputs = company(tmp_path, {"stage_history": HISTORY}, excluded)
    assert inputs.stage_history.opportunity == ("O1",)
    assert found(inputs, "of a deal that is left out").rows == 2


def test_blank_days_and_people_who_leave_before_they_come_are_refused(tmp_path):
    (fault,) = faults(tmp_path, {"stage_history": HISTORY + "O4,Close,\n"}, {"stage_history": {}})
    assert "entered is blank" in fault.message
    (fault,) = faults(tmp_path, {"hr": HR + "Cy,2026-01-01,2025-01-01\n"}, {"hr": {}})
    assert (fault.code, "leaves before coming" in fault.message) == ("E_DATE", True)


def test_a_history_of_stages_needs_its_deals(tmp_path):
    with pytest.raises(ValidationError, match="without opportunities"):
        spec({"stage_history": {}, "opportunities": None})
