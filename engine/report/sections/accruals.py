"""The accrual schedule: cash, expense, and what is capitalised and amortised."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.comp.accounting import BEFORE
from engine.report import numbers
from engine.report.contents import Chart, Grid, Mark, Section
from engine.report.figures.courses import bars_with_course
from engine.report.figures.frame import Scale
from engine.report.figures.spreads import touch
from engine.report.grids import ROWS, grid
from engine.report.palette import INK, PLAN_LIGHT
from engine.report.privacy import NOT_SHOWN, pays_few
from engine.report.view import View

if TYPE_CHECKING:
    import pandas as pd

TITLE = "Accrual schedule"
KEYS = ("plan", "component", "period")
ALWAYS = ("cash", "accrued", "expense", "closing_liability")


def section(view: View) -> Section:
    """Return the section on when pay becomes an expense."""
    if pays_few(view.report):
        return Section("accruals", TITLE, (NOT_SHOWN,))
    if not view.has("accruals"):
        return Section("accruals", TITLE, (view.missing("accruals"),))
    return Section("accruals", TITLE, (_sentence(view), *_waiting(view)), (_chart(view),))


def _sentence(view: View) -> str:
    frame = view.frame("accruals")
    year = frame[(frame["plan"] == "all") & (frame["period"] == "year")].iloc[0]
    words = (
        f"In the mean {numbers.money(year['cash'], view.currency)} is paid and "
        f"{numbers.money(year['expense'], view.currency)} is expense. Pay accrues with credit at the rate of the "
        "forecast year, whenever it is paid."
    )
    if year["additions"]:
        words += (
            f" {numbers.money(year['additions'], view.currency)} is capitalised, of which "
            f"{numbers.money(year['closing_asset'] - _kept(frame), view.currency)} is not yet amortised at the end."
        )
    if year["opening_asset"]:
        words += (
            f" Of {numbers.money(year['opening_asset'], view.currency)} that the books held before, "
            f"{numbers.money(_kept(frame), view.currency)} is left."
        )
    if year["closing_reserve"]:
        words += f" {numbers.money(year['closing_reserve'], view.currency)} is expected to be taken back."
    return words


def _waiting(view: View) -> tuple[str, ...]:
    """Say what is earned in the plan and not due by its end; nothing where no pay waits for cash."""
    if not view.has("waiting_pay"):
        return ()
    frame = view.frame("waiting_pay")
    last = frame.groupby("plan", sort=False).tail(1)
    earned, due, waiting = (
        numbers.money(float(each), view.currency)
        for each in (frame["earned"].sum(), frame["due"].sum(), last["waiting"].sum())
    )
    return (
        f"Pay waits for the cash of customers: of {earned} that is earned in the plan {due} becomes due in it, and "
        f"{waiting} after its end (plans of at least five people).",
    )


def _kept(frame: pd.DataFrame) -> float:
    """Return what is left at the end of what was capitalised before the year."""
    before = frame[(frame["plan"] == BEFORE) & (frame["period"] == "year")]
    return float(before["closing_asset"].sum())


def _chart(view: View) -> Chart:
    frame = view.frame("accruals")
    rows = frame[(frame["plan"] == "all") & (frame["period"] != "year")]
    labels = list(rows["period"])
    top = rows[["cash", "expense"]].max(axis=1)
    scale = Scale.of(top.to_numpy(), view.currency)
    figure = bars_with_course(
        labels,
        list(rows["cash"] / scale.divisor),
        list(rows["expense"] / scale.divisor),
        f"mean, {scale.word}",
    )
    figure.y_range.start = 0
    texts = {"": labels} | {
        name: [numbers.money(value, view.currency) for value in rows[name]] for name in ("cash", "expense")
    }
    touch(figure, texts, list(top / scale.divisor))
    marks = (Mark("cash", PLAN_LIGHT), Mark("expense", INK, "line"))
    say = "Where a bar stands above the line, pay that accrued earlier falls due."
    return Chart("accruals", "Cash and expense per period", say, figure, _numbers(view), marks)


def _numbers(view: View) -> Grid:
    """Return the schedule in whole currency units, without the columns in which there is nothing."""
    frame = view.frame("accruals")
    money = [name for name in frame.columns if name not in KEYS]
    used = [name for name in money if name in ALWAYS or (frame[name] != 0).any()]
    rows = [
        (*(str(row[key]) for key in KEYS), *(numbers.grouped(float(row[name])) for name in used))
        for _, row in frame.head(ROWS).iterrows()
    ]
    heads = (*KEYS, *(f"{name.replace('_', ' ')}, {view.currency}" for name in used))
    say = "Means over replications. The journal that follows from them is tables/journal.csv."
    return replace(grid(heads, rows, text=len(KEYS)), note=say)
