"""How a running stage tells what it does; the command draws it, a notebook may ignore it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Where stages report; every method may be called often and must be cheap."""

    def stage(self, name: str) -> None:
        """Begin a stage: inputs, territories, pipeline, quotas, comp, report."""

    def update(self, message: str, done: float | None = None) -> None:
        """Say what is going on (`gap 1.2 %`, `400 of 1,000 replications`); `done` is a share from 0 to 1."""

    def warn(self, message: str) -> None:
        """Say something the user should read after the run as well."""


class Silent:
    """Says nothing; for tests and notebooks."""

    def stage(self, name: str) -> None:
        """Ignore it."""

    def update(self, message: str, done: float | None = None) -> None:
        """Ignore it."""

    def warn(self, message: str) -> None:
        """Ignore it."""


class Within:
    """Passes everything on with words in front, such as which of several questions is being answered."""

    def __init__(self, inner: Progress, words: str) -> None:
        self._inner = inner
        self._words = words

    def stage(self, name: str) -> None:
        """Pass it on."""
        self._inner.stage(name)

    def update(self, message: str, done: float | None = None) -> None:
        """Pass it on, behind the words."""
        self._inner.update(f"{self._words}{message}", done)

    def warn(self, message: str) -> None:
        """Pass it on."""
        self._inner.warn(message)


class Remembering:
    """Passes everything on, and keeps the warnings for the report."""

    def __init__(self, inner: Progress, warnings: list[str]) -> None:
        self._inner = inner
        self._warnings = warnings

    def stage(self, name: str) -> None:
        """Pass it on."""
        self._inner.stage(name)

    def update(self, message: str, done: float | None = None) -> None:
        """Pass it on."""
        self._inner.update(message, done)

    def warn(self, message: str) -> None:
        """Keep it, once, and pass it on."""
        if message not in self._warnings:
            self._warnings.append(message)
            self._inner.warn(message)
