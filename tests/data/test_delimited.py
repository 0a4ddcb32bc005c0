"""CSV is read strictly; the quick way and the strict way read the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data import delimited
from engine.data.delimited import read_csv
from engine.errors import BadInput

PLAIN = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp"), exclude_characters=',"'), max_size=8
)


def cells(data: bytes, *names: str) -> list[list[str]]:
    raw = read_csv(data, "t.csv", names)
    return [raw.columns[name].to_pylist() for name in names]


@given(st.lists(st.tuples(PLAIN, PLAIN, PLAIN), min_size=1, max_size=20))
def test_the_quick_way_and_the_strict_way_read_the_same(rows):
    lines = [",".join((f"x{number}", *row)) for number, row in enumerate(rows)]
    plain = "\n".join(["id,a,b,c", *lines]) + "\n"
    quoted = plain.replace("id,a,b,c", '"id",a,b,c')
    assert cells(plain.encode(), "a", "b", "c") == cells(quoted.encode(), "a", "b", "c")
    assert cells(plain.encode(), "c") == [[row[2] for row in rows]]


def test_quotes_hold_commas_quotes_and_line_breaks(monkeypatch):
    monkeypatch.setattr(delimited, "_BATCH", 2)
    data = b'id,note\r\nA1,"a, b"\r\nA2,"say ""yes"""\r\nA3,"two\r\nlines"\r\nA4,\r\nA5,NA\r\n'
    assert cells(data, "note") == [["a, b", 'say "yes"', "two\r\nlines", "", "NA"]]


def test_a_byte_order_mark_is_no_part_of_the_first_name():
    assert cells(b"\xef\xbb\xbfid\nA1\n", "id") == [["A1"]]


def test_blank_lines_at_the_end_are_no_rows():
    assert cells(b"id,x\nA1,1\n\n\r\n", "id") == [["A1"]]


def test_only_the_columns_asked_for_are_kept():
    raw = read_csv(b"id,secret,x\nA1,s,1\n", "t.csv", {"id", "x", "absent"})
    assert list(raw.columns) == ["id", "x"]
    assert raw.header == ("id", "secret", "x")


def test_the_row_of_a_wide_row_is_told_also_after_many(monkeypatch):
    monkeypatch.setattr(delimited, "_BATCH", 10)
    body = "".join(f'"A{number}",1\n' for number in range(30)) + "A30,1,2\n" * 8
    with pytest.raises(BadInput) as caught:
        read_csv(b"id,x\n" + body.encode(), "t.csv", {"id"})
    assert [fault.line for fault in caught.value.faults] == [32, 33, 34, 35, 36, 0]
    assert "3 further rows" in caught.value.faults[-1].message


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        ("id\nA1\n".encode("utf-16"), "E_ENCODING", "UTF-16"),
        (b"id\nCaf\xe9\n", "E_ENCODING", "row 2"),
        (b"id\n" + b'"' + b"x" * 140_000, "E_LIMIT_FIELD", "quote"),
        (b'"id\n', "E_CSV_HEADER", "quotes"),
    ],
)
def test_what_cannot_be_decoded_is_told(data, code, words):
    with pytest.raises(BadInput) as caught:
        read_csv(data, "t.csv", {"id"})
    (fault,) = caught.value.faults
    assert fault.code == code
    assert words in str(fault)
