"""Strict CSV: UTF-8, commas, every row as wide as the header. NA is text; only an empty cell is blank.

Without any quote in the file Arrow reads it, several million cells a second. It accepts what the strict reader of
the standard library refuses (`"a"b`), so files with quotes, and files it stumbles over, go through the latter.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Sequence

import pyarrow as pa
import pyarrow.csv

from engine.data.characters import first_outside_cells
from engine.data.raw import MAX_COLUMNS, Raw, checked_header, refuse
from engine.errors import BadInput, Fault, counted

_BATCH = 50_000
_HEADER_CHARS = 2**21
_SHOWN = 5
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_csv(data: bytes, file: str, wanted: Collection[str]) -> Raw:
    """Read the wanted columns of a CSV file.

    Raises:
        BadInput: the encoding, the header, the width of a row, a stray quote, or a forbidden character.

    """
    text = _decoded(data, file)
    strange = first_outside_cells(text)
    if strange is not None:
        line, name = strange
        raise refuse(
            "E_TEXT", f"row {line} holds {name}, a character that cannot be shown", "Remove it.", file, line
        )
    header = _header(text, file)
    used = [name for name in header if name in wanted]
    body = text.rstrip("\r\n").encode()
    # Arrow takes an empty line for a row of blanks.
    unusual = any(mark in body for mark in (b'"', b"\n\n", b"\r\r", b"\r\n\r\n"))
    columns = None if unusual else _fast(body, header, used)
    if columns is None:
        columns = _strict(text, header, used, file)
    rows = len(next(iter(columns.values()))) if columns else max(0, text.rstrip("\r\n").count("\n"))
    if rows == 0:
        raise refuse("E_EMPTY", "the table has no rows", "Export it again, or leave the table out.", file)
    return Raw(file, header, columns, rows)


def _decoded(data: bytes, file: str) -> str:
    if data.startswith(_UTF16):
        raise refuse("E_ENCODING", "the file is UTF-16", "Save it as UTF-8.", file)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"row {line} holds the byte 0x{data[error.start]:02X}, which is not UTF-8"
        raise refuse("E_ENCODING", message, "Save the file as UTF-8.", file, line) from None
    if not text.strip("\r\n"):
        raise refuse("E_EMPTY", "the file has no header and no rows", "Export it again.", file)
    return text


def _header(text: str, file: str) -> tuple[str, ...]:
    head = text[:_HEADER_CHARS]
    first = next(iter(io.StringIO(head, newline="")))
    if first.count(",") >= 10 * MAX_COLUMNS:
        message = f"the header has {first.count(',') + 1:,} columns"
        raise refuse("E_LIMIT_COLUMNS", message, f"At most {MAX_COLUMNS} are read.", file, 1)
    try:
        names = next(csv.reader(io.StringIO(head, newline=""), strict=True))
    except csv.Error as error:
        raise refuse(
            "E_CSV_HEADER", f"the header cannot be read: {error}", "Check its quotes.", file, 1
        ) from None
    for separator, word in ((";", "semicolons"), ("\t", "tabs")):
        if len(names) == 1 and separator in names[0]:
            hint = "Save it with commas, and numbers with a decimal point."
            raise refuse("E_CSV_HEADER", f"the file is separated by {word}", hint, file, 1)
    return checked_header(names, file)


def _fast(body: bytes, header: Sequence[str], used: Sequence[str]) -> dict[str, pa.Array] | None:
    names = [str(index) for index in range(len(header))]
    wanted = [names[header.index(name)] for name in used]
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(body),
            read_options=pyarrow.csv.ReadOptions(column_names=names, skip_rows=1, block_size=2**24),
            parse_options=pyarrow.csv.ParseOptions(quote_char=False, ignore_empty_lines=False),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=wanted,
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    return {name: table.column(key).combine_chunks() for name, key in zip(used, wanted, strict=True)}


def _strict(text: str, header: Sequence[str], used: Sequence[str], file: str) -> dict[str, pa.Array]:
    reader = csv.reader(io.StringIO(text.rstrip("\r\n") + "\n", newline=""), strict=True)
    next(reader)
    at = [header.index(name) for name in used]
    parts: list[list[pa.Array]] = [[] for _ in used]
    faults: list[Fault] = []
    try:
        for first, batch in _batches(reader):
            if not faults and all(len(row) == len(header) for row in batch):
                for part, index in zip(parts, at, strict=True):
                    part.append(pa.array([row[index] for row in batch], pa.string()))
            else:
                faults += _width_faults(first, batch, header, file)
    except csv.Error as error:
        raise _stray(error, reader.line_num, file) from None
    if faults:
        raise BadInput(_capped(faults, file))
    return {
        name: pa.chunked_array(part, pa.string()).combine_chunks()
        for name, part in zip(used, parts, strict=True)
    }


def _batches(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[list[str]]]]:
    first, batch = 2, []
    for row in reader:
        batch.append(row)
        if len(batch) == _BATCH:
            yield first, batch
            first, batch = first + _BATCH, []
    if batch:
        yield first, batch


def _width_faults(first: int, batch: list[list[str]], header: Sequence[str], file: str) -> list[Fault]:
    return [
        Fault(
            "E_CSV_WIDTH",
            f"row {first + index} has {counted(len(row), 'cell')}, the header has {counted(len(header), 'column')}",
            "Quote cells that hold a comma.", file=file, line=first + index,
        )
        for index, row in enumerate(batch) if len(row) != len(header)
    ]  # fmt: skip


def _capped(faults: list[Fault], file: str) -> list[Fault]:
    if len(faults) <= _SHOWN:
        return faults
    more = Fault(
        "E_CSV_WIDTH", f"{len(faults) - _SHOWN:,} further rows do not have the width of the header", file=file
    )
    return [*faults[:_SHOWN], more]


def _stray(error: csv.Error, line: int, file: str) -> BadInput:
    if "field larger" in str(error):
        message = f"a cell near line {line} has more than {csv.field_size_limit():,} characters"
        return refuse("E_LIMIT_FIELD", message, "A quote may be left open.", file, line)
    message = f"line {line} cannot be read: {error}"
    return refuse("E_CSV_QUOTE", message, 'Inside quotes write a quote as "".', file, line)
