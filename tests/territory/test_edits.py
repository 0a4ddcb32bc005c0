"""Locks from files, edited workbooks, and an earlier run as a start."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import BadInput, Fault
from engine.inputs import Inputs
from engine.progress import Silent
from engine.store.manifest import digests, write_json
from engine.territory import design, violations, with_edits
from engine.territory.edits.start import starting
from engine.territory.planning.rules import seen
from engine.territory.problem import gather
from engine.territory.spec import TerritorySpec
from engine.territory.stage import align
from engine.territory.tables import tables
from tests.territory.cases import every_alignment, spec, tiny
from tests.territory.test_rows_equal_checks import kept_by_rows
from tests.worlds import world


def finished(folder: Path, inputs: Inputs, rep_of: list[int]) -> Path:
    """A run folder as far as an edit needs it: manifest, alignment, workbook."""
    import xlsxwriter

    table = tables(inputs, spec([]), np.array(rep_of))[0]
    (folder / "tables").mkdir(parents=True)
    table.frame.to_parquet(folder / "tables" / "alignment.parquet", index=False)
    with xlsxwriter.Workbook(str(folder / "workbook.xlsx")) as book:
        book.add_worksheet("Contents").write_string(0, 0, "a plan")
        sheet = book.add_worksheet("alignment")
        for column, name in enumerate(table.frame.columns):
            sheet.write_string(0, column, name)
            for row, value in enumerate(map(str, table.frame[name].tolist()), 1):
                sheet.write_string(row, column, value)
    write_json(folder / "manifest.json", {"engine": "apportion", "files": digests(folder)})
    return folder


def edited(folder: Path, changes: dict[str, str], name: str = "workbook.xlsx") -> None:
    """The workbook as a manager saves it: other seats in the column `rep`, and a column of reasons."""
    import python_calamine
    import xlsxwriter

    book = python_calamine.CalamineWorkbook.from_path(str(folder / "workbook.xlsx"))
    rows = book.get_sheet_by_name("alignment").to_python()
    header = rows[0]
    with xlsxwriter.Workbook(str(folder / name)) as out:
        sheet = out.add_worksheet("alignment")
        for row, cells in enumerate(rows):
            change = changes.get(str(cells[0])) if row else None
            seat = cells[header.index("rep")] if change is None else change
            cells[header.index("rep")] = seat
            for column, cell in enumerate([*cells, "reason" if not row else "knows them" if change else ""]):
                sheet.write_string(row, column, str(cell))


def refused(inputs: Inputs, rules: TerritorySpec, base: Path, *roots: Path) -> tuple[Fault, ...]:
    with pytest.raises(BadInput) as caught:
        with_edits(inputs, rules, base, roots)
    return caught.value.faults


def locks(*files: Any, **more: Any) -> TerritorySpec:
    """Rules that consist of files of locks."""
    return TerritorySpec.model_validate(
        {"locks": list(files), "objectives": [{"kind": "travel"}], "solver": {"gap": 0}, **more}
    )


def test_a_table_of_locks_is_kept_and_told(tmp_path: Path) -> None:
    (tmp_path / "edits.csv").write_text("account,rep,reason\nA0,R2,asked for it\nA4,R1,\n")
    rules = locks("edits.csv")
    inputs = with_edits(tiny(), rules, tmp_path)
    alignment = design(inputs, rules, seed=1, progress=Silent())
    assert alignment.rep_of[[0, 4]].tolist() == [2, 1]
    told = next(table.frame for table in alignment.tables if table.name == "locks")
    assert told.astype(object).where(told.notna(), "").to_numpy().tolist() == [
        ["A0", "R2", "edits.csv row 2", "asked for it"],
        ["A4", "R1", "edits.csv row 3", ""],
    ]
    assert inputs.sources[0][0] == "edits.csv"


def test_rows_and_check_agree_on_locks_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "edits.csv").write_text("account,rep\nA0,R2\nA4,R1\n")
    rules = locks("edits.csv", constraints=[{"kind": "lock", "keep_incumbents_of": ["R1"]}])
    inputs, alignments = with_edits(tiny(), rules, tmp_path), every_alignment(tiny())
    by_check = np.array([not violations(inputs, rules, rep_of) for rep_of in alignments])
    # A1 and A4 stay with R1, A0 goes to R2; three accounts are free among three seats.
    assert int(by_check.sum()) == 27
    assert np.array_equal(kept_by_rows(*seen(inputs, rules), alignments), by_check)


def test_where_a_workbook_differs_from_its_run_the_edit_is_a_lock(tmp_path: Path) -> None:
    inputs = tiny()
    edited(finished(tmp_path / "run", inputs, [0, 1, 2, 0, 1, 2]), {"A3": "R2"})
    rules = locks("run/workbook.xlsx")
    read = with_edits(inputs, rules, tmp_path).edits
    assert read is not None
    assert [(read.account.tolist(), read.rep.tolist(), read.reason)] == [([3], [2], ("knows them",))]
    assert read.place == ("run/workbook.xlsx row 5 (D5)",)


def test_a_workbook_that_was_mailed_around_names_its_run(tmp_path: Path) -> None:
    inputs, folder = tiny(), finished(tmp_path / "runs" / "one", tiny(), [0, 1, 2, 0, 1, 2])
    edited(folder, {"A0": "R1", "A1": "R0"}, "../../back.xlsx")
    (fault,) = refused(inputs, locks("back.xlsx"), tmp_path)
    assert fault.field == "territories.locks[0].run"
    assert "does not lie in the folder of a run" in fault.message
    read = with_edits(inputs, locks({"file": "back.xlsx", "run": "runs/one"}), tmp_path).edits
    assert read is not None
    assert read.account.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("text", "line", "field", "words"),
    [
        ("account,rep\nA9,R1\n", 2, "account", ["row 2", "A9", "Known: A0"]),
        ("account,rep\nA0,R1\nA1,R7\n", 3, "rep", ["row 3", "'R7', which is no seat", "Known: R0"]),
        ("account,rep\nA0,\n", 2, "rep", ["row 2", "has no seat"]),
        ("account,rep\n,R1\n", 2, "account", ["no account has the id ''"]),
        ("account,rep\nA0,R1\nA1,R1\nA0,R1\n", 4, "account", ["A0", "stands in row 2 already"]),
        ("account,seat\nA0,R1\n", 1, "rep", ["column 'rep' is missing", "reason"]),
        ("account,rep\n", 0, "", ["no rows"]),
        ("account,rep\nA0\n", 2, "", ["1 cell,"]),
    ],
    ids=str,
)
def test_a_row_that_locks_nothing_says_where_and_why(
    tmp_path: Path, text: str, line: int, field: str, words: list[str]
) -> None:
    (tmp_path / "edits.csv").write_text(text)
    (fault,) = refused(tiny(), locks("edits.csv"), tmp_path)
    assert (fault.file, fault.line, fault.field) == ("edits.csv", line, field)
    for word in words:
        assert word in f"{fault.message} {fault.hint}"


def test_an_edit_to_an_unknown_seat_names_sheet_row_and_column(tmp_path: Path) -> None:
    edited(finished(tmp_path / "run", tiny(), [0, 1, 2, 0, 1, 2]), {"A3": "r2", "A5": ""})
    faults = refused(tiny(), locks("run/workbook.xlsx"), tmp_path)
    assert [fault.line for fault in faults] == [5, 7]
    assert "row 5 (D5): account 'A3' goes to 'r2', which is no seat" in faults[0].message
    assert "Did you mean 'R2'?" in faults[0].hint
    assert "account 'A5' has no seat" in faults[1].message


def test_many_bad_rows_are_counted_not_listed(tmp_path: Path) -> None:
    (tmp_path / "edits.csv").write_text("account,rep\n" + "".join(f"Z{i},R1\n" for i in range(40)))
    faults = refused(tiny(), locks("edits.csv"), tmp_path)
    assert len(faults) == 11
    assert "30 further rows" in faults[-1].message


@pytest.mark.parametrize(
    ("start", "word"),
    [
        ("nowhere", "holds no run"),
        ("../elsewhere", "outside the folder of the scenario"),
        ("https://example.com/run", "is a URL"),
        ("plain", "no run of this engine"),
        ("other", "none of these accounts"),
        ("changed", "is not what the run wrote"),
        ("early", "has no alignment"),
    ],
)
def test_a_start_that_is_no_run_is_refused_in_words(tmp_path: Path, start: str, word: str) -> None:
    base = tmp_path / "scenarios"
    finished(tmp_path / "elsewhere", tiny(), [0] * 6)
    (base / "plain").mkdir(parents=True)
    (base / "plain" / "manifest.json").write_text("[1]")
    stranger = replace(tiny(), accounts=replace(tiny().accounts, id=tuple(f"B{i}" for i in range(6))))
    finished(base / "other", stranger, [0] * 6)
    changed = finished(base / "changed", tiny(), [0] * 6)
    tables(tiny(), spec([]), np.ones(6, dtype=np.int64))[0].frame.to_parquet(
        changed / "tables/alignment.parquet"
    )
    (base / "early").mkdir()
    write_json(base / "early" / "manifest.json", {"engine": "apportion", "files": {}})
    (fault,) = refused(tiny(), locks(start=start), base)
    assert fault.field == "territories.start"
    assert word in fault.message


def test_a_granted_folder_may_hold_the_run_and_the_workbook(tmp_path: Path) -> None:
    edited(finished(tmp_path / "runs", tiny(), [0, 1, 2, 0, 1, 2]), {"A2": "R1"})
    base = tmp_path / "scenarios"
    base.mkdir()
    rules = locks("../runs/workbook.xlsx", start="../runs")
    assert {fault.code for fault in refused(tiny(), rules, base)} == {"E_PATH_OUTSIDE"}
    inputs = with_edits(tiny(), rules, base, [tmp_path / "runs"])
    assert inputs.start is not None
    assert inputs.start.tolist() == [0, 1, 2, 0, 1, 2]
    assert inputs.edits is not None
    assert inputs.edits.rep.tolist() == [1]


def test_a_start_is_where_the_search_begins_and_never_a_rule() -> None:
    inputs, rules = world(24, 3), spec([{"kind": "band", "within": "4%"}])
    free = align(inputs, rules, seed=1, progress=Silent())
    begun = align(replace(inputs, start=free.rep_of), rules, seed=1, progress=Silent())
    assert begun.solves[0].objective == pytest.approx(free.solves[0].objective, rel=1e-9)
    bad = np.zeros(24, dtype=np.int64)
    around = align(replace(inputs, start=bad), rules, seed=1, progress=Silent())
    assert around.solves[0].objective == pytest.approx(free.solves[0].objective, rel=1e-9)


def test_a_start_that_no_longer_fits_is_mended_as_far_as_it_goes() -> None:
    inputs = tiny()
    problem = gather(
        inputs, spec([{"kind": "eligible"}, {"kind": "band", "measure": "count", "within": "50%"}])
    )
    start = np.array([0, 0, 0, 1, 2, -1])  # R0 serves SMB alone: A1 cannot stay there; A5 had nobody
    plans = starting(problem, start)
    assert plans
    assert all(problem.keeps(plan) for plan in plans)
    assert plans[-1][1] != 0


def test_what_contradicts_itself_is_refused() -> None:
    for rule, word in (
        ({"kind": "lock", "file": "a.csv", "accounts": ["A0"]}, "names a file and accounts"),
        ({"kind": "lock", "run": "runs/x", "accounts": ["A0"]}, "has no file"),
    ):
        with pytest.raises(ValueError, match=word):
            spec([rule])
    with pytest.raises(BadInput, match="was not read"):
        design(tiny(), locks("edits.csv"), seed=1, progress=Silent())


def test_two_files_that_fix_an_account_to_two_seats_are_a_contradiction(tmp_path: Path) -> None:
    from engine.errors import Infeasible

    (tmp_path / "a.csv").write_text("account,rep\nA0,R1\n")
    (tmp_path / "b.csv").write_text("account,rep\nA0,R2\n")
    rules = locks({"file": "a.csv", "name": "first"}, {"file": "b.csv", "name": "second"})
    with pytest.raises(Infeasible, match=r"A0.*first .*second"):
        design(with_edits(tiny(), rules, tmp_path), rules, seed=1, progress=Silent())
