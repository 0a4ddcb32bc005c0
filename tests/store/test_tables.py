"""Tables on the disk: exact in Parquet, harmless in a spreadsheet."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.columns import Column, Table
from engine.store.tables import escaped, minor_text, write, write_dictionary

COLUMNS = (
    Column("name", "text", "who"),
    Column("pay", "money", "what"),
    Column("share", "ratio", "how much"),
    Column("since", "date", "when"),
    Column("moved", "flag", "whether"),
    Column("count", "whole", "how many"),
)


@pytest.fixture
def table() -> Table:
    frame = pd.DataFrame(
        {
            "name": ["=1+1", None, "NA"],
            "pay": pd.array([-50, None, 123456], dtype="Int64"),
            "share": [0.1, float("nan"), -0.0],
            "since": pd.to_datetime(["2027-01-01", None, "2027-12-31"]),
            "moved": [True, False, True],
            "count": [1, 2, 3],
        }
    )
    return Table("people", COLUMNS, frame, private=True)


def test_csv_cannot_run_and_parquet_is_exact(tmp_path, table):
    write(tmp_path, [table], "USD")
    text = (tmp_path / "private/people.csv").read_text()
    assert text.splitlines() == [
        "name,pay,share,since,moved,count",
        "'=1+1,-0.50,0.1,2027-01-01,true,1",
        ",,,,false,2",
        "NA,1234.56,0,2027-12-31,true,3",
    ]
    exact = pd.read_parquet(tmp_path / "private/people.parquet")
    assert exact["name"].tolist()[0] == "=1+1"
    assert exact["pay"].dropna().tolist() == [-50, 123456]
    assert not (tmp_path / "tables").exists()


def test_the_same_table_gives_the_same_bytes(tmp_path, table):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder, [table], "USD")
    for name in ("people.csv", "people.parquet"):
        assert (tmp_path / "a/private" / name).read_bytes() == (tmp_path / "b/private" / name).read_bytes()


@given(st.integers(-(10**15), 10**15), st.sampled_from(["USD", "JPY", "KWD"]))
def test_minor_units_survive_the_way_through_text(minor, currency):
    from decimal import Decimal

    from engine.amounts import to_minor

    assert to_minor(Decimal(minor_text(minor, currency)), currency) == minor


@given(st.text(max_size=20))
def test_no_text_of_a_cell_starts_a_formula(text):
    assert not escaped(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert escaped(text).removeprefix("'") == text.removeprefix("'")


def test_the_dictionary_explains_every_column(tmp_path, table):
    write_dictionary(tmp_path / "dictionary.csv", [(table.name, table.columns)], 1, "USD")
    lines = (tmp_path / "dictionary.csv").read_text().splitlines()
    assert len(lines) == 1 + len(COLUMNS)
    assert lines[2] == "1,people,pay,money,USD; Parquet in minor units,what"


def test_a_table_that_describes_other_columns_is_refused():
    with pytest.raises(ValueError, match="described"):
        Table("t", (Column("a", "whole", "a"),), pd.DataFrame({"b": [1]}))
