"""Accounts that change hands: who gains, who loses, and the largest of them."""

from __future__ import annotations

from dataclasses import replace

from engine.report import headline, numbers
from engine.report.contents import Chart, Mark, Section
from engine.report.figures.bars import two_sided
from engine.report.figures.frame import Scale
from engine.report.grids import grid, table_grid
from engine.report.palette import GAIN, SHORT
from engine.report.view import View

TOP = 25
"""Moves listed in the page."""


def section(view: View) -> Section:
    """Return the section on moves."""
    title = "Moves"
    if view.table("moves") is None or not view.has("alignment"):
        return Section("moves", title, (view.missing("alignment", "moves"),))
    if not view.has("moves"):
        stays = "No account changes hands: every account stays with its incumbent."
        none = "No account has an incumbent today, so none changes hands."
        return Section("moves", title, (stays if view.incumbents else none,))
    gone, accounts, potential, total = headline.moved(view)
    share = potential / total if total else 0.0
    sentence = (
        f"{numbers.count(gone, 'account')} of {accounts:,} change hands, with potential of "
        f"{numbers.money(potential, view.currency)}, {numbers.percent(share)} of all."
    )
    frame = view.frame("moves").sort_values(["potential", "account"], ascending=[False, True])
    top = table_grid(view, "moves", frame=frame.head(TOP))
    note = (
        f"The {TOP} largest of {len(frame):,}; tables/moves.csv has all of them." if len(frame) > TOP else ""
    )
    return Section(
        "moves",
        title,
        (sentence,),
        (_chart(view),),
        (replace(top, caption="Largest moves by potential", note=note),),
    )


def _chart(view: View) -> Chart:
    frame = view.frame("moves")
    out = frame.dropna(subset=["from_rep"]).groupby("from_rep")["potential"].agg(["sum", "count"])
    into = frame.groupby("to_rep")["potential"].agg(["sum", "count"])
    seats = sorted(set(out.index) | set(into.index))
    lost = {seat: (float(out["sum"].get(seat, 0.0)), int(out["count"].get(seat, 0))) for seat in seats}
    won = {seat: (float(into["sum"].get(seat, 0.0)), int(into["count"].get(seat, 0))) for seat in seats}
    seats.sort(key=lambda seat: (lost[seat][0] - won[seat][0], seat))
    scale = Scale.of([value for seat in seats for value in (lost[seat][0], won[seat][0])], view.currency)
    names = view.seat_names
    shown = [names.get(seat, seat) for seat in seats]
    texts = ([_words(view, *lost[seat]) for seat in seats], [_words(view, *won[seat]) for seat in seats])
    figure = two_sided(
        shown,
        [lost[seat][0] / scale.divisor for seat in seats],
        [won[seat][0] / scale.divisor for seat in seats],
        colours=(SHORT, GAIN),
        x=f"potential, {scale.word}",
        texts=texts,
    )
    rows = zip(seats, shown, texts[0], texts[1], strict=True)
    return Chart(
        "moves-by-seat",
        "Potential that moves, per seat",
        "Seats at the top gain potential on balance, those at the bottom give it up; long bars both ways are churn.",
        figure,
        grid(("rep", "name", "gives up", "gains"), rows, text=2),
        (Mark("gives up", SHORT), Mark("gains", GAIN)),
        wide=True,
    )


def _words(view: View, potential: float, accounts: int) -> str:
    return f"{numbers.count(accounts, 'account')}, {numbers.money(potential, view.currency)}"
