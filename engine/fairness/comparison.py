"""What a comparison says: its tables, and the summary for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.columns import Column, Table
from engine.estimates import wilson
from engine.fairness import run
from engine.fairness.book import ALL

if TYPE_CHECKING:
    import pandas as pd

    from engine.fairness.compare import Judged
    from engine.inputs import Inputs
    from engine.scenario import Scenario

SIMULATED, HAPPENED = "simulated", "happened"
WORDS = {SIMULATED: "in fresh simulated years", HAPPENED: "by what then happened"}
"""Sorts of years that methods are judged by."""
WIDE, LABEL, CELL = 80, 30, 10
"""Columns of the terminal, of the names of figures, and of a method."""
MARKS = {"pass": "+", "fail": "-", "unclear": "?", "told": " "}

_METHODS = (
    Column("method", "text", "Method or blend, as it was asked for."),
    Column("made_of", "text", "Methods in it with their weights."),
    Column("street", "money", "Street quota, the sum of all seats."),
    Column(
        "worst", "ratio", "Worst relative deviation of a seat from its target, by bounds, steps and sums."
    ),
    Column("gap", "ratio", "Gap of that deviation against its proven bound."),
    Column("passed", "whole", "Figures of all seats that pass, of simulated years."),
    Column("failed", "whole", "Figures that fail."),
    Column("unclear", "whole", "Figures whose interval reaches over a limit."),
    Column("refused", "text", "Why it has no quotas; blank where it has."),
)
_QUOTAS = (
    Column("method", "text", "Method or blend."),
    Column("rep", "text", "Seat."),
    Column("quota", "money", "Quota for the whole plan."),
    Column("chance", "ratio", "Share of fresh replications in which the seat makes it; blank for no quota."),
    Column("low", "ratio", "Lower end of its 95 % interval (Wilson)."),
    Column("high", "ratio", "Upper end of its 95 % interval."),
)
_FAIRNESS = (
    Column("method", "text", "Method or blend."),
    Column("years", "text", "`simulated` in fresh replications, or `happened`."),
    *run.COLUMNS,
)


def tables(inputs: Inputs, judged: Sequence[Judged], replications: int) -> tuple[Table, ...]:
    """Return fairness_comparison, compared_methods and compared_quotas."""
    return _fairness(judged), _methods(judged), _quotas(inputs, judged, replications)


def facts(scenario: Scenario, replications: int, *, past: bool) -> str:
    """Return the line below the title."""
    said = (
        f"judged in {replications:,} fresh replications, seed {scenario.seed}, money in {scenario.currency}"
    )
    return f"{said}, and by what then happened" if past else said


def _fairness(judged: Sequence[Judged]) -> Table:
    import pandas as pd

    parts = []
    for one in judged:
        for years, rows in ((SIMULATED, one.rows), (HAPPENED, one.past)):
            frame = run.table(rows).frame
            frame.insert(0, "method", one.candidate.name)
            frame.insert(1, "years", years)
            parts.append(frame)
    meaning = "Tests of fairness of every method, on all seats and by group."
    return Table("fairness_comparison", _FAIRNESS, pd.concat(parts, ignore_index=True), meaning)


def _methods(judged: Sequence[Judged]) -> Table:
    rows = []
    for one in judged:
        counts = [
            sum(row.by == ALL and row.finding.verdict == word for row in one.rows)
            for word in ("pass", "fail", "unclear")
        ]
        first = one.solves[0] if one.solves else None
        worst, gap = (first.objective, first.gap) if first is not None else (float("nan"), float("nan"))
        made_of = one.candidate.words
        rows.append((one.candidate.name, made_of, int(one.quota.sum()), worst, gap, *counts, one.refused))
    return Table("compared_methods", _METHODS, _frame(_METHODS, rows), "The methods that are compared.")


def _quotas(inputs: Inputs, judged: Sequence[Judged], replications: int) -> Table:
    rows = []
    for one in judged:
        for seat, quota, chance in zip(inputs.reps.id, one.quota.tolist(), one.chance.tolist(), strict=False):
            ends = (
                wilson(round(chance * replications), replications)
                if isfinite(chance)
                else (float("nan"), float("nan"))
            )
            rows.append((one.candidate.name, seat, quota, chance, *ends))
    return Table(
        "compared_quotas", _QUOTAS, _frame(_QUOTAS, rows), "Quotas of every method, and their chances."
    )


def _frame(columns: Sequence[Column], rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    import pandas as pd

    kinds: dict[str, Any] = {"money": np.int64, "ratio": np.float64, "text": object, "whole": np.int64}
    frame = pd.DataFrame(rows, columns=[column.name for column in columns])
    return frame.astype({column.name: kinds[column.type] for column in columns})


def summary(name: str, made: Sequence[Table]) -> str:
    """Return what the command says: the methods, and every figure of all seats for each, at most 80 columns wide."""
    frames = {table.name: table.frame for table in made}
    methods, every = frames["compared_methods"], frames["fairness_comparison"]
    lines = [f"{name}: methods of quotas compared", ""]
    letters = {method: chr(65 + index % 26) for index, method in enumerate(methods["method"])}
    for _, row in methods.iterrows():
        what = row["refused"] or row["made_of"]
        lines.append(_cut(f"  {letters[row['method']]}  {row['method']:<20} {what}"))
    kept = [method for method, why in zip(methods["method"], methods["refused"], strict=True) if not why]
    for years, title in WORDS.items():
        part = every[(every["years"] == years) & (every["by"] == ALL)]
        if part.empty:
            continue
        for first in range(0, len(kept), (WIDE - LABEL) // CELL):
            shown = kept[first : first + (WIDE - LABEL) // CELL]
            head = "".join(f"{letters[method] + '  ':>{CELL}}" for method in shown)
            lines += ["", f"{title:<{LABEL}}{head}".rstrip(), *_block(part, shown)]
    lines += ["", "+ fair, - not fair, ? not clear, none: no limit is set. Limits: quotas.fairness"]
    wrapped = [textwrap.fill(sentence, WIDE, subsequent_indent="  ") for sentence in best(every)]
    return "\n".join([*lines, *wrapped])


def _block(part: pd.DataFrame, shown: Sequence[str]) -> Iterable[str]:
    cells = {(row.method, row.test, row.figure): row for row in part.itertuples()}
    for test, figure in dict.fromkeys(zip(part["test"], part["figure"], strict=True)):
        found = [cells.get((method, test, figure)) for method in shown]
        label = f"{test.replace('_', ' ')}: {figure}" if test == "bands" else figure
        yield f"{label[: LABEL - 1]:<{LABEL}}{''.join(_cell(row) for row in found)}".rstrip()


def _cell(row: Any) -> str:
    if row is None:
        return f"{'':>{CELL}}"
    places = 1 if abs(row.value) < 1 else 0
    text = f"{100 * row.value:.{places}f} %" if row.unit == "ratio" else f"{row.value:.2f}"
    return f"{text + ' ' + MARKS[row.verdict]:>{CELL}}"


def best(every: pd.DataFrame) -> list[str]:
    """Return which method does best, by fair less unfair figures of all seats, for each sort of year."""
    said = []
    for years, words in WORDS.items():
        part = every[(every["years"] == years) & (every["by"] == ALL)]
        count = part.groupby(["method", "verdict"], sort=False).size().unstack(fill_value=0)
        if len(count) < 2:
            continue
        fair, unfair, unclear = (
            count[word] if word in count else 0 * count.iloc[:, 0] for word in ("pass", "fail", "unclear")
        )
        points = fair - unfair
        names = [str(name) for name in points.index[points == points.max()]]
        first = names[0]
        told = f"{fair[first]} fair, {unfair[first]} not, {unclear[first]} not clear"
        said.append(f"Best {words}: {' and '.join(names)} ({told}).")
    return said


def _cut(line: str) -> str:
    return line if len(line) <= WIDE else line[: WIDE - 3] + "..."
