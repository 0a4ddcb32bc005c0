"""The accrual schedule: cash, expense, and what is capitalised and amortised."""

from __future__ import annotations

from engine.report import numbers
from engine.report.contents import Chart, Mark, Section
from engine.report.figures.courses import bars_with_course
from engine.report.figures.frame import Scale
from engine.report.figures.spreads import touch
from engine.report.grids import table_grid
from engine.report.palette import INK, PLAN_LIGHT
from engine.report.privacy import NOT_SHOWN, pays_few
from engine.report.view import View

TITLE = "Accrual schedule"


def section(view: View) -> Section:
    """Return the section on when pay becomes an expense."""
    if pays_few(view.report):
        return Section("accruals", TITLE, (NOT_SHOWN,))
    if not view.has("accruals"):
        return Section("accruals", TITLE, (view.missing("accruals"),))
    return Section("accruals", TITLE, (_sentence(view),), (_chart(view),))


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
            f"{numbers.money(year['closing_asset'], view.currency)} is not yet amortised at the end."
        )
    return words


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
    return Chart("accruals", "Cash and expense per period", say, figure, table_grid(view, "accruals"), marks)
