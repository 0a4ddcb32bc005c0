"""Draft: a model while it is built, from what, and with which faults so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from engine import amounts
from engine.errors import Fault, did_you_mean
from engine.inputs import Inputs, IntArray
from engine.pipeline.build.law_tables import LawTables
from engine.pipeline.layout import TICKS
from engine.pipeline.process import Changes, Place
from engine.pipeline.spec import PipelineSpec


@dataclass(frozen=True)
class Draft:
    """What the parts of a model are built from."""

    inputs: Inputs
    rep_of: IntArray
    """Seat of each account, shape (account,)."""
    spec: PipelineSpec
    changes: Changes = field(default_factory=Changes)
    tables: LawTables = field(default_factory=LawTables)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    """What is odd, but simulated as it stands."""

    @property
    def segments(self) -> tuple[str, ...]:
        """Segments in order; one more index, the last, is for deals without an account."""
        return self.inputs.accounts.segments

    @property
    def sources(self) -> tuple[str, ...]:
        """Sources of leads."""
        return tuple(self.spec.leads_by_source)

    @cached_property
    def segment_of(self) -> IntArray:
        """Index of each account's segment, and that of no account behind the last; shape (account + 1,)."""
        index = {segment: place for place, segment in enumerate(self.segments)}
        own = [index[segment] for segment in self.inputs.accounts.segment]
        return np.array([*own, len(index)], dtype=np.int64)

    @property
    def start(self) -> int:
        """Day of the plan from which the future is simulated: 0, or that of `as_of`."""
        plan = self.inputs.calendar
        return int((plan.today - plan.start).astype(int))

    @property
    def minor(self) -> int:
        """Minor units per currency unit."""
        return int(10 ** amounts.decimals(self.inputs.currency))

    def asked_for(self, segment: str, product: str) -> bool:
        """Return whether leads of a segment may be about a product."""
        weights = self.spec.mix_by_segment.get(segment, self.spec.mix)
        return not weights or weights.get(product, 0) > 0

    def tick(self, day: float) -> int:
        """Return a day of the plan in ticks."""
        return round(day * TICKS)

    def node_of(self, level: str | None) -> IntArray:
        """Return the node of each seat on a level, numbered; one for all where there is no level; shape (rep,)."""
        nodes = self.inputs.reps.levels.get(level or "", ("",) * len(self.inputs.reps))
        index = {node: place for place, node in enumerate(sorted(set(nodes)))}
        return np.array([index[node] for node in nodes], dtype=np.int64)

    def run_processes(self) -> None:
        """Collect what the processes change."""
        stages = tuple(stage.name for stage in self.spec.stages)
        for place, process in enumerate(self.spec.processes):
            where = f"pipeline.processes[{place}]"

            def refuse(code: str, message: str, hint: str, below: str, where: str = where) -> None:
                self.refuse(code, message, hint, f"{where}.{below}")

            def unknown(
                names: Iterable[str], known: Iterable[str], what: str, below: str, where: str = where
            ) -> None:
                self.refuse_unknown(names, known, what, f"{where}.{below}")

            def warn(code: str, message: str, hint: str, below: str, where: str = where) -> None:
                self.warn(code, message, hint, f"{where}.{below}")

            process.change(
                self.changes, Place(self.inputs, self.segments, self.sources, stages, refuse, unknown, warn)
            )

    def refuse(self, code: str, message: str, hint: str, where: str) -> None:
        """Add a fault of the field `where`."""
        self.faults.append(Fault(code, message, hint, field=where))

    def warn(self, code: str, message: str, hint: str, where: str) -> None:
        """Add something odd about the field `where`."""
        self.warnings.append(Fault(code, message, hint, field=where))

    def refuse_unknown(self, names: Iterable[str], known: Iterable[str], what: str, where: str) -> None:
        """Add a fault for every name that is not known."""
        there = tuple(known)
        for name in names:
            if name not in there:
                self.refuse("E_REFERENCE", f"no {what} is called '{name}'", did_you_mean(name, there), where)
