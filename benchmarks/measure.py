"""Wall time of a call and the peak resident memory of this process with all its children."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread
from time import perf_counter
from typing import Generic, TypeVar

import psutil

T = TypeVar("T")
SAMPLE_SECONDS = 0.25
"""A sample costs some 5 ms of the interpreter lock: rare enough to leave a peer in pure Python its speed."""


@dataclass(frozen=True)
class Measured(Generic[T]):
    """What a call returned, the seconds it took and the peak memory (MB) of the process tree meanwhile."""

    value: T
    seconds: float
    peak_mb: float


def measured(call: Callable[[], T]) -> Measured[T]:
    """Run `call` and return its value with its cost; memory is sampled now and then, at least twice."""
    done = Event()
    peak = [tree_mb()]

    def sample() -> None:
        while not done.wait(SAMPLE_SECONDS):
            peak[0] = max(peak[0], tree_mb())

    watcher = Thread(target=sample, daemon=True)
    watcher.start()
    start = perf_counter()
    try:
        value = call()
    finally:
        seconds = perf_counter() - start
        done.set()
        watcher.join()
    return Measured(value, seconds, max(peak[0], tree_mb()))


def tree_mb() -> float:
    """Return the resident memory of this process and its children in MB."""
    process = psutil.Process()
    total = 0
    for member in (process, *process.children(recursive=True)):
        try:
            total += member.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total / 1e6
