"""The child process that solves: `python -m solvers.worker`, spoken to over its standard streams.

It ignores Ctrl-C, which is the parent's to handle, and ends at once with everything it started when the
parent is gone. What libraries print goes to standard error, so that it cannot mix with the messages.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from queue import SimpleQueue
from threading import Lock, Thread
from time import monotonic
from typing import BinaryIO

from solvers import wire
from solvers.backends import found
from solvers.solution import FloatArray
from solvers.wire import Message


class Telling:
    """Reports a running solve to the parent."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = Lock()

    def tell(self, message: Message) -> None:
        """Write a message, one at a time."""
        with self._lock:
            wire.write(self._stream, message)

    def incumbent(self, objective: float, x: FloatArray) -> None:
        """Send a better point."""
        self.tell(Message("incumbent", {"objective": objective}, {"x": x}))

    def bound(self, bound: float, nodes: int) -> None:
        """Send the proven bound."""
        self.tell(Message("bound", {"bound": bound, "nodes": nodes}))


def main() -> None:
    """Solve what is asked until the parent closes the stream."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stream = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    questions: SimpleQueue[Message] = SimpleQueue()
    Thread(target=_listen, args=(sys.stdin.buffer, questions), daemon=True).start()
    telling = Telling(stream)
    while True:
        telling.tell(_solved(questions.get(), telling))


def _solved(message: Message, telling: Telling) -> Message:
    arrays, options, backend = wire.asked(message)
    telling.tell(Message("started"))
    start = monotonic()
    try:
        return wire.answer(found()[backend].solve(arrays, options, telling))
    except MemoryError:
        return Message(
            "failed", {"why": "out of memory", "ended_by": "memory", "seconds": monotonic() - start}
        )
    except Exception as error:  # whatever a solver raises is the answer; the caller tells it in words
        why = f"{type(error).__name__}: {error}"
        return Message("failed", {"why": why, "ended_by": "error", "seconds": monotonic() - start})


def _listen(stream: BinaryIO, questions: SimpleQueue[Message]) -> None:
    while (message := wire.read(stream)) is not None:
        questions.put(message)
    with suppress(AttributeError, OSError):  # no process groups on Windows
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


if __name__ == "__main__":
    main()
