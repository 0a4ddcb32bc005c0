"""Verdicts: what is said of the rows of all tables, as faults that refuse the input or findings that are counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.errors import BadInput, Fault
from engine.inputs import Finding

SHOWN = 5
"""Examples given of each kind of fault or finding."""


@dataclass
class Verdicts:
    """Collects, so that one reading shows everything."""

    faults: list[Fault] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def find(self, table: str, what: str, rows: int, action: str, examples: Sequence[str] = ()) -> None:
        """Count something; nothing is said of no rows."""
        if rows:
            self.findings.append(Finding(table, what, rows, action, tuple(examples[:SHOWN])))

    def settle(self) -> tuple[Finding, ...]:
        """Return the findings.

        Raises:
            BadInput: there are faults.

        """
        if self.faults:
            raise BadInput(self.faults)
        return tuple(self.findings)


def listed(examples: Sequence[str], rows: int) -> str:
    """Put examples into a sentence: `a, b and 3 more`."""
    shown = ", ".join(examples[:SHOWN])
    return shown + (f" and {rows - SHOWN:,} more" if rows > SHOWN else "")
