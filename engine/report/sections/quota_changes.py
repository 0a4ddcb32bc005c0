"""What changed since the quotas in force, why, and what relief moved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine.report import numbers
from engine.report.contents import Chart, Grid, Mark, Section
from engine.report.figures.bars import two_sided
from engine.report.figures.frame import Scale
from engine.report.grids import grid, table_grid
from engine.report.kept import KEPT, kept
from engine.report.palette import GAIN, SHORT
from engine.report.view import View

if TYPE_CHECKING:
    import pandas as pd

CHANGES, RELIEF = "quota_changes", "quota_relief"
LEAST = "quota_least"


def section(view: View) -> Section | None:
    """Return the section on changes and relief; None where there is neither."""
    sentences: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    grids: tuple[Grid, ...] = ()
    if view.has(CHANGES):
        frame = view.frame(CHANGES)
        sentences += (_changed(view, frame),)
        charts += (_reasons(view, frame),)
        grids += (
            _seats(view, frame),
            replace(table_grid(view, CHANGES), caption="Every reason", folded=True),
        )
    if view.has(KEPT):
        sentences += (f"Kept as in force: {kept(view)}.",)
        grids += (
            replace(table_grid(view, KEPT), caption="Every quota beside the one in force", folded=True),
        )
    if view.has(LEAST):
        grids += (replace(table_grid(view, LEAST), caption="How little had to move, with what is proven"),)
    if view.has(RELIEF):
        frame = view.frame(RELIEF)
        sentences += tuple(_relieved(view, frame))
        grids += (_relief(view, frame), replace(table_grid(view, RELIEF), caption="Every cell", folded=True))
    if not grids:
        return None
    return Section("quota-changes", "What changed, and relief", sentences, charts, grids)


def _changed(view: View, frame: pd.DataFrame) -> str:
    seats = frame.drop_duplicates("rep")
    change = seats["quota"] - seats["previous"]
    most = seats.iloc[int(np.argmax(change.abs().to_numpy()))]
    name = view.seat_names.get(most["rep"], most["rep"])
    return (
        f"{numbers.count(len(seats), 'quota')} differ from those in force: {int((change > 0).sum())} rose, "
        f"{int((change < 0).sum())} fell, by {numbers.money(float(change.sum()), view.currency)} in all. "
        f"The largest change is that of {name}, from {numbers.money(float(most['previous']), view.currency)} to "
        f"{numbers.money(float(most['quota']), view.currency)}."
    )


def _reasons(view: View, frame: pd.DataFrame) -> Chart:
    up = frame[frame["effect"] > 0].groupby("reason")["effect"].sum()
    down = -frame[frame["effect"] < 0].groupby("reason")["effect"].sum()
    both = up.add(down, fill_value=0.0).sort_values(ascending=False, kind="stable")
    names = [str(name) for name in both.index]
    left, right = ([float(side.get(name, 0.0)) for name in names] for side in (down, up))
    scale = Scale.of([*left, *right], view.currency)
    texts = tuple([numbers.money(value, view.currency) for value in side] for side in (left, right))
    figure = two_sided(
        names, [value / scale.divisor for value in left], [value / scale.divisor for value in right],
        colours=(SHORT, GAIN), x=f"what reasons took from quotas and added to them, {scale.word}",
        texts=(texts[0], texts[1]),
    )  # fmt: skip
    seats = [f"{frame.loc[frame['reason'] == name, 'rep'].nunique():,}" for name in names]
    return Chart(
        "quota-reasons",
        "Why quotas moved",
        "Each reason with all that it took from quotas (left) and added to them (right); a reason with both bars alike "
        "moved quotas between seats and left their sum as it was.",
        figure,
        grid(("reason", "took", "added", "seats"), zip(names, *texts, seats, strict=True)),
        (Mark("lowered quotas", SHORT), Mark("raised quotas", GAIN)),
        wide=True,
    )


def _seats(view: View, frame: pd.DataFrame) -> Grid:
    """Return a row for each seat whose quota moved, the largest change first, with its main reason."""
    rows = []
    for rep, part in frame.groupby("rep", sort=False):
        was, now = float(part["previous"].iloc[0]), float(part["quota"].iloc[0])
        main = part.iloc[int(np.argmax(part["effect"].abs().to_numpy()))]
        why = f"{main['reason']} ({main['note']})" if main["note"] else str(main["reason"])
        cells = (numbers.grouped(was), numbers.grouped(now), numbers.grouped(now - was))
        share = numbers.signed(now / was - 1) if was else "new"
        rows.append((abs(now - was), (view.seat_names.get(str(rep), str(rep)), why, *cells, share)))
    rows.sort(key=lambda row: (-row[0], row[1]))
    heads = ("seat", "main reason", "in force", "now", "change", "relative")
    return grid(
        heads, [row for _, row in rows], text=2, caption=f"Seats whose quota changed, {view.currency}"
    )


def _relieved(view: View, frame: pd.DataFrame) -> list[str]:
    said = []
    for entry in sorted(set(frame["entry"])):
        part = frame[frame["entry"] == entry]
        rep, reason, taken = (str(part[name].iloc[0]) for name in ("rep", "reason", "taken_by"))
        own = part["who"] == rep
        others = part[~own & (part["who"] != "company")]
        amount = numbers.money(abs(float(part.loc[own, "effect"].sum())), view.currency)
        words = f"{view.seat_names.get(rep, rep)} is relieved of {amount} ({reason})"
        carried = numbers.money(float(others["effect"].sum()), view.currency)
        seats = numbers.count(int(others["who"].nunique()), "other seat")
        who = f"{seats} of {taken} carry {carried} more" if len(others) else "nobody carries it now"
        said.append(f"{words}: {who}.")
    return said


def _relief(view: View, frame: pd.DataFrame) -> Grid:
    sums = frame.groupby(["entry", "reason", "who"], sort=True)["effect"].sum().reset_index()
    rows = [
        (
            str(row["entry"]),
            row["reason"],
            view.seat_names.get(row["who"], row["who"]),
            numbers.grouped(row["effect"]),
        )
        for row in sums.to_dict("records")
    ]
    heads = ("entry", "reason", "whose quota moves", "effect")
    return grid(heads, rows, text=3, caption=f"Relief, {view.currency}")
