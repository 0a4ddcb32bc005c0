"""Errors as words or as JSON records on stderr, and the exit status that goes with each."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar, NoReturn

import click

from engine.cli.lines import columns, folded
from engine.errors import ApportionError, BadInput, EnvironmentFailed, Fault, Interrupted

_HEADINGS = {2: "fault", 3: "conflict", 6: "contradiction"}


class Terminated(KeyboardInterrupt):
    """SIGTERM: stop as with Ctrl-C, and end with status 143."""

    came: ClassVar[bool] = False
    """Whether this process was told to end; a solve may have made another interruption of it on the way."""

    @classmethod
    def now(cls) -> Terminated:
        """Return the exception, and remember that it came."""
        cls.came = True
        return cls()


@contextmanager
def report_errors(form: str) -> Iterator[None]:
    """Print every fault of an error of ours and end with its status; let bugs show themselves."""
    try:
        yield
    except MemoryError:
        _tell(
            EnvironmentFailed("memory ran out", hint="Use fewer replications or a larger machine."), form, 8
        )
    except KeyboardInterrupt as stop:
        _tell(Interrupted("stopped; nothing was written"), form, 143 if isinstance(stop, Terminated) else 130)
    except Interrupted as error:
        _tell(error, form, 143 if Terminated.came or isinstance(error.__context__, Terminated) else 130)
    except ApportionError as error:
        _tell(error, form, error.exit_status)


def report_usage(error: click.ClickException, *, as_json: bool) -> NoReturn:
    """Tell that the command was called wrongly, and end with status 2."""
    if as_json:
        _tell(BadInput([Fault("E_USAGE", error.format_message(), "See apportion --help.")]), "json", 2)
    error.show()
    sys.exit(2)


def _tell(error: ApportionError, form: str, status: int) -> None:
    if form == "json":
        for fault in error.faults:
            click.echo(json.dumps(fault.record(), ensure_ascii=True), err=True)
    else:
        width = (
            columns() if sys.stderr.isatty() else 0
        )  # without a terminal lines stay whole for who searches them
        for line in worded(error.faults, status):
            click.echo(folded(line, width), err=True)
    sys.exit(status)


def worded(faults: tuple[Fault, ...], status: int) -> list[str]:
    """Return the faults as lines: place, field and words, then the advice below."""
    lines = []
    if status in _HEADINGS:
        noun = _HEADINGS[status]
        lines.append(f"{len(faults)} {noun}{'s' if len(faults) != 1 else ''}; nothing was written.")
    for fault in faults:
        place = (
            fault.file
            + (f":{fault.line}" if fault.line else "")
            + (f":{fault.column}" if fault.column else "")
        )
        where = ": ".join(part for part in (_printable(place), _printable(fault.field)) if part)
        text = _printable(fault.message) + (f"  [{fault.code}]" if fault.code else "")
        lines.append(f"  {where}" if where else f"  {text}")
        if where:
            lines.append(f"      {text}")
        if fault.hint:
            lines.append(f"      {_printable(fault.hint)}")
    return lines


def _printable(text: str) -> str:
    return "".join(
        char if char.isprintable() or char == "\n" else f"\\u{ord(char):04x}" for char in text
    ).replace("\n", "\n      ")
