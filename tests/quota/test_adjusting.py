"""Quotas that people set by hand: held, balanced around, and told with their effect."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import BadInput, Fault, Infeasible
from engine.inputs import Inputs
from engine.quota import with_adjustments
from tests.quota.setting import by_seat, quotas, seats, spec, table
from tests.worlds import with_spells

HEAD = "rep,product,period,quota,reason\n"
SPLIT: dict[str, Any] = {"products": {"S0": "50%", "S1": "50%"}, "adjustments": "set.csv"}


def adjusted(inputs: Inputs, folder: Path, text: str, **fields: Any) -> tuple[Inputs, Any]:
    (folder / "set.csv").write_text(text, encoding="utf-8")
    wanted = spec(**{"adjustments": "set.csv", **fields})
    return with_adjustments(inputs, wanted, folder), wanted


def told(inputs: Inputs, folder: Path, text: str, **fields: Any) -> tuple[Fault, ...]:
    with pytest.raises(BadInput) as refused:
        quotas(*adjusted(inputs, folder, text, **fields))
    return refused.value.faults


def test_a_seat_that_was_set_is_held_and_the_others_share_the_rest(tmp_path: Path) -> None:
    inputs = seats([100, 300, 600], district=["N", "N", "S"])
    found = quotas(*adjusted(inputs, tmp_path, "rep,quota,reason\nR0,250,promised in writing\n"))
    assert by_seat(found) == [250, 250, 500]
    row = table(found, "quota_adjustments").iloc[0]
    assert row[["name", "before", "quota", "change", "reason", "from", "others", "most", "most_change"]].tolist() == [
        "R0", 10_000, 25_000, 15_000, "promised in writing", "set.csv row 2", -15_000, "R2", -10_000,
    ]  # fmt: skip
    effect = table(found, "quota_effect").set_index("rep")
    assert effect["change"].tolist() == [15_000, -5_000, -10_000]
    assert effect["set"].tolist() == [True, False, False]


def test_a_district_that_was_set_moves_the_other_districts(tmp_path: Path) -> None:
    inputs = seats([100, 300, 600], district=["N", "N", "S"])
    found = quotas(*adjusted(inputs, tmp_path, "node,quota\nN,500.01\n", step="10"))
    assert by_seat(found)[2] == pytest.approx(499.99)
    row = table(found, "quota_adjustments").iloc[0]
    assert row[["name", "before", "quota"]].tolist() == ["N", 40_000, 50_001]


def test_a_blank_quota_is_none_and_a_0_is_a_quota(tmp_path: Path) -> None:
    inputs = seats([100, 300, 600])
    none = quotas(*adjusted(inputs, tmp_path, "rep,quota\nR0,\n"))
    assert by_seat(none) == pytest.approx([0, 333.33, 666.67])
    assert table(none, "quotas")["quota"].isna().tolist() == [True, False, False]
    zero = quotas(*adjusted(inputs, tmp_path, "rep,quota\nR0,0\n"))
    assert table(zero, "quotas")["quota"].tolist()[0] == 0


def test_cells_products_and_periods_of_seats_are_held_to_the_cent(tmp_path: Path) -> None:
    text = (
        HEAD
        + "R0,S0,2027-02,77.77,renewal\nR1,S1,,100,hands over\nR2,,2027-01,10.5,\nR2,S0,,111,\nR2,S0,2027-01,3,\n"
    )
    inputs = seats([300, 300, 400], periods=3)
    found = quotas(*adjusted(inputs, tmp_path, text, step="10", **SPLIT))
    cells = found.cells
    assert cells[0, 0, 1] == 7_777
    assert cells[1, 1].sum() == 10_000
    assert cells[2, :, 0].sum() == 1_050
    assert cells[2, 0].sum() == 11_100
    assert cells[2, 0, 0] == 300
    assert cells.sum() == 100_000
    assert cells[:, 0].sum() == pytest.approx(50_000, abs=2_000)  # remainders of four lines
    assert len(table(found, "quota_adjustments")) == 5


def test_cells_that_add_up_to_the_whole_seat_set_it(tmp_path: Path) -> None:
    text = "rep,period,quota\nR0,2027-01,100\nR0,2027-02,200\n"
    assert by_seat(quotas(*adjusted(seats([1, 1], periods=2), tmp_path, text))) == [300, 700]


def test_what_is_set_against_the_bounds_or_the_goal_is_named(tmp_path: Path) -> None:
    wanted = adjusted(seats([100, 300]), tmp_path, "rep,quota\nR0,50\n", bounds={"target": {"max": 1}})
    with pytest.raises(Infeasible, match=r"200\.00 USD too little") as refused:
        quotas(*wanted)
    fields = {fault.field for fault in refused.value.faults[1:]}
    assert fields <= {"quotas.adjustments", "quotas.bounds.target.max"}
    beyond = adjusted(seats([100, 300]), tmp_path, "rep,quota\nR0,700\nR1,500\n")
    with pytest.raises(BadInput, match=r"sum to 1,200\.00 USD; its goal hands down 1,000\.00 USD"):
        quotas(*beyond)
    goal = {"2027-01": "500", "2027-02": "500"}
    month = adjusted(seats([1, 1], periods=2), tmp_path, "rep,period,quota\nR0,2027-01,700\n", goal=goal)
    with pytest.raises(Infeasible, match=r"period 1 of the plan is 200\.00 USD above"):
        quotas(*month)


def test_every_fault_of_a_file_comes_at_once_with_row_and_column(tmp_path: Path) -> None:
    text = (
        HEAD + "R9,,,5,\nR0,S7,,5,\nR0,,2028-01,5,\nR0,,,-5,\nR0,,,x,\nR1,,,5,\nR1,,,6,\nN,S0,,5,\nR0,S0,,,\n"
    )
    faults = told(seats([1, 2], district=["N", "S"]), tmp_path, text)
    assert [(fault.line, fault.field, fault.code) for fault in faults] == [
        (2, "rep", "E_REFERENCE"),
        (3, "product", "E_REFERENCE"),
        (4, "period", "E_REFERENCE"),
        (5, "quota", "E_RANGE"),
        (6, "quota", "E_NUMBER_FORMAT"),
        (6, "quota", "E_DUPLICATE_ID"),
        (8, "quota", "E_DUPLICATE_ID"),
        (9, "product", "E_UNSUPPORTED"),
        (10, "quota", "E_REQUIRED"),
    ]
    assert {fault.file for fault in faults} == {"set.csv"}
    unread = told(seats([1, 2]), tmp_path, HEAD + "R9,S7,2028-01,1e5,\n,,,7,\n")
    assert [fault.code for fault in unread] == ["E_NUMBER_FORMAT", *["E_REFERENCE"] * 3, "E_REQUIRED"]
    assert [fault.field for fault in told(seats([1]), tmp_path, "person,amount\nA,1\n")] == ["quota"]
    (tmp_path / "set.parquet").write_text("rep,quota\nR0,1\n", encoding="utf-8")
    with pytest.raises(BadInput, match="no table of quotas"):
        with_adjustments(seats([1]), spec(adjustments="set.parquet"), tmp_path)


@pytest.mark.parametrize(
    ("text", "fields", "words"),
    [
        (HEAD + "R0,S0,,5,\nR0,,2027-01,5,\n", SPLIT, "Set the quota of S0 in 2027-01 as well"),
        (HEAD + "R0,,,5,\nR0,,2027-01,6,\n", {}, "R0 is set to 5.00 USD for the whole plan"),
        (HEAD + "R1,,2027-01,6,\n", {}, "R1, 2027-01: set to 6.00 USD, but nothing can be carried there"),
        (HEAD + "R0,S1,,6,\n", {**SPLIT, "products": {"S0": 1}}, "R0, S1: set to 6.00 USD"),
    ],
)
def test_what_is_set_against_itself_or_nobody_is_refused(
    tmp_path: Path, text: str, fields: dict[str, Any], words: str
) -> None:
    start = np.array(["2024-01-01", "2027-02-01"], dtype="datetime64[D]")
    inputs = with_spells(seats([1, 2], periods=2), start=start)
    assert any(words in str(fault) for fault in told(inputs, tmp_path, text, **fields))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    potential=st.lists(st.integers(1, 1000), min_size=2, max_size=4),
    cells=st.dictionaries(
        st.tuples(
            st.integers(0, 1), st.sampled_from(["", "S0", "S1"]), st.sampled_from(["", "2027-01", "2027-02"])
        ),
        st.integers(0, 20_000),
        min_size=1,
        max_size=3,
    ),
    step=st.sampled_from(["0", "10"]),
)
def test_whatever_is_set_is_held_and_ties_out_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory,
    potential: list[int],
    cells: dict[tuple[int, str, str], int],
    step: str,
) -> None:
    rows = [
        f"R{seat},{product},{period},{cents / 100:.2f}," for (seat, product, period), cents in cells.items()
    ]
    inputs, wanted = adjusted(
        seats(potential, periods=3),
        tmp_path_factory.mktemp("set"),
        HEAD + "\n".join(rows) + "\n",
        step=step,
        **SPLIT,
    )
    refused: tuple[Fault, ...] = ()
    try:
        found = quotas(inputs, wanted)  # held to the plain check there
    except (BadInput, Infeasible) as error:
        refused = error.faults
    else:
        assert found.cells.sum() == 100_000
    assert all(fault.message for fault in refused)


def test_the_plain_check_finds_what_was_not_held(tmp_path: Path) -> None:
    from engine.quota import violations

    inputs, wanted = adjusted(
        seats([100, 300], periods=2), tmp_path, "rep,period,quota\nR0,2027-01,80\nR1,,750\n"
    )
    cells = quotas(replace(inputs, adjusted=None), spec()).cells
    said = violations(inputs, wanted, cells)
    assert "R0: 125.00 USD is not the 80.00 USD that was set" in said
    assert "R1: 750.00 USD is not the lock of 750" not in said


def finished(folder: Path, inputs: Inputs, **fields: Any) -> Path:
    """A run folder as far as an edit needs it: manifest, the two tables as CSV, and the workbook."""
    import xlsxwriter

    from engine.store.manifest import digests, write_json

    found = quotas(inputs, spec(**fields))
    (folder / "tables").mkdir(parents=True)
    with xlsxwriter.Workbook(str(folder / "workbook.xlsx")) as book:
        for name in ("quotas", "quota_reps"):
            frame = table(found, name)
            shown = frame.assign(quota=frame["quota"].astype(float) / 100)
            shown.to_csv(folder / "tables" / f"{name}.csv", index=False)
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, list(shown.columns))
            for row, cells in enumerate(shown.astype(object).where(shown.notna(), None).values.tolist(), 1):
                sheet.write_row(row, 0, cells)
    write_json(folder / "manifest.json", {"engine": "apportion", "files": digests(folder)})
    return folder


def edited(folder: Path, sheet: str, changes: dict[int, float | str]) -> None:
    """The workbook as a manager saves it: other quotas in some rows of a sheet, and a column of reasons."""
    import python_calamine
    import xlsxwriter

    book = python_calamine.CalamineWorkbook.from_path(str(folder / "workbook.xlsx"))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    at = sheets[sheet][0].index("quota")
    for row, cells in enumerate(sheets[sheet]):
        cells.append("reason" if not row else "by hand" if row in changes else "")
        cells[at] = changes.get(row, cells[at])
    with xlsxwriter.Workbook(str(folder / "workbook.xlsx")) as out:
        for name, rows in sheets.items():
            page = out.add_worksheet(name)
            for row, cells in enumerate(rows):
                page.write_row(row, 0, cells)


def test_only_what_was_edited_in_the_workbook_of_a_run_is_held(tmp_path: Path) -> None:
    inputs = with_spells(
        seats([100, 300], periods=2), start=np.array(["2024-01-01", "2027-02-01"], dtype="datetime64[D]")
    )
    finished(tmp_path / "run", inputs)
    edited(tmp_path / "run", "quota_reps", {1: 450.5})
    again = with_adjustments(inputs, spec(adjustments="run/workbook.xlsx"), tmp_path)
    assert again.adjusted is not None
    assert (again.adjusted.name, again.adjusted.amount.tolist()) == (("R0",), [45_050])
    assert again.adjusted.reason == ("by hand",)
    assert again.adjusted.place[0].startswith("run/workbook.xlsx [quota_reps] row 2 (")
    edited(tmp_path / "run", "quotas", {2: 99, 3: 5})
    found = with_adjustments(inputs, spec(adjustments="run/workbook.xlsx"), tmp_path).adjusted
    assert found is not None
    assert list(zip(found.name, found.period, found.amount.tolist(), strict=True)) == [
        ("R0", "2027-02", 9_900),
        ("R1", "2027-01", 500),
        ("R0", "", 45_050),
    ]


def test_a_workbook_away_from_its_run_or_of_a_changed_run_is_refused(tmp_path: Path) -> None:
    inputs = seats([100, 300])
    finished(tmp_path / "run", inputs)
    (tmp_path / "book.xlsx").write_bytes((tmp_path / "run" / "workbook.xlsx").read_bytes())
    away = spec(adjustments={"file": "book.xlsx"})
    with pytest.raises(BadInput, match="nobody can say what was edited"):
        with_adjustments(inputs, away, tmp_path)
    told_ = spec(adjustments=[{"file": "book.xlsx", "run": "run"}])
    assert len(with_adjustments(inputs, told_, tmp_path).adjusted or ()) == 0
    (tmp_path / "run" / "tables" / "quotas.csv").write_text("rep,quota\n", encoding="utf-8")
    with pytest.raises(BadInput, match="is not what the run wrote"):
        with_adjustments(inputs, told_, tmp_path)
