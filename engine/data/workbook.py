"""Excel: one sheet, read only after the archive has been looked through.

An archive may expand without end, and its XML may hold a DTD; both are refused before a parser sees them. The
reader shows error cells and formulas without a stored value as empty ones, so those are found in the XML of the sheet.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Collection, Iterator
from xml.etree import ElementTree

import numpy as np
import pyarrow as pa

from engine.data.raw import Raw, checked_header, letters, refuse
from engine.errors import BadInput, Fault

MAX_EXPANDED = 268_435_456
MAX_RATIO = 200
_RATIO_FROM = 2**20
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_ERROR = re.compile(rb"\bt=[\"']e[\"']")
_TEXT = re.compile(rb"\bt=[\"']str[\"']")
_ADDRESS = re.compile(rb"\br=[\"']([A-Z]+)([0-9]+)[\"']")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]+)<")
_SHOWN = 5


def read_workbook(data: bytes, file: str, sheet: str, wanted: Collection[str]) -> Raw:
    """Read the wanted columns of a sheet, its first unless named; the header is its first row.

    Raises:
        BadInput: no workbook, a bomb, a DTD, no such sheet, or error cells such as #REF!.

    """
    import python_calamine

    parts = _parts(data, file)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = book.sheet_names
        name = sheet or names[0]
        if name not in names:
            raise refuse("E_XLSX", f"no sheet is called '{name}'", f"Known: {', '.join(names)}.", file)
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except BadInput:
        raise
    except Exception as error:  # whatever the parser says of a broken workbook
        raise refuse("E_XLSX", f"cannot be read: {error}", "Save the workbook again.", file) from None
    shown = f"{file} [{name}]" if len(names) > 1 else file
    while rows and all(cell == "" for cell in rows[-1]):
        rows.pop()
    if len(rows) < 2:
        raise refuse(
            "E_EMPTY", "the sheet has no rows", "The header stands in row 1, the rows below it.", shown
        )
    header = checked_header([_text(cell) for cell in rows[0]], shown)
    used = {column: index for index, column in enumerate(header) if column and column in wanted}
    _refuse_unusable(_part_of(parts, name, shown), used, shown)
    columns, texts = {}, {}
    for column, index in used.items():
        cells = [row[index] for row in rows[1:]]
        columns[column] = pa.array([_text(cell) for cell in cells], pa.string())
        texts[column] = np.array([isinstance(cell, str) and cell != "" for cell in cells])
    return Raw(shown, header, columns, len(rows) - 1, texts)


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        # A spreadsheet shows 15 digits; further ones are noise of its binary floats.
        return format(float(cell), ".15g") if abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return str(cell)


def _parts(data: bytes, file: str) -> dict[str, bytes]:
    """Expand the XML of a workbook within limits and return what is needed of it, by name of the part."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            size = sum(entry.file_size for entry in entries)
            if size > MAX_EXPANDED or (size > _RATIO_FROM and size > MAX_RATIO * len(data)):
                message = f"expands from {len(data):,} to {size:,} bytes"
                raise refuse(
                    "E_XLSX", message, f"At most {MAX_EXPANDED:,} bytes and {MAX_RATIO} times.", file
                )
            parts = {entry.filename: archive.read(entry) for entry in entries}
    except BadInput:
        raise
    except Exception as error:  # a torn archive may raise nearly anything
        raise refuse("E_XLSX", f"is no workbook: {error}", "Save it as .xlsx.", file) from None
    for name, part in parts.items():
        if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
            raise refuse("E_XLSX", f"its part {name} holds a DTD", "Save the workbook again.", file)
    return {name: part for name, part in parts.items() if name.startswith("xl/")}


def _part_of(parts: dict[str, bytes], sheet: str, file: str) -> bytes:
    """Return the XML of a sheet, by way of the workbook's relations."""
    try:
        book = ElementTree.fromstring(parts["xl/workbook.xml"])  # noqa: S314 - DTDs are refused above
        relations = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])  # noqa: S314
        targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
        entry = next(
            node for node in book.iter() if node.tag.endswith("}sheet") and node.get("name") == sheet
        )
        target = targets[next(value for key, value in entry.attrib.items() if key.endswith("}id"))]
        return parts[target.lstrip("/") if target.startswith("/") else f"xl/{target}"]
    except (KeyError, StopIteration, ElementTree.ParseError):
        raise refuse(
            "E_XLSX", f"the XML of sheet '{sheet}' cannot be found", "Save it again.", file
        ) from None


def _unusable(part: bytes, used: dict[str, int]) -> Iterator[tuple[str, str, str]]:
    """Find cells that hold an error, or a formula whose value was never stored: address, column, what it holds."""
    if b"<f" not in part and b":f" not in part and not _ERROR.search(part):
        return
    columns = {letters(index): column for column, index in used.items()}
    for match in _CELL.finditer(part):
        attributes, content = match[1], match[2]
        error, formula = _ERROR.search(attributes), _FORMULA.search(content)
        if not error and not formula:
            continue
        value = _VALUE.search(content)
        address = _ADDRESS.search(attributes)
        column = columns.get(address[1].decode()) if address else None
        if address and column and (error or (value is None and not _TEXT.search(attributes))):
            holds = value[1].decode() if value else "a formula without its value"
            yield f"{address[1].decode()}{address[2].decode()}", column, holds


def _refuse_unusable(part: bytes, used: dict[str, int], file: str) -> None:
    found = list(_unusable(part, used))
    if found:
        shown = ", ".join(f"{address} holds {value}" for address, _, value in found[:_SHOWN])
        address, column, _ = found[0]
        line = int(address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        message = f"{len(found):,} cells without a value: {shown}"
        hint = "Repair the formula, or open and save the workbook in a spreadsheet."
        raise BadInput([Fault("E_XLSX", message, hint, file=file, line=line, field=column)])
