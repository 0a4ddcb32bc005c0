"""Loading: from the name of a file to a raw table whose header has what is needed."""

from __future__ import annotations

from collections.abc import Sequence

from engine.data.files import Files
from engine.data.raw import Raw
from engine.data.rows import Rows
from engine.data.table_spec import TableSpec
from engine.data.verdicts import Verdicts
from engine.errors import BadInput, Fault, did_you_mean


def load(spec: TableSpec | None, files: Files, verdicts: Verdicts, required: Sequence[str]) -> Rows | None:
    """Return the rows of a table; None when there is no table, or when it cannot be read, which is a fault."""
    if spec is None:
        return None
    try:
        data = files.read(spec.path, f"data.{spec.table}.path")
        raw = _raw(spec, data)
        _demand(raw, spec, required)
    except BadInput as error:
        verdicts.faults.extend(error.faults)
        return None
    return Rows(raw, spec, verdicts)


def _raw(spec: TableSpec, data: bytes) -> Raw:
    wanted = {spec.columns.get(name, name) for name in spec.names()}
    suffix = spec.path.lower().rpartition(".")[2]
    if suffix == "xlsx":
        from engine.data.workbook import read_workbook

        return read_workbook(data, spec.path, spec.sheet, wanted)
    if suffix == "parquet":
        from engine.data.parquet import read_parquet

        return read_parquet(data, spec.path, wanted)
    from engine.data.delimited import read_csv

    return read_csv(data, spec.path, wanted)


def _demand(raw: Raw, spec: TableSpec, required: Sequence[str]) -> None:
    """Hold a header to the columns that are required and to those that the scenario maps.

    Raises:
        BadInput: one is missing.

    """
    faults = []
    for name in spec.names():
        source = spec.columns.get(name, name)
        needed = name in spec.columns or (name in required and name not in spec.defaults)
        if needed and source not in raw.header:
            message = f"column '{source}'{_meant(name, source)} is missing"
            faults.append(
                Fault("E_CSV_HEADER", message, _hint(raw, spec, source), file=raw.file, line=1, field=source)
            )
    if faults:
        raise BadInput(faults)


def _meant(name: str, source: str) -> str:
    return f" for {name}" if name != source else ""


def _hint(raw: Raw, spec: TableSpec, source: str) -> str:
    hint = (
        did_you_mean(source, [name for name in raw.header if name])
        + f" Map it under data.{spec.table}.columns."
    )
    return hint if raw.columns else f"{hint} The header stands in row 1, without a title above it."
