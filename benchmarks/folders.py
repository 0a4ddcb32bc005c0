"""Folders of published instances: where they are, and one list of faults before anything is solved.

Nothing is fetched and no place is assumed: `--data DIR`, else the environment variable below. Either may name the
files' folder itself, or one above it that holds a folder with the name of the subject.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from benchmarks.subject import Run
from engine.errors import BadInput, Fault

VARIABLE = "APPORTION_BENCHMARK_DATA"
T = TypeVar("T")
NOTES = {".md", ".csv", ".rst", ".pdf", ".zip", ".gz"}
"""Endings of files that lie beside instances and are none."""


def folder(run: Run) -> Path:
    """Return the folder of the instances of a subject.

    Raises BadInput: E_REQUIRED when none is named, E_PATH_MISSING when it is not there.
    """
    named = run.data or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    if named is None:
        words = f"{run.subject}, case {run.case}: no folder of instances is named"
        hint = f"Give --data DIR, or set {VARIABLE} to a folder that holds a folder `{run.subject}`."
        raise BadInput([Fault("E_REQUIRED", words, hint)])
    inner = named / run.subject
    found = inner if inner.is_dir() else named
    if not found.is_dir():
        hint = f"Name the folder that holds the files, with --data or {VARIABLE}."
        raise BadInput([Fault("E_PATH_MISSING", "there is no such folder", hint, file=str(named))])
    return found


def instances(place: Path, looks: Callable[[list[str]], bool], wanted: str) -> list[Path]:
    """Return the files of a folder whose words look like an instance, by name; others are named on stderr.

    Raises BadInput, E_PATH_MISSING, when there is none; `wanted` says what an instance looks like.
    """
    found = []
    for path in sorted(place.iterdir()):
        if path.name.startswith(".") or path.suffix.lower() in NOTES or not path.is_file():
            continue
        with path.open(encoding="utf-8", errors="replace") as text:
            words = text.read(2000).split()
        if looks(words):
            found.append(path)
        else:
            print(f"{path.name}: left out, it does not begin like an instance ({wanted})", file=sys.stderr)
    if not found:
        hint = "Name another folder with --data."
        raise BadInput(
            [Fault("E_PATH_MISSING", f"no file begins like an instance ({wanted})", hint, file=str(place))]
        )
    return found


def checked(paths: Sequence[Path], read: Callable[[Path], object]) -> None:
    """Read every file once, so that a long run does not end at the last one.

    Raises BadInput, E_TYPE, with a fault for each file that is not of the format.
    """
    faults = []
    for path in paths:
        try:
            read(path)
        except (ValueError, KeyError, IndexError, TypeError) as fault:
            words = str(fault).removeprefix(f"{path.name}: ") or type(fault).__name__
            faults.append(Fault("E_TYPE", words, "Mend the file, or take it away.", file=path.name))
    if faults:
        raise BadInput(faults)


def table(read: Callable[[Path], T], path: Path) -> T:
    """Read a table of published figures; raises BadInput, E_TYPE, where it is not of the format."""
    try:
        return read(path)
    except KeyError as fault:
        raise _unfit(path, f"there is no column {fault}") from None
    except (ValueError, TypeError) as fault:
        raise _unfit(path, str(fault)) from None


def _unfit(path: Path, words: str) -> BadInput:
    return BadInput([Fault("E_TYPE", words, "The benchmark's module describes the columns.", file=path.name)])
