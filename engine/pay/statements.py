"""Statements: one for each person, as a page that prints on paper 80 columns wide and as CSV."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from engine.comp.terms import in_year
from engine.inputs import Inputs
from engine.pay.lines import DEAL, EVENT, WORDS
from engine.pay.money import money
from engine.pay.names import file_names
from engine.pay.shown import COLUMNS
from engine.store.tables import escaped, minor_text

TEMPLATES = Path(__file__).parent / "templates"
NOTHING = "\u2013"
DEALS = (WORDS[DEAL], WORDS[EVENT])


def environment() -> Environment:
    """Return the templates of pay, with those of the report behind them."""
    behind = Path(__file__).parents[1] / "report" / "templates"
    return Environment(
        loader=FileSystemLoader([TEMPLATES, behind]),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def everybody(
    ledger: pd.DataFrame, lines: pd.DataFrame, inputs: Inputs
) -> dict[str, tuple[set[str], set[str]]]:
    """Return who has a statement, with their plans and seats.

    These are all who have a plan in the year, a line, or a row of the ledger.
    """
    spells, here = inputs.spells, in_year(inputs.calendar, inputs)
    found: dict[str, tuple[set[str], set[str]]] = {
        str(name): (set(), set()) for name in lines["person"].unique()
    }
    for person, plan, rep in ledger[["person", "plan", "rep"]].drop_duplicates().itertuples(index=False):
        plans, seats = found.setdefault(str(person), (set(), set()))
        plans.add(plan)
        seats.add(rep)
    for spell in np.flatnonzero(here).tolist():
        if spells.plan[spell]:
            plans, seats = found.setdefault(spells.person[spell], (set(), set()))
            plans.add(spells.plan[spell])
            seats.add(inputs.reps.id[spells.rep[spell]])
    return found


def write_statements(
    folder: Path,
    lines: pd.DataFrame,
    ledger: pd.DataFrame,
    inputs: Inputs,
    title: str,
    currency: str,
    released: pd.DataFrame | None,
    owed: Mapping[str, int],
) -> None:
    """Write `<person>.html` and `<person>.csv` for everybody (see `everybody`).

    `released` says what became due on deals, period by period, where that is not what they earn; `owed`, what people
    were owed when the plan began.
    """
    folder.mkdir(parents=True)
    people = everybody(ledger, lines, inputs)
    stems = file_names(people)
    page = environment().get_template("statement.html.j2")
    texts = _Texts(lines, currency)
    spans = _spans(lines["person"].to_numpy(dtype=object))
    own, none = dict(list(ledger.groupby("person", sort=False))), ledger.iloc[:0]
    due = {} if released is None else dict(list(released.groupby("person", sort=False)))
    for name, (plans, seats) in sorted(people.items()):
        rows = own.get(name, none)
        a, b = spans.get(name, (0, 0))
        texts.write_csv(folder / f"{stems[name]}.csv", a, b)
        text = page.render(
            title=title, person=name, currency=currency,
            plans=sorted(plans), seats=sorted(seats),
            summary=_summary(rows, owed.get(name, 0), currency), periods=texts.periods(a, b),
            due=_due(due.get(name), currency),
        )  # fmt: skip
        (folder / f"{stems[name]}.html").write_text(text, encoding="utf-8", newline="\n")


def _spans(people: Any) -> dict[str, tuple[int, int]]:
    """Return the rows of each person; people stand together."""
    if not people.size:
        return {}
    starts = np.flatnonzero(np.concatenate([[True], people[1:] != people[:-1]]))
    ends = [*starts[1:].tolist(), people.size]
    return {people[a]: (a, b) for a, b in zip(starts.tolist(), ends, strict=True)}


def _summary(rows: pd.DataFrame, before: int, currency: str) -> list[tuple[str, str, str, str]]:
    """Return period, component, earned and paid as text, and the sum below."""
    found = []
    for period, component, adjusts, reason, earned, paid in rows[
        ["period", "component", "adjusts", "reason", "earned", "paid"]
    ].itertuples(index=False):
        what = f"{component}, adjustment of {adjusts}" if adjusts else component
        what = f"{what}, {reason}" if reason else what
        found.append((period, what, money(earned, currency), money(paid, currency)))
    earned, paid = (int(rows[name].sum()) for name in ("earned", "paid"))
    rest = before + earned - paid
    said = (
        f"{money(abs(rest), currency)} {'is still owed' if rest > 0 else 'was paid too much'}" if rest else ""
    )
    if before:
        said = f"{money(before, currency)} was owed before, {said or 'and nothing is owed now'}"
    elif said:
        said = f"of which {said}"
    total = ("Total", said, money(earned, currency))
    return [*found, (*total, money(paid, currency))]


def _due(rows: pd.DataFrame | None, currency: str) -> list[tuple[str, str, str, str]]:
    """Return period, component, deal and what became due on it, as text."""
    if rows is None:
        return []
    cells = rows[["period", "component", "deal", "due"]].itertuples(index=False)
    return [(period, component, deal, money(due, currency)) for period, component, deal, due in cells]


class _Texts:
    """The lines as text, column by column, so that a million of them are written in seconds."""

    def __init__(self, lines: pd.DataFrame, currency: str) -> None:
        self.lines, self.currency = lines, currency
        self.days = np.datetime_as_string(lines["date"].to_numpy("datetime64[D]")).tolist()
        self.attainment = lines["attainment"].to_numpy()

    def _column(self, name: str, a: int, b: int) -> list[Any]:
        return list(self.lines[name].iloc[a:b].tolist())

    def write_csv(self, path: Path, a: int, b: int) -> None:
        """Write some lines as a table for a spreadsheet."""
        columns: list[Sequence[str]] = []
        for column in COLUMNS:
            if column.type == "money":
                columns.append(
                    [minor_text(value, self.currency) for value in self._column(column.name, a, b)]
                )
            elif column.type == "date":
                columns.append([day.replace("NaT", "") for day in self.days[a:b]])
            elif column.type == "ratio":
                columns.append(["" if x != x else f"{x:.10g}" for x in self.attainment[a:b].tolist()])
            else:
                columns.append([escaped(value) for value in self._column(column.name, a, b)])
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow([column.name for column in COLUMNS])
            writer.writerows(zip(*columns, strict=True))

    def periods(self, a: int, b: int) -> list[tuple[str, list[tuple[str, str, Markup, str]]]]:
        """Return (period, [(component and measure, quota and target, rows as HTML, sum)]) of some lines.

        Every text is escaped.
        """
        rows = list(self._rows(a, b))
        found = []
        for period, of_period in groupby(rows, key=lambda row: row[0]):
            parts = []
            for component, of_part in groupby(of_period, key=lambda row: row[1]):
                mine = list(of_part)
                html = Markup("\n".join(row[3] for row in mine))  # noqa: S704 - escaped in `_rows`
                measure = next((row[2] for row in mine if row[2]), "")
                head = component + (f", on {measure}" if measure else "")
                basis = next((row[5] for row in mine if row[5]), "")
                parts.append((head, basis, html, money(sum(row[4] for row in mine), self.currency)))
            found.append((period, parts))
        return found

    def _rows(self, a: int, b: int) -> Any:
        names = (
            "period", "component", "line", "deal", "role", "measure", "credit", "to_date", "quota", "target", "rule",
            "amount",
        )  # fmt: skip
        columns = [self._column(name, a, b) for name in names]
        ratios = self.attainment[a:b].tolist()
        for day, ratio, cells in zip(self.days[a:b], ratios, zip(*columns, strict=True), strict=True):
            period, component, line, deal, role, measure, credit, to_date, quota, target, rule, amount = cells
            if measure or deal:
                notes = [
                    note
                    for note in (role if role != "owner" else "", line if deal and line != "deal" else "")
                    if note
                ]
                what = (deal or line) + (f" ({', '.join(notes)})" if notes else "")
                attained = f"{100 * ratio:.2f}%" if ratio == ratio else ""
                shown = (
                    day if deal else NOTHING, what, money(credit, self.currency),
                    money(to_date, self.currency) if to_date or line in DEALS else "", attained, rule,
                )  # fmt: skip
                html = "".join(f"<td>{escape(text)}</td>" for text in shown)
            else:
                html = f'<td>{NOTHING}</td><td>{escape(line)}</td><td colspan="4" class="why">{escape(rule)}</td>'
            html += f"<td>{escape(money(amount, self.currency))}</td>"
            yield period, component, measure, f"<tr>{html}</tr>", amount, self._basis(quota, target)

    def _basis(self, quota: int, target: int) -> str:
        """Say what credit to date is held against."""
        if not quota:
            return ""
        carries = f", target incentive {money(target, self.currency)}" if target else ""
        return f"Quota {money(quota, self.currency)}{carries}"
