"""Counts: the counters of all replications, in a file without a name where they are many; read group by group.

Each key figure has a value in every replication, and quantiles need them all; but a figure is of one group. So the
counters of a group lie side by side, and no more of them are in memory at once: a run needs memory for its blocks.
"""

from __future__ import annotations

from io import BytesIO
from threading import Lock
from typing import IO
from weakref import finalize

import numpy as np

from engine.inputs import IntArray
from engine.pipeline.storage import unnamed

IN_MEMORY = 2**24
"""Bytes up to which they lie in memory."""
_BYTES = 8


class Counts:
    """Counters of replications; see engine.pipeline.counters."""

    def __init__(self, shape: tuple[int, int, int], in_memory: int = IN_MEMORY) -> None:
        """Make room.

        Args:
            shape: (replication, group, counter); there may be fewer replications in the end.
            in_memory: bytes up to which the counters lie in memory.

        Raises:
            EnvironmentFailed: the disk has no room for them.

        """
        self._most, self.groups, self._width = shape
        self._kept, self._lock = 0, Lock()
        size = _BYTES * self._most * self.groups * self._width
        self._file: IO[bytes] = BytesIO() if size <= in_memory else unnamed(size, "counters")
        finalize(self, self._file.close)

    def __len__(self) -> int:
        """Return how many replications there are: up to the last one that is kept."""
        return self._kept

    def put(self, first: int, block: IntArray) -> None:
        """Keep the counters of replications from `first` on, shape (replication, group, counter); any thread may."""
        with self._lock:
            for group in range(self.groups):
                self._file.seek(self._place(group, first))
                self._file.write(block[:, group].tobytes())
            self._kept = max(self._kept, first + len(block))

    def of(self, group: int, first: int = 0) -> IntArray:
        """Return the counters of a group in the replications from `first` on, shape (replication, counter)."""
        with self._lock:
            self._file.seek(self._place(group, first))
            found = self._file.read(self._place(group, self._kept) - self._place(group, first))
        return np.frombuffer(found, np.int64).reshape(-1, self._width)

    def _place(self, group: int, replication: int) -> int:
        return _BYTES * self._width * (group * self._most + replication)


def counts_of(tallies: IntArray) -> Counts:
    """Return counters that are an array of shape (replication, group, counter)."""
    replications, groups, width = tallies.shape
    counts = Counts((replications, groups, width))
    counts.put(0, tallies)
    return counts
