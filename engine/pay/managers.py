"""Managers: one extract for each, as a table and as a page, which holds the people below them and nobody else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from engine.columns import Table
from engine.comp.terms import days_in_seat
from engine.inputs import Inputs, IntArray
from engine.pay.ledger import COLUMNS
from engine.pay.lines import DEAL, WORDS
from engine.pay.money import money
from engine.pay.names import file_names
from engine.pay.statements import environment
from engine.pay.tables import below, seats_named
from engine.store.tables import spreadsheet

DEAL_LINE = WORDS[DEAL]


def extracts(ledger: pd.DataFrame, inputs: Inputs, managers: IntArray) -> dict[str, pd.DataFrame]:
    """Return the rows of the ledger that each manager may see.

    These are the rows of seats below, at any depth, of the periods in which the manager held the seat above.
    """
    first, last = days_in_seat(inputs.calendar, inputs)
    here, spells = last > first, inputs.spells
    seat = ledger["rep"].map(seats_named(inputs.reps)).fillna(-1).to_numpy(dtype=np.int64)
    labels = {label: p for p, label in enumerate(inputs.calendar.labels)}
    period = ledger["period"].map(labels).to_numpy(dtype=np.int64)
    found: dict[str, np.ndarray[tuple[int], np.dtype[np.bool_]]] = {}
    for head in sorted(set(managers[managers >= 0].tolist())):
        mine = np.isin(seat, below(managers, head))
        for spell in np.flatnonzero(spells.rep == head).tolist():
            seen = mine & here[spell][period] & (ledger["person"] != spells.person[spell]).to_numpy()
            found[spells.person[spell]] = (
                found.get(spells.person[spell], np.zeros(len(ledger), dtype=bool)) | seen
            )
    return {name: ledger[seen].reset_index(drop=True) for name, seen in found.items()}


def write_extracts(
    folder: Path, found: dict[str, pd.DataFrame], lines: pd.DataFrame, title: str, currency: str
) -> None:
    """Write `<manager>.csv` and `<manager>.html` for everybody who has people below.

    Args:
        folder: where to.
        found: rows of the ledger that each may see.
        lines: lines of statements; a page shows those on deals of the same people and periods.
        title: name of the pay file.
        currency: that of the amounts.

    """
    folder.mkdir(parents=True)
    stems, page = file_names(found), environment().get_template("manager.html.j2")
    on_deals = lines[(lines["deal"] != "") & (lines["amount"] != 0)]
    for name, frame in found.items():
        shown = spreadsheet(Table("managers", COLUMNS, frame), currency)
        shown.to_csv(folder / f"{stems[name]}.csv", index=False, lineterminator="\n")
        text = page.render(
            title=title, manager=name, currency=currency, sums=_sums(frame, currency),
            people=[(person, _deals(frame, on_deals, person, currency)) for person in sorted(set(frame["person"]))],
        )  # fmt: skip
        (folder / f"{stems[name]}.html").write_text(text, encoding="utf-8", newline="\n")


def _sums(frame: pd.DataFrame, currency: str) -> list[tuple[str, str, str, str]]:
    """Return person, plan, earned and paid as text, by rising name, and the sum below."""
    rows = frame.groupby(["person", "plan"], sort=True)[["earned", "paid"]].sum().reset_index()
    found = [
        (person, plan, money(earned, currency), money(paid, currency))
        for person, plan, earned, paid in rows[["person", "plan", "earned", "paid"]].itertuples(index=False)
    ]
    earned, paid = (money(int(frame[column].sum()), currency) for column in ("earned", "paid"))
    return [*found, ("Total", "", earned, paid)]


def _deals(frame: pd.DataFrame, lines: pd.DataFrame, person: str, currency: str) -> list[tuple[str, ...]]:
    """Return period, date, deal, component and what it earned, as text, of the periods that may be seen."""
    seen = frame.loc[frame["person"] == person, ["spell", "period"]].drop_duplicates()
    mine = lines[lines["person"] == person].merge(seen, on=["spell", "period"])
    return [
        (
            period,
            f"{date:%Y-%m-%d}",
            f"{deal} ({line})" if line != DEAL_LINE else deal,
            component,
            money(amount, currency),
        )
        for period, date, deal, line, component, amount in mine[
            ["period", "date", "deal", "line", "component", "amount"]
        ].itertuples(index=False)
    ]
