"""Storage: room for integers of all replications, in memory or, where that is much, in a file without a name.

The file lies in the folder for temporary files (`TMPDIR`) and is gone with the arrays. Pages that are written go to the
disk when memory is short, so a run needs memory for its blocks alone.
"""

from __future__ import annotations

import shutil
import tempfile
from math import prod
from typing import IO

import numpy as np

from engine.errors import EnvironmentFailed
from engine.inputs import IntArray

IN_MEMORY = 2**30
"""Bytes up to which an array lies in memory."""


def zeros(shape: tuple[int, ...], in_memory: int = IN_MEMORY) -> IntArray:
    """Return zeros; a memory map where they take more than `in_memory` bytes.

    Raises:
        EnvironmentFailed: the disk has no room for them.

    """
    size = 8 * prod(shape)
    if size <= in_memory:
        return np.zeros(shape, dtype=np.int64)
    with unnamed(size, "bookings") as file:
        return np.memmap(file, dtype=np.int64, mode="r+", shape=shape)


def unnamed(size: int, what: str) -> IO[bytes]:
    """Return a file without a name, of so many bytes, all zero; `what` is in it, of all replications.

    Raises:
        EnvironmentFailed: the disk has no room for it.

    """
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    if free < size:
        raise EnvironmentFailed(
            f"{what} of all replications take {size / 2**30:,.1f} GB, and {folder} has {free / 2**30:,.1f} GB left",
            hint="Name a folder with more room in TMPDIR, or ask for fewer replications, seats or measures.",
        )
    file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 (whoever asked closes it)
    file.truncate(size)
    return file
