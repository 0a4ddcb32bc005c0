"""Which files a scenario may read: below its own folder, and below roots granted on the command line."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from engine.errors import BadInput, Fault


def allowed(name: str, base: Path, roots: Sequence[Path], *, field: str = "", file: str = "") -> Path:
    """Return the real path of a file that a scenario names.

    Args:
        name: path as written, relative to `base`.
        base: folder of the scenario.
        roots: further folders granted with `--allow-root`.
        field: where the name stands in the scenario, for the message.
        file: the file in which the name stands, for the message.

    Raises:
        BadInput: a URL, a folder, no regular file, missing, or outside (also through a symlink).

    """

    def refuse(code: str, message: str, hint: str = "") -> BadInput:
        return BadInput([Fault(code, message, hint, file=file, field=field)])

    if "\0" in name:
        raise refuse("E_TEXT", "the path holds U+0000")
    if "://" in name:
        raise refuse(
            "E_PATH_KIND", f"'{name}' is a URL", "Download the file and name it here; nothing is fetched."
        )
    path = base / name
    real = Path(os.path.realpath(path))
    if not any(real.is_relative_to(os.path.realpath(root)) for root in (base, *roots)):
        through = (
            " through a symlink"
            if Path(os.path.normpath(path.absolute())).is_relative_to(base.absolute())
            else ""
        )
        raise refuse(
            "E_PATH_OUTSIDE",
            f"'{name}' leads{through} outside the folder of the scenario",
            "Grant its folder with --allow-root DIR.",
        )
    try:
        mode = real.stat().st_mode
    except OSError as error:
        raise refuse(
            "E_PATH_MISSING",
            f"'{name}' cannot be read: {error.strerror}",
            "Check the path; it is relative to the scenario.",
        ) from None
    if stat.S_ISDIR(mode):
        raise refuse("E_PATH_KIND", f"'{name}' is a folder", "Name a file.")
    if not stat.S_ISREG(mode):
        raise refuse("E_PATH_KIND", f"'{name}' is not a regular file")
    return real
