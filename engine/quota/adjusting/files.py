"""Files of adjusted quotas, read once beside the tables of the scenario into `Inputs.adjusted`.

row of a .csv                        one quota that is held
cell of a workbook of a run          a quota that is held, where it is not what the run wrote
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import numpy as np

from engine.adjusted import NONE, Adjusted
from engine.amounts import AmountError, money, to_minor
from engine.data.delimited import read_csv
from engine.data.earlier_run import content_of, is_run
from engine.data.files import Files
from engine.errors import BadInput, Fault, did_you_mean
from engine.inputs import Inputs
from engine.quota.tree import levels_of

if TYPE_CHECKING:
    from engine.data.raw import Raw
    from engine.quota.adjusting.spec import AdjustmentFile
    from engine.quota.spec import QuotaSpec

KEYS = ("rep", "node", "product", "period")
WANTED = (*KEYS, "quota", "reason")
SHEETS = {"quotas": ("rep", "product", "period"), "quota_reps": ("rep",)}
"""Sheets of a run's workbook that may be edited, and what a row of each is known by."""
Row = tuple[str, str, str, str, int, str, str]
"""File, seat or node, product, period, amount, place and reason."""
SHOWN = 10
"""Faults of one file that are told one by one."""
EVERY = {"", "all"}
YEAR = {"", "year"}


def with_adjustments(inputs: Inputs, spec: QuotaSpec, base: Path, roots: Sequence[Path] = ()) -> Inputs:
    """Read the files of adjusted quotas that a scenario names.

    Raises:
        BadInput: every file that cannot be read, and every row that names what is not there, an amount that is none,
            or a quota twice; each with file, row and column.

    """
    if not spec.adjustments:
        return inputs
    files, rows = Files(base, roots), list[Row]()
    faults: list[Fault] = []
    for index, given in enumerate(spec.adjustments):
        try:
            found = _Rows(inputs, spec, given.file)
            for raw, before in _sheets(given, files, f"quotas.adjustments[{index}]"):
                found.judge(raw, before)
        except BadInput as error:
            faults += error.faults
            continue
        rows += found.kept
        faults += found.told()
    if faults:
        raise BadInput(faults)
    columns = list(zip(*rows, strict=True)) or [()] * 7
    file, name, product, period, amount, place, reason = columns
    adjusted = Adjusted(
        tuple(file), tuple(name), tuple(product), tuple(period), np.array(amount, dtype=np.int64),
        tuple(place), tuple(reason),
    )  # fmt: skip
    sources = tuple(sorted({*inputs.sources, *files.sources}))
    return replace(inputs, sources=sources, adjusted=adjusted)


def _sheets(given: AdjustmentFile, files: Files, where: str) -> Iterable[tuple[Raw, Raw | None]]:
    """Yield the tables of a file, each with what the run wrote of it: None where every row is an adjustment."""
    data, suffix = files.read(given.file, f"{where}.file"), PurePosixPath(given.file).suffix.lower()
    if suffix == ".csv":
        raw = read_csv(data, given.file, WANTED)
        _demand(raw, ("quota",), "Name its columns rep (or node), product, period, quota and reason.")
        if not {"rep", "node"} & set(raw.columns):
            _demand(raw, ("rep",), "Name its columns rep (or node), product, period, quota and reason.")
        yield raw, None
        return
    if suffix != ".xlsx":
        message = f"'{given.file}' is no table of quotas"
        hint = "Give a .csv, or the .xlsx of a run."
        raise BadInput([Fault("E_PATH_KIND", message, hint, field=f"{where}.file")])
    from engine.data.workbook import read_workbook

    run = given.run or str(PurePosixPath(given.file).parent)
    if not given.run and not is_run(run, files):
        message = f"'{given.file}' does not lie in the folder of a run, so nobody can say what was edited"
        raise BadInput(
            [Fault("E_RUN", message, "Name the folder of its run with run:.", field=f"{where}.run")]
        )
    for sheet, keys in SHEETS.items():
        raw = read_workbook(data, given.file, sheet, WANTED)
        _demand(raw, (*keys, "quota"), "Leave the header of the sheet as the run wrote it.")
        table = f"tables/{sheet}.csv"
        lacks = ("has no quotas", "Name a run that got past its quotas.")
        wrote = content_of(run, table, files, f"{where}.run", lacks, "Run it again; edit the workbook alone.")
        yield raw, read_csv(wrote, f"{run}/{table}", WANTED)


def _demand(raw: Raw, names: Iterable[str], hint: str) -> None:
    missing = [name for name in names if name not in raw.columns]
    if missing:
        raise BadInput(
            Fault("E_CSV_HEADER", f"column '{name}' is missing", hint, file=raw.file, line=1, field=name)
            for name in missing
        )


@dataclass
class _Rows:
    """The rows of one file: those that are held, and what is wrong with the others."""

    inputs: Inputs
    spec: QuotaSpec
    file: str
    kept: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    seen: dict[tuple[str, ...], str] = field(default_factory=dict)

    def judge(self, raw: Raw, before: Raw | None) -> None:
        """Go through the rows in their order."""
        wrote = {} if before is None else {key: text for key, text, _ in _cells(before)}
        for row, (key, text, reason) in enumerate(_cells(raw)):
            amount = self._amount(raw, row, text)
            if amount is None and (before is None or key in wrote):
                self._named(raw, row, key)
            if amount is None:
                continue
            if before is not None:
                if key not in wrote:
                    self._fault(
                        raw,
                        row,
                        "rep",
                        "E_REFERENCE",
                        f"the run has no quota of {_told(key)}",
                        "Leave the keys.",
                    )
                    continue
                if amount == self._minor(wrote[key]):
                    continue
            if self._named(raw, row, key) and self._filled(raw, row, key, amount):
                name, product, period = key
                place = f"{raw.file} {raw.place(row, 'quota')}"
                self.kept.append((self.file, name, product, period, amount, place, reason))

    def _minor(self, text: str) -> int:
        return NONE if not text.strip() else to_minor(money(text.strip()), self.inputs.currency)

    def _amount(self, raw: Raw, row: int, text: str) -> int | None:
        try:
            amount = self._minor(text)
        except AmountError as error:
            self._fault(raw, row, "quota", error.code, str(error), error.hint)
            return None
        if amount < 0 and text.strip():
            self._fault(raw, row, "quota", "E_RANGE", f"a quota of {text} is negative", "Give at least 0.")
            return None
        return amount

    def _named(self, raw: Raw, row: int, key: tuple[str, str, str]) -> bool:
        if not key[0]:
            hint = "Name a seat under `rep`, or a region or district under `node`."
            self._fault(raw, row, "rep", "E_REQUIRED", "nobody is named", hint)
            return False
        known = self._known(raw, row, key)
        return self._new(raw, row, key) and known

    def _known(self, raw: Raw, row: int, key: tuple[str, str, str]) -> bool:
        name, product, period = key
        count, reps = len(self.faults), self.inputs.reps
        nodes = [node for level in levels_of(self.inputs, self.spec) for node in reps.levels.get(level, ())]
        products, labels = self.inputs.products.id, self.inputs.calendar.labels
        for column, word, what, known in (
            ("rep", name, "seat or node", [*reps.id, *nodes]),
            ("product", product, "product", ["", *products]),
            ("period", period, "period of the plan", ["", *labels]),
        ):
            if word not in known:
                hint = did_you_mean(word, [each for each in dict.fromkeys(known) if each])
                self._fault(raw, row, column, "E_REFERENCE", f"no {what} is called '{word}'", hint)
        if name in nodes and name not in reps.id and (product or period):
            message, hint = (
                f"the quota of {name} is that of the whole plan",
                "Fix a product or period of seats.",
            )
            self._fault(raw, row, "product" if product else "period", "E_UNSUPPORTED", message, hint)
        return count == len(self.faults)

    def _new(self, raw: Raw, row: int, key: tuple[str, str, str]) -> bool:
        place = f"{raw.file} {raw.place(row, 'quota')}"
        first = self.seen.setdefault(key, place)
        if first != place:
            message = f"the quota of {_told(key)} stands in {first} already"
            self._fault(raw, row, "quota", "E_DUPLICATE_ID", message, "Keep one row.")
        return first == place

    def _filled(self, raw: Raw, row: int, key: tuple[str, str, str], amount: int) -> bool:
        if amount != NONE or (key[0] in self.inputs.reps.id and not key[1] and not key[2]):
            return True
        message, hint = f"the quota of {_told(key)} is blank", "Give an amount, 0 for nothing."
        self._fault(raw, row, "quota", "E_REQUIRED", message, hint)
        return False

    def _fault(self, raw: Raw, row: int, column: str, code: str, message: str, hint: str) -> None:
        place = raw.place(row, column)
        self.faults.append(
            Fault(code, f"{place}: {message}", hint, file=raw.file, line=row + 2, field=column)
        )

    def told(self) -> list[Fault]:
        """Return the first faults, and how many more there are."""
        more = len(self.faults) - SHOWN
        if more <= 0:
            return self.faults
        rest = Fault("E_REFERENCE", f"{more:,} further rows cannot be read", file=self.file)
        return [*self.faults[:SHOWN], rest]


def _cells(raw: Raw) -> list[tuple[tuple[str, str, str], str, str]]:
    """Return key, quota and reason of every row as text; the key is seat or node, product, period."""
    blank = [""] * raw.rows
    columns = {name: raw.columns[name].to_pylist() if name in raw.columns else blank for name in WANTED}
    found = []
    for row in range(raw.rows):
        cell = {name: _bare(str(columns[name][row])) for name in WANTED}
        product = "" if cell["product"] in EVERY else cell["product"]
        period = "" if cell["period"] in YEAR else cell["period"]
        found.append(((cell["rep"] or cell["node"], product, period), cell["quota"], cell["reason"]))
    return found


def _bare(text: str) -> str:
    """Return a cell without the apostrophe that a spreadsheet's copy of a table may carry in front of it."""
    return text.strip().removeprefix("'")


def _told(key: tuple[str, str, str]) -> str:
    return ", ".join(part for part in key if part)
