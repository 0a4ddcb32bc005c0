"""The manifest of a run: what went in, what each stage proved, and a digest of every file."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LAYOUT = 1
"""Version of the layout of run folders."""
NAME = "manifest.json"
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
    """Return the digest of every file of a run, by its path within it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in files}
    return {name: digest(path) for name, path in names.items() if name not in OUTSIDE}


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
