"""What a scenario may have done with rows that do not fit, each counted with its first rows."""

import pytest

from tests.data.company import OPPORTUNITIES, company, faults, found

DIRTY = """\
id,account,rep,product,stage,created,entered,closed,amount
O1,A1,R1,Core,Won,2026-01-05,,2026-03-01,1000
O2,A9,R2,P2,Lost,2026-02-05,,2026-04-01,
O3,A2,R2,P1,Won,2026-01-05,,2025-11-01,5000
O4,A1,R1,P1,Won,2026-01-05,,2026-02-01,
O5,A1,R1,P1,Won,2026-01-05,,2026-02-01,-3
O6,A1,R1,P1,Won,2026-01-05,,2026-02-01,8
O6,A1,R1,P1,Won,2026-01-05,,2026-02-01,8
O7,A1,R1,P1,Won,2026-01-05,,2026-02-01,8
O7,A1,R1,P1,Won,2026-01-05,,2026-02-01,9
O8,A1,R1,P1,Lost,2026-01-xx,,2026-02-01,
"""
CURE = {"aliases": {"Core": "P1"}, "unmatched": "drop", "faulty": "set_aside", "duplicates": "first"}


def test_a_dirty_export_is_refused_with_every_kind_of_fault(tmp_path):
    told = faults(tmp_path, {"opportunities": DIRTY})
    assert {fault.code for fault in told} == {
        "E_REFERENCE",
        "E_DATE",
        "E_REQUIRED",
        "E_RANGE",
        "E_DUPLICATE_ID",
    }


def test_a_dirty_export_is_read_as_the_scenario_says(tmp_path):
    inputs = company(tmp_path, {"opportunities": DIRTY}, {"opportunities": CURE})
    assert inputs.history.id == ("O1", "O6")
    assert inputs.history.amount.tolist() == [100_000, 800]
    assert inputs.products.id[inputs.history.product[0]] == "P1"
    actions = {finding.what: (finding.rows, finding.action) for finding in inputs.findings}
    assert actions.items() >= {
        ("product 'Core' read as 'P1'", (1, "mapped")),
        ("account is not among the accounts", (1, "dropped")),
        ("row exactly doubled", (1, "dropped")),
        ("id stands twice", (2, "set aside")),
        ("closed before it was created", (1, "set aside")),
        ("a won deal without an amount", (1, "set aside")),
        ("amount is negative", (1, "set aside")),
        ("created cannot be read", (1, "set aside")),
    }
    assert found(inputs, "not among the accounts").examples == ("row 3: 'A9'",)


def test_every_row_is_kept_or_counted_once(tmp_path):
    inputs = company(tmp_path, {"opportunities": DIRTY}, {"opportunities": CURE})
    gone = sum(finding.rows for finding in inputs.findings if finding.action in {"dropped", "set aside"})
    assert gone + len(inputs.history) + len(inputs.pipeline) == DIRTY.count("\n") - 1


def test_aliases_of_a_column_hold_there_alone(tmp_path):
    swapped = {"opportunities": OPPORTUNITIES.replace("O1,A1,R1,P1", "O1,A1,A2,P1")}
    inputs = company(tmp_path, swapped, {"opportunities": {"aliases": {"rep": {"A2": "R2"}}}})
    assert inputs.history.rep[0] == 1
    assert inputs.accounts.id[inputs.history.account[1]] == "A2"


def test_an_alias_may_take_a_space_away(tmp_path):
    spaced = {"opportunities": OPPORTUNITIES.replace("R1,P1,Won", "R1,P1 ,Won")}
    assert faults(tmp_path, spaced)[0].code == "E_TEXT"
    inputs = company(tmp_path, spaced, {"opportunities": {"aliases": {"P1 ": "P1"}}})
    assert inputs.history.product[0] == 0


def test_an_unknown_name_may_be_taken_as_blank(tmp_path):
    inputs = company(
        tmp_path,
        {"accounts": "id,segment,owner\nA1,SMB,R9\nA2,ENT,R2\nA3,,\n"},
        {"accounts": {"unmatched": "blank"}},
    )
    assert inputs.accounts.owner.tolist() == [-1, 1, -1]
    assert found(inputs, "taken as blank").rows == 1


def test_a_name_that_must_be_there_cannot_be_taken_as_blank(tmp_path):
    told = faults(tmp_path, {"spells": "person,rep\nAnn,R9\n"}, {"spells": {"unmatched": "blank"}})
    assert [fault.code for fault in told] == ["E_REFERENCE"]


def test_excluded_rows_are_as_if_they_were_not_there(tmp_path):
    broken = {"products": "id,price\nP1,1\nP2,1\nP3,x\n"}
    inputs = company(tmp_path, broken, {"products": {"exclude": ["P3", "P9"]}})
    assert inputs.products.id == ("P1", "P2")
    assert found(inputs, "excluded by the scenario").examples == ("row 4: P3",)
    assert found(inputs, "in no row").examples == ("P9",)


def test_defaults_fill_missing_columns_and_blank_cells(tmp_path):
    files = {"accounts": "id,segment,staff\nA1,SMB,7\nA2,ENT,\nA3,,\n"}
    block = {"extra": {"staff": "whole"}, "defaults": {"staff": 3, "potential": "1.5k", "segment": "SMB"}}
    inputs = company(tmp_path, files, {"accounts": block})
    assert inputs.accounts.extra["staff"].tolist() == [7, 3, 3]
    assert inputs.accounts.potential.tolist() == [150_000] * 3
    assert inputs.accounts.segment == ("SMB", "ENT", "SMB")
    assert found(inputs, "blank staff filled with '3'").rows == 2


def test_spaces_around_free_text_are_removed_and_counted(tmp_path):
    inputs = company(tmp_path, {"products": "id,name\nP1, Core\nP2,Plus\n"})
    assert inputs.products.name == ("Core", "Plus")
    assert found(inputs, "spaces around name").rows == 1


@pytest.mark.parametrize(("order", "day"), [("MM/DD/YYYY", "3/2/2026"), ("DD.MM.YYYY", "02.03.2026")])
def test_days_are_read_as_the_table_writes_them(order, day, tmp_path):
    files = {"opportunities": f"id,product,stage,created,closed\nO1,P1,Lost,{day},{day}\n"}
    inputs = company(tmp_path, files, {"opportunities": {"dates": order}})
    assert str(inputs.history.closed[0]) == "2026-03-02"
