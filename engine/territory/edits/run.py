"""The alignment of an earlier run."""

from __future__ import annotations

from engine.data.earlier_run import content_of, refuse
from engine.data.files import Files

ALIGNMENT = "tables/alignment.parquet"


def alignment_of(run: str, files: Files, field: str) -> dict[str, str]:
    """Return the seat of each account in a finished run.

    Args:
        run: the folder as the scenario names it.
        files: where the scenario may look.
        field: where the scenario names it, for messages.

    Raises:
        BadInput: outside the allowed folders, no run of this engine, one without territories, or a changed table.

    """
    from engine.data.parquet import read_parquet

    lacks = ("has no alignment", "Name a run that got past its territories.")
    hint = "Run it again; edit the workbook, which is compared with this table."
    data, name = content_of(run, ALIGNMENT, files, field, lacks, hint), f"{run.rstrip('/')}/{ALIGNMENT}"
    raw = read_parquet(data, name, ("account", "rep"))
    if not {"account", "rep"} <= set(raw.columns):
        raise refuse(f"'{name}' has no account and rep", "Run it again.", field)
    account, rep = (raw.columns[column].to_pylist() for column in ("account", "rep"))
    return dict(zip(account, rep, strict=True))
