"""Files: each is found where the scenario may look, read once, and its bytes digested."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import BadInput, Fault
from engine.paths import allowed

MAX_BYTES = 2**31
SUFFIXES = (".csv", ".parquet", ".xlsx")
_PACKED = (".gz", ".bz2", ".xz", ".zst", ".zip", ".7z", ".lz4")
_MAGIC = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"7z\xbc\xaf")


@dataclass
class Files:
    """The files of a scenario: read at most once each, so that what was digested is what was parsed."""

    base: Path
    """Folder of the scenario."""
    roots: Sequence[Path] = ()
    """Further folders granted by the user."""
    _bytes: dict[Path, bytes] = field(default_factory=dict)
    _digests: dict[str, str] = field(default_factory=dict)

    def read(self, name: str, where: str) -> bytes:
        """Return the bytes of a file; `where` is the field of the scenario that names it.

        Raises:
            BadInput: outside the allowed folders, no regular file, packed, or too large.

        """
        _check_name(name, where)
        path = allowed(name, self.base, self.roots, field=where)
        if path not in self._bytes:
            self._bytes[path] = _bytes_of(path, name, where)
        data = self._bytes[path]
        self._digests[name] = hashlib.sha256(data).hexdigest()
        return data

    @property
    def sources(self) -> tuple[tuple[str, str], ...]:
        """Each file as named, with the SHA-256 of its bytes; by name."""
        return tuple(sorted(self._digests.items()))


def _refuse(code: str, message: str, hint: str, where: str) -> BadInput:
    return BadInput([Fault(code, message, hint, field=where)])


def _check_name(name: str, where: str) -> None:
    strange = next((char for char in name if not char.isprintable()), None)
    if strange is not None:
        raise _refuse("E_TEXT", f"the path holds U+{ord(strange):04X}", "Remove the character.", where)
    if name.lower().endswith(_PACKED):
        raise _refuse(
            "E_LIMIT_FILE", f"'{name}' is compressed", "Unpack it: nothing is expanded here.", where
        )


def _bytes_of(path: Path, name: str, where: str) -> bytes:
    if path.suffix.lower() not in SUFFIXES:
        raise _refuse(
            "E_PATH_KIND", f"'{name}' is no table", f"Give a file that ends in {', '.join(SUFFIXES)}.", where
        )
    try:
        # Not following a link and not waiting for a writer: the file may have been swapped since it was looked at.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > MAX_BYTES:
                raise _refuse(
                    "E_LIMIT_FILE", f"'{name}' has {size:,} bytes", f"At most {MAX_BYTES:,} are read.", where
                )
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        message = f"'{name}' cannot be read: {error.strerror}"
        raise _refuse("E_PATH_MISSING", message, "Check the file.", where) from None
    if path.suffix.lower() != ".xlsx" and data.startswith(_MAGIC):
        raise _refuse(
            "E_LIMIT_FILE", f"'{name}' is compressed", "Unpack it: nothing is expanded here.", where
        )
    return data
