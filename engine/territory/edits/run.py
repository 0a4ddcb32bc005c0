"""The alignment of an earlier run, read from its folder and held to the digest that its manifest gives."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from engine.data.files import Files
from engine.errors import BadInput, Fault
from engine.paths import allowed

MANIFEST = "manifest.json"
ALIGNMENT = "tables/alignment.parquet"
MAX_MANIFEST = 2**26


def alignment_of(run: str, files: Files, field: str) -> dict[str, str]:
    """Return the seat of each account in a finished run.

    Args:
        run: the folder as the scenario names it.
        files: where the scenario may look.
        field: where the scenario names it, for messages.

    Raises:
        BadInput: outside the allowed folders, no run of this engine, one without territories, or a changed table.

    """
    manifest = _manifest(run, files, field)
    digests = manifest.get("files")
    expected = digests.get(ALIGNMENT) if isinstance(digests, dict) else None
    if expected is None:
        message = f"the run in '{run}' has no alignment"
        raise _refuse("E_RUN", message, "Name a run that got past its territories.", field)
    name = f"{run.rstrip('/')}/{ALIGNMENT}"
    data = files.read(name, field)
    if hashlib.sha256(data).hexdigest() != expected:
        message = f"'{name}' is not what the run wrote"
        raise _refuse(
            "E_RUN", message, "Run it again; edit the workbook, which is compared with this table.", field
        )
    from engine.data.parquet import read_parquet

    raw = read_parquet(data, name, ("account", "rep"))
    if not {"account", "rep"} <= set(raw.columns):
        raise _refuse("E_RUN", f"'{name}' has no account and rep", "Run it again.", field)
    account, rep = (raw.columns[column].to_pylist() for column in ("account", "rep"))
    return dict(zip(account, rep, strict=True))


def is_run(run: str, files: Files) -> bool:
    """Say whether a folder that the scenario may read holds a run of this engine."""
    try:
        _manifest(run, files, "")
    except BadInput:
        return False
    return True


def _manifest(run: str, files: Files, field: str) -> dict[str, object]:
    name = f"{run.rstrip('/')}/{MANIFEST}" if run else MANIFEST
    path = _place(name, files, field, run)
    try:
        content = json.loads(path.read_bytes()) if path.stat().st_size <= MAX_MANIFEST else {}
    except (OSError, ValueError, RecursionError):
        content = {}
    if not isinstance(content, dict) or content.get("engine") != "apportion":
        message = f"'{run}' holds no run of this engine"
        raise _refuse("E_RUN", message, "Name a folder that `apportion run` wrote.", field)
    return content


def _place(name: str, files: Files, field: str, run: str) -> Path:
    try:
        return allowed(name, files.base, files.roots, field=field)
    except BadInput as error:
        if any(fault.code == "E_PATH_MISSING" for fault in error.faults):
            message = f"'{run}' holds no run: it has no {MANIFEST}"
            hint = "Name the folder of a finished run; it is relative to the scenario."
            raise _refuse("E_RUN", message, hint, field) from None
        raise


def _refuse(code: str, message: str, hint: str, field: str) -> BadInput:
    return BadInput([Fault(code, message, hint, field=field)])
