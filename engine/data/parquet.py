"""Parquet: columns of text, whole numbers, decimals and dates; floats only where a column is no money."""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from engine.data.raw import Raw, checked_header, refuse

MAX_ROWS = 20_000_000
MAX_EXPANDED = 2**32


def read_parquet(data: bytes, file: str, wanted: Collection[str]) -> Raw:
    """Read the wanted columns of a Parquet file as text, floats as they are.

    Raises:
        BadInput: broken, an extension type, a nested type, or too large.

    """
    try:
        reader = pq.ParquetFile(pa.BufferReader(data))
        schema, metadata = reader.schema_arrow, reader.metadata
        header = checked_header(schema.names, file)
        for field in schema:
            if isinstance(field.type, pa.BaseExtensionType) or b"ARROW:extension:name" in (
                field.metadata or {}
            ):
                message = f"column '{field.name}' has an extension type"
                raise refuse("E_PARQUET", message, "Write it as a plain type.", file, field=field.name)
        expanded = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
        if metadata.num_rows > MAX_ROWS or expanded > MAX_EXPANDED:
            message = f"{metadata.num_rows:,} rows, {expanded:,} bytes when expanded"
            raise refuse("E_LIMIT_FILE", message, f"At most {MAX_ROWS:,} rows are read.", file)
        if metadata.num_rows == 0:
            raise refuse("E_EMPTY", "the table has no rows", "Export it again, or leave the table out.", file)
        used = [name for name in header if name in wanted]
        table = reader.read(columns=used)
        columns = {name: _plain(table.column(name).combine_chunks(), name, file) for name in used}
    except (pa.ArrowException, OSError) as error:
        raise refuse("E_PARQUET", f"cannot be read: {error}", "Write the file again.", file) from None
    return Raw(file, header, columns, metadata.num_rows)


def _plain(column: pa.Array, name: str, file: str) -> pa.Array:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.dictionary_decode(), kind.value_type
    if pa.types.is_floating(kind):
        return column.cast(pa.float64())
    if pa.types.is_timestamp(kind):
        days = column.cast(pa.date32(), safe=False)
        if kind.tz is not None or not pc.all(pc.equal(days.cast(kind), column)).as_py():
            return _moments(column, kind.tz)
        column, kind = days, pa.date32()
    plain = (
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_integer(kind)
        or pa.types.is_decimal(kind) or pa.types.is_date(kind) or pa.types.is_boolean(kind) or pa.types.is_null(kind)
    )  # fmt: skip
    if not plain:
        message = f"column '{name}' is of type {kind}"
        raise refuse("E_PARQUET", message, "Use text, integers, decimals or dates.", file, field=name)
    if pa.types.is_date64(kind):
        column = column.cast(pa.date32())
    return pc.fill_null(column.cast(pa.string()), "")


def _moments(column: pa.Array, zone: str | None) -> pa.Array:
    """Write moments as text: with the offset of UTC where the column has a time zone, else as the clock says."""
    written = pc.strftime(column.cast(pa.timestamp("s", zone and "UTC"), safe=False), "%Y-%m-%dT%H:%M:%S")
    return pc.fill_null(pc.binary_join_element_wise(written, "Z", "") if zone else written, "")
