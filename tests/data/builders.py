"""Builders of hostile files, from the closed list that the corpus describes."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

DTD = b'<?xml version="1.0"?>\n<!DOCTYPE sst [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>\n'


def build(generate: Mapping[str, Any]) -> bytes:
    """The bytes of a generated file."""
    (name, given), *_ = generate.items()
    makers = {
        "bytes_hex": bytes.fromhex,
        "concat": concat,
        "parquet": parquet,
        "xlsx": xlsx,
        "zip_bomb": zip_bomb,
    }
    return makers[name](given)


def concat(parts: list[Mapping[str, Any]]) -> bytes:
    return "".join(
        part["text"] if "text" in part else part["repeat"] * part["times"] for part in parts
    ).encode()


def zip_bomb(given: Mapping[str, Any]) -> bytes:
    """A small one: it must be refused by what it is, long before its size matters."""
    return gzip.compress(bytes(min(given["bytes"], 10**6)))


def parquet(given: Mapping[str, Any]) -> bytes:
    arrays, fields = [], []
    for name, column in given["columns"].items():
        kind = column["type"]
        metadata = {}
        if kind.startswith("extension:"):
            metadata = {
                "ARROW:extension:name": kind.removeprefix("extension:"),
                "ARROW:extension:metadata": "x",
            }
            kind, column = "binary", {"values": [b"x"]}
        array = pa.array(column["values"], kind)
        arrays.append(array)
        fields.append(pa.field(name, array.type, metadata=metadata))
    return parquet_bytes(pa.table(arrays, schema=pa.schema(fields)))


def parquet_bytes(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    return buffer.getvalue()


def workbook(rows: list[list[Any]], errors: tuple[str, ...] = (), sheet: str = "Data") -> bytes:
    """A workbook of one sheet; `errors` are addresses whose text is stored as an error."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(row)
    for address in errors:
        page[address].data_type = "e"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xlsx(given: Mapping[str, Any]) -> bytes:
    if "sharedStrings" in given:
        return with_part(workbook([["id", "q"], ["A1", 1]]), "xl/sharedStrings.xml", DTD)
    text = given["cells"]["B2"]
    return workbook([["id", "q"], ["A1", text.lstrip("'")]], ("B2",) if text.startswith("#") else ())


def edited(book: bytes, name: str, edit: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one of its parts edited, or made from nothing."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {entry.filename: old.read(entry) for entry in old.infolist()}
        for part, data in (parts | {name: edit(parts.get(name, b"<sst/>"))}).items():
            new.writestr(part, data)
    return buffer.getvalue()


def with_part(book: bytes, name: str, head: bytes) -> bytes:
    """The workbook with other bytes at the head of one of its parts."""
    return edited(book, name, lambda data: head + data)
