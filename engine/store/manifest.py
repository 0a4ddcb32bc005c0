"""The manifest of a run: what went in, what each stage proved, and a digest of every file."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LAYOUT = 2
"""Version of the layout of run folders."""
NAME = "manifest.json"
PRIVATE = "private"
"""Folder of what is not for everybody."""
SCENARIO = f"{PRIVATE}/scenario.yaml"
"""The scenario of a run: its plans may say of a person by name what was achieved, or is expected."""
PRIVATE_LIST = f"{PRIVATE}/{NAME}"
"""Digests of the files there, whose names may be those of people."""
OUTSIDE = frozenset({NAME, "timings.json"})
"""Files without a digest: the manifest itself, and the one file that may differ between equal runs."""


def is_run(folder: Path) -> bool:
    """Whether a folder holds a run of this engine, complete or interrupted."""
    try:
        return bool(json.loads((folder / NAME).read_bytes())["engine"] == "apportion")
    except (OSError, ValueError, KeyError, TypeError):
        return False


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of every file of a run that everybody may know of, by its path within it.

    Those of private files are written to `PRIVATE_LIST`, which is one of them.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in files}
    kept = {name: path for name, path in names.items() if name not in (*OUTSIDE, PRIVATE_LIST)}
    hidden = {name: digest(path) for name, path in kept.items() if name.startswith(f"{PRIVATE}/")}
    public = {name: digest(path) for name, path in kept.items() if name not in hidden}
    if hidden:
        write_json(folder / PRIVATE_LIST, {"files": hidden})
        public[PRIVATE_LIST] = digest(folder / PRIVATE_LIST)
    return public


def listed(folder: Path, files: Mapping[str, str]) -> dict[str, str]:
    """Return the digests that a manifest gives, with those of private files where their list is what was written."""
    place, found = folder / PRIVATE_LIST, dict(files)
    if PRIVATE_LIST in found and place.is_file() and digest(place) == found[PRIVATE_LIST]:
        found |= json.loads(place.read_bytes())["files"]
    return found


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON that any reader takes: sorted, indented, without NaN or infinity."""
    path.write_text(
        json.dumps(_finite(content), indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8"
    )


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
