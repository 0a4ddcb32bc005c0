"""Workbooks: numbers, dates and text of one sheet; bombs, DTDs and error cells are refused before they do harm."""

import datetime as dt
import io
import re
import zipfile

import pytest

from engine.data.workbook import read_workbook
from engine.errors import BadInput
from tests.data.builders import DTD, edited, with_part, workbook
from tests.data.company import company

WANTED = ("id", "price", "day", "flag", "name")


def refusal(data: bytes, sheet: str = "") -> str:
    with pytest.raises(BadInput) as caught:
        read_workbook(data, "t.xlsx", sheet, WANTED)
    return " | ".join(f"{fault.code} {fault}" for fault in caught.value.faults)


def test_cells_become_the_text_they_show():
    rows = [
        ["id", "price", "day", "flag", "ignored"],
        [1000, 0.1 + 0.2, dt.date(2026, 2, 3), True, "x"],
        ["A2", 1054, dt.datetime(2026, 2, 3, 4, 5), None, None],
        [None, None, None, None, None],
    ]
    raw = read_workbook(workbook(rows), "t.xlsx", "", WANTED)
    assert raw.rows == 2
    assert {name: cells.to_pylist() for name, cells in raw.columns.items()} == {
        "id": ["1000", "A2"],
        "price": ["0.3", "1054"],
        "day": ["2026-02-03", "2026-02-03 04:05:00"],
        "flag": ["true", ""],
    }
    assert raw.place(0, "price") == "row 2 (B2)"


def test_a_sheet_is_named_or_the_first():
    assert read_workbook(workbook([["id"], ["A1"]]), "t.xlsx", "Data", WANTED).rows == 1
    assert "Known: Data" in refusal(workbook([["id"], ["A1"]]), "Daten")


def test_a_company_may_come_in_one_workbook(tmp_path):
    book = workbook([["id", "name", "price"], ["P1", "Core", 1000], ["P2", "Plus", 200.5]])
    inputs = company(tmp_path, {"t.xlsx": book}, {"products": {"path": "t.xlsx"}})
    assert inputs.products.price.tolist() == [100_000, 20_050]


def test_text_in_a_column_of_numbers_names_its_cell(tmp_path):
    book = workbook([["id", "price"], ["P1", 1000], ["P2", "1000"]])
    with pytest.raises(BadInput, match=r"row 3 \(B3\): '1000'"):
        company(tmp_path, {"t.xlsx": book}, {"products": {"path": "t.xlsx"}, "opportunities": None})


def test_error_cells_are_named_where_they_are_read():
    rows = [["id", "ignored", "price"], ["A1", "#N/A", "#REF!"], ["A2", 1, "#DIV/0!"]]
    told = refusal(workbook(rows, ("B2", "C2", "C3")))
    assert told.startswith("E_XLSX")
    assert "2 cells without a value: C2 holds #REF!, C3 holds #DIV/0!" in told
    assert read_workbook(workbook(rows, ("B2",)), "t.xlsx", "", ("id",)).rows == 2


def test_a_formula_that_was_never_computed_is_no_blank():
    rows = [["id", "price"], ["A1", "=1+1"], ["A2", 3]]
    assert "B2 holds a formula without its value" in refusal(workbook(rows))
    sheet = "xl/worksheets/sheet1.xml"
    stored = edited(
        workbook(rows), sheet, lambda xml: re.sub(rb"</f><v ?/>|</f><v></v>", b"</f><v>2</v>", xml)
    )
    assert read_workbook(stored, "t.xlsx", "", WANTED).columns["price"].to_pylist() == ["2", "3"]


def test_a_workbook_that_expands_without_end_is_refused():
    bomb = with_part(workbook([["id"], ["A1"]]), "xl/media/x", bytes(30_000_000))
    assert len(bomb) < 100_000
    assert "expands" in refusal(bomb)


def test_a_dtd_anywhere_is_refused():
    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"):
        assert "DTD" in refusal(with_part(workbook([["id"], ["A1"]]), part, DTD))


def test_other_archives_and_other_bytes_are_no_workbooks():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "x")
    for data in (buffer.getvalue(), b"id\nA1\n", b"PK\x03\x04 torn"):
        assert refusal(data).startswith("E_XLSX")


def test_a_sheet_needs_rows():
    assert refusal(workbook([["id", "price"]])).startswith("E_EMPTY")
    assert refusal(workbook([])).startswith("E_EMPTY")
