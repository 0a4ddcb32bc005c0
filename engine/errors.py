"""What can go wrong, in words a planner can act on.

A fault says where it is (file, line, column, field), what is wrong, and what to do. Faults are
collected, so that one run shows all of them. Each error class carries the exit status of the command.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the input."""

    code: str
    """Stable code for programs, for example `E_REFERENCE`."""
    message: str
    """What is wrong, in words."""
    hint: str = ""
    """What to do about it."""
    file: str = ""
    """File as the user named it."""
    line: int = 0
    """Line in a text file, or row in a table with the header as row 1; 0 when it has none."""
    column: int = 0
    """Column in a text file, counted from 1; 0 when it has none."""
    field: str = ""
    """Path in the scenario (`quotas.goal`), or column of a table."""

    def __str__(self) -> str:
        place = (
            self.file + (f":{self.line}" if self.line else "") + (f":{self.column}" if self.column else "")
        )
        parts = [part for part in (place, self.field, self.message) if part]
        stop = "" if self.message.endswith((".", "?", "!")) else "."
        return ": ".join(parts) + (f"{stop} {self.hint}" if self.hint else "")

    def record(self) -> dict[str, object]:
        """Return the fault as a flat record for `--errors json`."""
        return asdict(self)


class ApportionError(Exception):
    """Base of every error the command reports; `exit_status` is what the process ends with."""

    exit_status = 1
    code = "X_INTERNAL"

    def __init__(self, message: str, *, hint: str = "", code: str = "") -> None:
        super().__init__(message)
        self.faults: tuple[Fault, ...] = (Fault(code or self.code, message, hint),)


class BadInput(ApportionError):
    """The scenario or its tables cannot be used as they are; nothing was written."""

    exit_status = 2
    code = "E_INPUT"

    def __init__(self, faults: Iterable[Fault]) -> None:
        found = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in found))
        self.faults = found


class Infeasible(ApportionError):
    """The model has no answer, proved by two routes; the faults name what conflicts and by how much."""

    exit_status = 3
    code = "M_INFEASIBLE"

    def __init__(self, faults: Iterable[Fault]) -> None:
        found = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in found))
        self.faults = found


class NoPlan(ApportionError):
    """A limit was reached, or a solver failed, before there was a usable plan."""

    exit_status = 4
    code = "S_LIMIT_NO_PLAN"


class GapNotReached(ApportionError):
    """Under `--strict`: a verified plan exists, but not proved to the demanded gap."""

    exit_status = 5
    code = "S_GAP"


class VerificationFailed(ApportionError):
    """An independent check contradicts a result; nothing was published."""

    exit_status = 6
    code = "V_CHECK"

    def __init__(self, faults: Iterable[Fault]) -> None:
        found = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in found))
        self.faults = found


class FolderInUse(ApportionError):
    """Another live process is writing this run folder."""

    exit_status = 7
    code = "R_LOCKED"


class EnvironmentFailed(ApportionError):
    """Disk, memory or permissions failed."""

    exit_status = 8
    code = "R_ENVIRONMENT"


class Interrupted(ApportionError):
    """The user pressed Ctrl-C (130) or the process was told to stop (143)."""

    exit_status = 130
    code = "R_INTERRUPTED"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 account`, `2,000 accounts`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def did_you_mean(word: str, known: Iterable[str], most: int = 12) -> str:
    """Return "Did you mean 'rate'? Known: ..." for a word that is not among the known ones; it names `most` of them.

    Says so where none is known.
    """
    from difflib import get_close_matches

    names = sorted(set(known))
    if not names:
        return "None is known here; leave it out."
    close = get_close_matches(word.lower(), [name.lower() for name in names], n=1, cutoff=0.6)
    original = next((name for name in names if close and name.lower() == close[0]), None)
    guess = f"Did you mean '{original}'? " if original else ""
    shown = ", ".join(names[:most]) + (f" and {len(names) - most:,} more" if len(names) > most else "")
    return f"{guess}Known: {shown}."
