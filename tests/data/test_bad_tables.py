"""Every fault of a table is told with its file, row and column, in words that help."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.data.company import faults

FOLDER = Path(__file__).parents[1] / "cases/bad/tables"
CASES = [
    case
    for path in sorted(FOLDER.glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_each_fault_is_told_in_words_with_its_place(case, tmp_path):
    block = {case["table"]: case.get("block", {})} | case.get("also", {})
    if case["table"] == "spells":
        block["reps"] = {"path": "seats.csv"}
    seats = {"seats.csv": "id,region\nR1,W\nR2,W\n"}
    told = faults(tmp_path, {case["table"]: case["text"], **seats}, block)
    matching = [fault for fault in told if fault.code == case["code"]]
    assert matching, [str(fault) for fault in told]
    words = " | ".join(f"{fault} {fault.field}" for fault in matching)
    for expected in case["says"]:
        assert expected in words
    assert all(fault.file == f"{case['table']}.csv" or fault.field.startswith("data.") for fault in matching)
    if "line" in case:
        assert matching[0].line == case["line"]
    if "field" in case:
        assert matching[0].field == case["field"]


def test_faults_of_all_tables_come_at_once(tmp_path):
    deals = "O1,A9,P1,Won,2026-01-01,2026-02-01\nO2,A1,P1,Won,2026-01-01,2026-02-01\n"
    files = {
        "accounts": "id,owner,potential\nA1,R8,x\nA2,R9,-1\nA3,,\n",
        "products": "id,name\nP1\n",
        "opportunities": "id,account,product,stage,created,closed\n" + deals,
    }
    told = {(fault.file, fault.code) for fault in faults(tmp_path, files, {"reps": {"path": "none.csv"}})}
    assert told >= {
        ("", "E_PATH_MISSING"),
        ("accounts.csv", "E_NUMBER_FORMAT"),
        ("accounts.csv", "E_RANGE"),
        ("products.csv", "E_CSV_WIDTH"),
        ("opportunities.csv", "E_REFERENCE"),
        ("opportunities.csv", "E_REQUIRED"),
    }


def test_nothing_is_said_of_names_in_a_table_that_could_not_be_read(tmp_path):
    told = faults(tmp_path, {"reps": "id,region\nR1\n"})
    assert [fault.code for fault in told] == ["E_CSV_WIDTH"]


def test_many_faults_of_a_kind_are_one_with_a_count_and_the_first_rows(tmp_path):
    rows = "".join(f"P{number},x{number}\n" for number in range(1, 101))
    (fault,) = [
        fault for fault in faults(tmp_path, {"products": "id,price\n" + rows}) if fault.field == "price"
    ]
    assert "in 100 rows" in fault.message
    assert "row 6" in fault.message
    assert "row 7" not in fault.message
    assert "95 more" in fault.message
