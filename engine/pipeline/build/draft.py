"""Draft: a model while it is built, from what, and with which faults so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.errors import Fault, did_you_mean
from engine.inputs import Inputs, IntArray
from engine.pipeline.build.law_tables import LawTables
from engine.pipeline.spec import PipelineSpec


@dataclass(frozen=True)
class Draft:
    """What the parts of a model are built from."""

    inputs: Inputs
    rep_of: IntArray
    """Seat of each account, shape (account,)."""
    spec: PipelineSpec
    tables: LawTables = field(default_factory=LawTables)
    faults: list[Fault] = field(default_factory=list)

    @property
    def segments(self) -> tuple[str, ...]:
        """Segments in order; one more index, the last, is for deals without an account."""
        return self.inputs.accounts.segments

    def refuse(self, code: str, message: str, hint: str, where: str) -> None:
        """Add a fault of the field `where`."""
        self.faults.append(Fault(code, message, hint, field=where))

    def refuse_unknown(self, names: Iterable[str], known: Iterable[str], what: str, where: str) -> None:
        """Add a fault for every name that is not known."""
        there = tuple(known)
        for name in names:
            if name not in there:
                self.refuse("E_REFERENCE", f"no {what} is called '{name}'", did_you_mean(name, there), where)
