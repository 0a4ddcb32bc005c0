"""What people fixed in files: locks from a table or from an edited workbook, and the plan to start from.

The files are read once, beside the tables of the scenario, into `Inputs.edits` and `Inputs.start`; a run folder keeps
both, so that it can be verified by itself.

    lock (i, j)     for each row (i, j) of a .csv
                    for each row (i, j) of the sheet `alignment` of a workbook whose run had i with another seat
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import BadInput, Fault, did_you_mean
from engine.inputs import Edits, Inputs
from engine.territory.constraints.lock import Lock
from engine.territory.edits.spec import lock_rules

if TYPE_CHECKING:
    from engine.data.files import Files
    from engine.data.raw import Raw
    from engine.territory.spec import TerritorySpec

SHEET = "alignment"
SHOWN = 10
"""Faults of one file that are told one by one."""


def with_edits(inputs: Inputs, spec: TerritorySpec, base: Path, roots: Sequence[Path] = ()) -> Inputs:
    """Read the files that the territories of a scenario name.

    Args:
        inputs: the tables of the scenario.
        spec: its territories.
        base: folder of the scenario, below which the files lie.
        roots: further folders granted by the user.

    Raises:
        BadInput: every file that cannot be read, and every row that names an unknown account or seat, or an account
            twice, each with file, row and column.

    """
    rules = (*spec.constraints, *lock_rules(spec.locks))
    locks = [(rule.place(k), rule) for k, rule in enumerate(rules) if isinstance(rule, Lock) and rule.file]
    if not locks and not spec.start:
        return inputs
    from engine.data.files import Files

    files = Files(base, roots)
    gathered = _Gathered(inputs, files)
    for place, rule in locks:
        gathered.take(rule, place)
    start = gathered.started(spec.start) if spec.start else None
    if gathered.faults:
        raise BadInput(gathered.faults)
    sources = tuple(sorted({*inputs.sources, *files.sources}))
    edits = gathered.edits() if locks else None
    return replace(inputs, sources=sources, edits=edits, start=start)


@dataclass
class _Gathered:
    inputs: Inputs
    files: Files
    rows: list[tuple[str, int, int, str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def take(self, rule: Lock, where: str) -> None:
        """Add the locks of one file, or its faults."""
        try:
            sheet, before = _read(rule, self.files, where)
        except BadInput as error:
            self.faults += error.faults
            return
        judged = _Judged(self.inputs, sheet, before)
        judged.judge()
        self.rows += [(rule.file, *row) for row in judged.kept]
        self.faults += judged.told()

    def started(self, run: str) -> np.ndarray | None:
        """Return the seat of each account in the run to start from, -1 where it has none that is still there."""
        from engine.territory.edits.run import alignment_of

        where = "territories.start"
        try:
            before = alignment_of(run, self.files, where)
        except BadInput as error:
            self.faults += error.faults
            return None
        seat = {name: j for j, name in enumerate(self.inputs.reps.id)}
        found = [seat.get(before.get(account, ""), -1) for account in self.inputs.accounts.id]
        if max(found, default=-1) < 0:
            message = f"the run in '{run}' gives none of these accounts to one of these seats"
            self.faults.append(Fault("E_RUN", message, "Name a run of the same company.", field=where))
        return np.array(found, dtype=np.int64)

    def edits(self) -> Edits:
        """Return the locks of all files as arrays."""
        columns = list(zip(*self.rows, strict=True)) or [()] * 5
        file, account, rep, place, reason = columns
        return Edits(
            file=tuple(file),
            account=np.array(account, dtype=np.int64),
            rep=np.array(rep, dtype=np.int64),
            place=tuple(place),
            reason=tuple(reason),
        )


def _read(rule: Lock, files: Files, where: str) -> tuple[Raw, dict[str, str] | None]:
    """Return the rows of a file, and the alignment they are compared with: None where every row is a lock."""
    wanted = ("account", "rep", "reason")
    data = files.read(rule.file, f"{where}.file")
    run, suffix = rule.run, PurePosixPath(rule.file).suffix.lower()
    if suffix == ".xlsx":
        from engine.data.workbook import read_workbook

        run = run or _home(rule, files, where)
        raw = read_workbook(data, rule.file, SHEET, wanted)
    elif suffix == ".csv":
        from engine.data.delimited import read_csv

        raw = read_csv(data, rule.file, wanted)
    else:
        message = f"'{rule.file}' is no table of locks"
        raise BadInput(
            [Fault("E_PATH_KIND", message, "Give a .csv, or the .xlsx of a run.", field=f"{where}.file")]
        )
    missing = [name for name in wanted[:2] if name not in raw.columns]
    if missing:
        hint = (
            f"Name its columns account, rep and, if you like, reason. {did_you_mean(missing[0], raw.header)}"
        )
        raise BadInput(
            Fault("E_CSV_HEADER", f"column '{name}' is missing", hint, file=raw.file, line=1, field=name)
            for name in missing
        )
    if not run:
        return raw, None
    from engine.territory.edits.run import alignment_of

    return raw, alignment_of(run, files, f"{where}.run")


def _home(rule: Lock, files: Files, where: str) -> str:
    """Return the folder of a workbook when it holds the run that wrote it."""
    from engine.data.earlier_run import is_run

    folder = str(PurePosixPath(rule.file).parent)
    if not is_run(folder, files):
        message = f"'{rule.file}' does not lie in the folder of a run, so nobody can say what was edited"
        raise BadInput(
            [Fault("E_RUN", message, "Name the folder of its run with run:.", field=f"{where}.run")]
        )
    return folder


class _Judged:
    """The rows of one file: those that lock, and what is wrong with the others."""

    def __init__(self, inputs: Inputs, raw: Raw, before: dict[str, str] | None) -> None:
        self.raw, self.before = raw, before
        self.account = {name: i for i, name in enumerate(inputs.accounts.id)}
        self.rep = {name: j for j, name in enumerate(inputs.reps.id)}
        self.kept: list[tuple[int, int, str, str]] = []
        self.faults: list[Fault] = []
        self.seen: dict[str, int] = {}

    def judge(self) -> None:
        """Go through the rows in their order."""
        account, rep = (self.raw.columns[name].to_pylist() for name in ("account", "rep"))
        reason = self.raw.columns["reason"].to_pylist() if "reason" in self.raw.columns else [""] * len(rep)
        for row, (who, seat, why) in enumerate(zip(account, rep, reason, strict=True)):
            self._row(row, _bare(who, self.account), _bare(seat, self.rep), why.strip())

    def _row(self, row: int, who: str, seat: str, why: str) -> None:
        if who in self.seen and who:
            first = self.raw.place(self.seen[who], "account")
            self._fault(
                row,
                "account",
                "E_DUPLICATE_ID",
                f"account '{who}' stands in {first} already",
                "Keep one row.",
            )
            return
        self.seen[who] = row
        known = who in self.account if self.before is None else who in self.before
        if not known:
            whose = self.account if self.before is None else self.before
            self._fault(
                row, "account", "E_REFERENCE", f"no account has the id '{who}'", did_you_mean(who, whose)
            )
        elif self.before is not None and self.before[who] == seat:
            return
        elif who not in self.account:
            message = f"account '{who}' was edited, but this scenario has no such account"
            self._fault(row, "account", "E_REFERENCE", message, did_you_mean(who, self.account))
        elif seat not in self.rep:
            message = (
                f"account '{who}' goes to '{seat}', which is no seat"
                if seat
                else f"account '{who}' has no seat"
            )
            self._fault(row, "rep", "E_REFERENCE", message, did_you_mean(seat, self.rep))
        else:
            place = f"{self.raw.file} {self.raw.place(row, 'rep')}"
            self.kept.append((self.account[who], self.rep[seat], place, why))

    def _fault(self, row: int, column: str, code: str, message: str, hint: str) -> None:
        shown = f"{self.raw.place(row, column)}: {message}"
        self.faults.append(Fault(code, shown, hint, file=self.raw.file, line=row + 2, field=column))

    def told(self) -> Iterable[Fault]:
        """Return the first faults, and how many more there are."""
        more = len(self.faults) - SHOWN
        if more <= 0:
            return self.faults
        return [
            *self.faults[:SHOWN],
            Fault("E_REFERENCE", f"{more:,} further rows cannot be read", file=self.raw.file),
        ]


def _bare(text: str, known: dict[str, int]) -> str:
    """Return an id without the apostrophe that a spreadsheet's copy of a table may carry in front of it."""
    return text[1:] if text not in known and text[:1] == "'" and text[1:] in known else text
