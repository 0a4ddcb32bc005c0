"""Goals: read from CSV, Parquet and Excel, judged, and restored from the tables of a run."""

import io
from pathlib import Path

import pandas as pd
import pytest

from engine.data.dictionary import planning_columns
from tests.data.company import company, faults
from tests.data.test_frames import assert_same, through_parquet

GOALS = (
    "level,node,product,period,amount\n,,P1,Q1,1.5\n,company,P1,2027-04,\n,,P2,,0\n"
    "region,West,,,7000000\n,R2,all,,12.34\n"
)
LEVELS = {"reps": {"levels": ["region"]}, "goals": {}}


def test_rows_are_goals_of_the_company_and_of_nodes(tmp_path: Path) -> None:
    goals = company(tmp_path, {"goals": GOALS}, LEVELS).goals
    assert goals is not None
    assert goals.level == ("", "", "", "region", "rep")
    assert goals.node == ("", "", "", "West", "R2")
    assert goals.product == ("P1", "P1", "P2", "", "")
    assert goals.period == ("Q1", "2027-04", "", "", "")
    assert goals.amount.tolist() == [150, -1, 0, 700_000_000, 1_234]
    assert goals.line.tolist() == [2, 3, 4, 5, 6]


def test_parquet_and_excel_say_the_same(tmp_path: Path) -> None:
    wanted = company(tmp_path, {"goals": GOALS}, LEVELS).goals
    frame = pd.read_csv(io.StringIO(GOALS), dtype=str)
    for suffix in ("parquet", "xlsx"):
        kept = frame.assign(amount=frame["amount"].astype(float)) if suffix == "xlsx" else frame
        data = io.BytesIO()
        kept.to_parquet(data) if suffix == "parquet" else kept.to_excel(data, index=False)
        path = f"goals.{suffix}"
        found = company(tmp_path, {path: data.getvalue()}, {**LEVELS, "goals": {"path": path}}).goals
        assert found is not None
        assert wanted is not None
        assert (found.level, found.node, found.product, found.period) == (
            wanted.level, wanted.node, wanted.product, wanted.period,
        )  # fmt: skip
        assert found.amount.tolist() == wanted.amount.tolist()


def test_goals_come_back_from_the_tables_of_a_run(tmp_path: Path) -> None:
    inputs = company(tmp_path, {"goals": GOALS}, LEVELS)
    assert_same(through_parquet(inputs), inputs)
    assert [column.name for column in planning_columns()["goals"]][:5] == [
        "level",
        "node",
        "product",
        "period",
        "amount",
    ]


@pytest.mark.parametrize(
    ("row", "code", "column", "words"),
    [
        (",,P9,,5", "E_REFERENCE", "product", "P9"),
        (",,,Q5,5", "E_REFERENCE", "period", "Q5"),
        (",Wset,,,5", "E_REFERENCE", "node", "Did you mean 'West'?"),
        ("regoin,West,,,5", "E_REFERENCE", "level", "Did you mean 'region'?"),
        ("region,,,,5", "E_REQUIRED", "node", "a level without a node"),
        (",,P1,Q1,5", "E_DUPLICATE_ID", "amount", "as in row 2"),
        (",,,,-5", "E_RANGE", "amount", "negative"),
        (",,,,1.234", "E_CURRENCY", "amount", "1.234"),
    ],
)
def test_rows_that_cannot_be_read_are_refused(
    tmp_path: Path, row: str, code: str, column: str, words: str
) -> None:
    (fault,) = faults(tmp_path, {"goals": f"{GOALS}{row}\n"}, LEVELS)
    assert (fault.code, fault.file, fault.line, fault.field) == (code, "goals.csv", 7, column)
    assert words in f"{fault.message} {fault.hint}"
