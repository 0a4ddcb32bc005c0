"""A past year's table: read, judged and published, or refused with every fault at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.errors import BadInput
from engine.fairness.check import check
from engine.fairness.of_table import credits_of, of_table, read_sheet
from engine.verification import verify

HEAD = "rep,quota,credit,region,last_year,note\n"
ROWS = "".join(
    f"S{i},{100_000 + 1000 * i},{90_000 + 3000 * i}.50,{'East' if i % 2 else 'West'},{80_000 + 500 * i},x\n"
    for i in range(12)
)


def written(folder: Path, text: str, name: str = "last_year.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_table_becomes_the_book_of_a_past_year(tmp_path):
    found, sheet = of_table(written(tmp_path, HEAD + ROWS), "USD")
    assert (len(found), found.years, found.observed) == (12, 1, True)
    assert found.quota[1] == 101_000_00
    assert found.credit[0, 1] == 93_000_50
    assert found.volume[1] == 80_500_00
    assert np.isnan(found.potential).all()
    assert set(found.groups) == {"region"}
    assert sheet.source[0][0] == "last_year.csv"


def test_every_fault_is_told_at_once(tmp_path):
    text = "rep,quota,credit\nA,100,50\nA,-5,20\n,1e3,\n"
    with pytest.raises(BadInput) as caught:
        of_table(written(tmp_path, text), "USD")
    found = [(fault.code, fault.line, fault.field) for fault in caught.value.faults]
    assert found == [
        ("E_DUPLICATE", 3, "rep"),
        ("E_REQUIRED", 4, "rep"),
        ("E_RANGE", 3, "quota"),
        ("E_NUMBER_FORMAT", 4, "quota"),
        ("E_REQUIRED", 4, "credit"),
    ]


@pytest.mark.parametrize(
    ("text", "by", "code", "field"),
    [
        ("rep,qouta,credit\nA,1,1\n", (), "E_CSV_HEADER", "quota"),
        ("rep,quota,credit\nA,1,1\n", ("team",), "E_CSV_HEADER", "team"),
        ("rep,quota,credit\nA,0,1\n", (), "E_EMPTY", ""),
    ],
)
def test_a_table_that_cannot_be_judged_is_refused(tmp_path, text, by, code, field):
    with pytest.raises(BadInput) as caught:
        of_table(written(tmp_path, text), "USD", by)
    assert [(fault.code, fault.field) for fault in caught.value.faults] == [(code, field)]


def test_what_happened_must_be_known_of_every_seat_and_of_no_other(tmp_path):
    file = written(tmp_path, "rep,credit\nB,2\nA,1\n")
    sheet = read_sheet(file, "USD", ("credit",))
    credit = credits_of(file, sheet, ("A", "B"))
    assert credit.tolist() == [100, 200]
    with pytest.raises(BadInput) as caught:
        credits_of(file, sheet, ("A", "C"))
    assert [fault.code for fault in caught.value.faults] == ["E_MISSING", "E_REFERENCE"]
    with pytest.raises(BadInput, match="relative to the folder where you are"):
        read_sheet(tmp_path / "gone.csv", "USD", ("credit",))


def test_last_year_is_judged_in_eighty_columns_and_published(tmp_path):
    result = check(written(tmp_path, HEAD + ROWS), out=tmp_path / "out")
    assert max(map(len, result.summary.splitlines())) <= 80
    assert "Spread of difficulty: not tested" in result.summary
    # 7 of 12 are at quota: 90,000.5 + 3,000 i >= 100,000 + 1,000 i from i = 5.
    assert "58 %" in result.summary
    assert verify(tmp_path / "out")[1].startswith("shares at quota follow from the seats")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Definitions" in page
    assert "Newcombe" in page


def test_a_changed_share_does_not_verify(tmp_path):
    import pandas as pd

    from engine.verification.fairness import fairness_faults

    check(written(tmp_path, HEAD + ROWS), out=tmp_path / "out")
    assert fairness_faults(tmp_path / "out") == []
    place = tmp_path / "out" / "tables" / "judged.parquet"
    frame = pd.read_parquet(place)
    frame.loc[0, "credit"] *= 3
    frame.to_parquet(place)
    assert len(fairness_faults(tmp_path / "out")) == 2
