"""Budget: what comp was expected to cost, to hold the year against as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field, model_validator

from engine import amounts
from engine.blocks import Block
from engine.budgeted import Budgeted
from engine.errors import BadInput, Fault
from engine.fields import FilePath, Money, refuse
from engine.inputs import Inputs

if TYPE_CHECKING:
    from engine.data.files import Files

YEAR = "year"
"""Period of an amount for the whole plan."""
FIGURES = ("total", "variable")
COST = "tables/cost.parquet"
_FIELD = "comp.budget"


class Amounts(Block):
    """An amount for the whole plan, or one for each of its periods."""

    year: Money | None = Field(default=None, ge=0)
    """Amount for the whole plan."""
    periods: tuple[Money, ...] = ()
    """Amounts of the periods, in order; the whole plan has their sum."""

    @model_validator(mode="after")
    def _one(self) -> Amounts:
        if (self.year is None) == (not self.periods):
            raise refuse("E_REQUIRED", "needs either year or periods", "For example year: 12M.")
        if any(amount < 0 for amount in self.periods):
            raise refuse("E_RANGE", "a budget below 0", "Give amounts of 0 or more.")
        return self


class BudgetSpec(Block):
    """What comp was expected to cost, for the outlook of a scenario with `as_of`: an earlier run, or amounts."""

    run: FilePath = ""
    """Folder of a finished run of the same plan: the P50 of its comp cost in the year, shared out among the periods as
    their own P50s are. The P50s of periods do not add up to that of the year, since their good and bad luck evens out;
    the periods of a budget do."""
    total: Amounts | None = None
    """Salary and variable pay."""
    variable: Amounts | None = None
    """Variable pay alone."""

    @model_validator(mode="after")
    def _one_source(self) -> BudgetSpec:
        given = self.total is not None or self.variable is not None
        if given == bool(self.run):
            raise refuse(
                "E_REQUIRED", "needs either a run, or amounts", "For example run: ../runs/annual_plan."
            )
        return self


def budgeted(inputs: Inputs, spec: BudgetSpec | None, base: Path, roots: Sequence[Path] = ()) -> Inputs:
    """Return the inputs with the budget; a run folder keeps it, so that it can be verified by itself.

    Args:
        inputs: calendar and currency.
        spec: where the budget comes from; None for no budget.
        base: folder of the scenario, below which the run lies.
        roots: further folders granted by the user.

    Raises:
        BadInput: amounts that do not fit the periods; no such run, or one of other periods or another currency.

    """
    if spec is None:
        return inputs
    if not spec.run:
        return replace(inputs, budget=_given(inputs, spec))
    from engine.data.files import Files

    files = Files(base, roots)
    found = _of_run(inputs, spec.run, files)
    return replace(inputs, budget=found, sources=tuple(sorted({*inputs.sources, *files.sources})))


def _given(inputs: Inputs, spec: BudgetSpec) -> Budgeted:
    labels, rows, faults = inputs.calendar.labels, list[tuple[str, str, int]](), list[Fault]()
    for figure in FIGURES:
        part: Amounts | None = getattr(spec, figure)
        if part is None:
            continue
        if part.periods and len(part.periods) != len(labels):
            message = f"{len(part.periods)} amounts for {len(labels)} periods"
            where = f"{_FIELD}.{figure}.periods"
            faults.append(Fault("E_RANGE", message, "Give one per period, or one for the year.", field=where))
        minor = [amounts.to_minor(amount, inputs.currency) for amount in part.periods]
        whole = sum(minor) if part.year is None else amounts.to_minor(part.year, inputs.currency)
        rows += [(figure, label, amount) for label, amount in zip(labels, minor, strict=False)]
        rows.append((figure, YEAR, whole))
    if faults:
        raise BadInput(faults)
    return _rows(rows)


def _of_run(inputs: Inputs, run: str, files: Files) -> Budgeted:
    """Return the P50 of an earlier run's comp cost."""
    from engine.data.earlier_run import content_of, manifest_of
    from engine.data.earlier_run import refuse as refuse_run
    from engine.data.parquet import read_parquet

    where, wanted = f"{_FIELD}.run", ("plan", "period", "figure", "p50")
    said = manifest_of(run, files, where)
    if said.get("periods") != list(inputs.calendar.labels):
        raise refuse_run(f"the run in '{run}' plans other periods", "Name a run of the same year.", where)
    if said.get("currency") != inputs.currency:
        raise refuse_run(f"the run in '{run}' plans in another currency", "Name a run of this plan.", where)
    lacks = ("has no comp cost", "Name a complete run.")
    data = content_of(run, COST, files, where, lacks, "Run it again.")
    columns = read_parquet(data, f"{run.rstrip('/')}/{COST}", wanted).columns
    cells = zip(*(columns[name].to_pylist() for name in wanted), strict=True)
    told = {
        (str(figure), str(period)): round(float(p50)) for plan, period, figure, p50 in cells if plan == "all"
    }
    rows: list[tuple[str, str, int]] = []
    for figure in FIGURES:
        year, periods = told[figure, YEAR], [told[figure, label] for label in inputs.calendar.labels]
        rows += [(figure, *cell) for cell in zip(inputs.calendar.labels, _shared(year, periods), strict=True)]
        rows.append((figure, YEAR, year))
    return _rows(rows)


def _shared(year: int, periods: Sequence[int]) -> list[int]:
    """Return whole amounts in proportion to those of periods that add up to that of the year."""
    total = sum(periods)
    to_date = [year * so_far // total if total else 0 for so_far in accumulate(periods)]
    return [b - a for a, b in pairwise([0, *to_date])]


def _rows(rows: Sequence[tuple[str, str, int]]) -> Budgeted:
    figures, periods, minor = zip(*rows, strict=True)
    return Budgeted(figures, periods, np.array(minor, dtype=np.int64))
