"""A child process that solves, and the idle ones that wait for the next solve."""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from queue import Queue
from tempfile import TemporaryFile
from threading import Lock, Thread
from typing import BinaryIO, cast

import psutil

from solvers import wire
from solvers.wire import Message

MOST_SOLVES = 500
"""Solves after which a child is replaced."""
LONGEST_WAIT = 1e6
SILENT_SECONDS = 2.0


class Process:
    """A running `solvers.worker` in a process group of its own, so that all it starts ends with it.

    The folder that the user stands in is no place to import from (-P).
    """

    def __init__(self, backend: str) -> None:
        self.backend = backend
        self.owner = os.getpid()
        self.solves = 0
        self.dead = False
        self.last_words = ""
        self._errors = cast(BinaryIO, TemporaryFile())  # noqa: SIM115 - closed by kill()
        home = str(Path(__file__).resolve().parents[1])
        paths = os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH", "")]))
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", "solvers.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**os.environ, "PYTHONPATH": paths},
            start_new_session=True,
        )
        self._heard: Queue[Message | None] = Queue()
        Thread(target=self._listen, daemon=True).start()

    @property
    def pid(self) -> int:
        """Process id of the child, which is its process group as well."""
        return self._child.pid

    def ask(self, message: Message) -> None:
        """Send a question; a child that is gone shows when it is heard."""
        self.solves += 1
        with suppress(BrokenPipeError):
            wire.write(cast(BinaryIO, self._child.stdin), message)

    def hear(self, seconds: float) -> Message | None:
        """Return the next message, None when the child has ended; raises queue.Empty after `seconds`."""
        return self._heard.get(timeout=min(max(seconds, 0.0), LONGEST_WAIT))

    def megabytes(self) -> float:
        """Return the resident memory of the child and all it started."""
        total = 0
        with suppress(psutil.NoSuchProcess):
            child = psutil.Process(self.pid)
            for each in (child, *child.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    total += each.memory_info().rss
        return total / 1e6

    def kill(self) -> int:
        """End the child and what it started; return its exit status (-n for signal n)."""
        self.dead = True
        with suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self._child.pid, signal.SIGKILL)
            else:
                self._child.kill()
        code = self._child.wait()
        with suppress(BrokenPipeError):
            cast(BinaryIO, self._child.stdin).close()
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").split("\n")
        self.last_words = next((line.strip()[:200] for line in reversed(lines) if line.strip()), "")
        self._errors.close()
        return code

    def ended(self) -> int:
        """Return the exit status of a child that has fallen silent, ending it when it has not ended itself."""
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(timeout=SILENT_SECONDS)
        return self.kill()

    def _listen(self) -> None:
        stream = cast(BinaryIO, self._child.stdout)
        while (message := wire.read(stream)) is not None:
            self._heard.put(message)
        stream.close()
        self._heard.put(None)


_idle: list[Process] = []
_lock = Lock()


def take(backend: str) -> Process:
    """Return an idle child for the backend, or start one."""
    with _lock:
        for process in _idle:
            if process.backend == backend and process.owner == os.getpid():
                _idle.remove(process)
                return process
    return Process(backend)


def give_back(process: Process) -> None:
    """Keep a child for the next solve, one per backend; a worn or surplus one ends."""
    with _lock:
        surplus = any(other.backend == process.backend and other.owner == process.owner for other in _idle)
        if not surplus and process.solves < MOST_SOLVES:
            _idle.append(process)
            return
    process.kill()


@atexit.register
def close() -> None:
    """End all idle children."""
    with _lock:
        mine = [process for process in _idle if process.owner == os.getpid()]
        _idle[:] = [process for process in _idle if process not in mine]
    for process in mine:
        process.kill()
