"""An earlier run: files of its folder, each held to the digest that its manifest gives."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from engine.data.files import Files
from engine.errors import BadInput, Fault
from engine.paths import allowed

MANIFEST = "manifest.json"
MAX_MANIFEST = 2**26


def content_of(run: str, name: str, files: Files, field: str, lacks: tuple[str, str], hint: str) -> bytes:
    """Return the bytes of a file of a finished run.

    Args:
        run: the folder as the scenario names it.
        name: the file within the folder.
        files: where the scenario may look.
        field: where the scenario names the run, for messages.
        lacks: what a run without the file lacks, and what to do about it.
        hint: what to do about a file that was changed.

    Raises:
        BadInput: outside the allowed folders, no run of this engine, one without the file, or a changed file.

    """
    digests = manifest_of(run, files, field).get("files")
    expected = digests.get(name) if isinstance(digests, dict) else None
    if expected is None:
        raise refuse(f"the run in '{run}' {lacks[0]}", lacks[1], field)
    place = f"{run.rstrip('/')}/{name}"
    data = files.read(place, field)
    if hashlib.sha256(data).hexdigest() != expected:
        raise refuse(f"'{place}' is not what the run wrote", hint, field)
    return data


def is_run(run: str, files: Files) -> bool:
    """Say whether a folder that the scenario may read holds a run of this engine."""
    try:
        manifest_of(run, files, "")
    except BadInput:
        return False
    return True


def refuse(message: str, hint: str, field: str) -> BadInput:
    """Return what is wrong with a run."""
    return BadInput([Fault("E_RUN", message, hint, field=field)])


def manifest_of(run: str, files: Files, field: str) -> dict[str, object]:
    """Return what the manifest of a finished run says.

    Raises:
        BadInput: outside the allowed folders, or no run of this engine.

    """
    name = f"{run.rstrip('/')}/{MANIFEST}" if run else MANIFEST
    path = _place(name, files, field, run)
    try:
        content = json.loads(path.read_bytes()) if path.stat().st_size <= MAX_MANIFEST else {}
    except (OSError, ValueError, RecursionError):
        content = {}
    if not isinstance(content, dict) or content.get("engine") != "apportion":
        raise refuse(
            f"'{run}' holds no run of this engine", "Name a folder that `apportion run` wrote.", field
        )
    return content


def _place(name: str, files: Files, field: str, run: str) -> Path:
    try:
        return allowed(name, files.base, files.roots, field=field)
    except BadInput as error:
        if any(fault.code == "E_PATH_MISSING" for fault in error.faults):
            message = f"'{run}' holds no run: it has no {MANIFEST}"
            hint = "Name the folder of a finished run; it is relative to the scenario."
            raise refuse(message, hint, field) from None
        raise
