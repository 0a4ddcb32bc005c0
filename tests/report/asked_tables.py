"""Tables of what territories may be asked beside the alignment: locks, re-carve, overlays, headcount, certificates."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from engine.columns import Table
from engine.report.input import ReportInput
from tests.report.company import Company, cents, table
from tests.report.synthetic import run

MILLION = 100_000_000
"""Minor units in a million."""


def locks(c: Company) -> Table:
    ids = [f"A{i:04d}" for i in range(3)]
    kept = [c.rep[c.before[0]], c.rep[c.before[1]], c.rep[(c.before[2] + 1) % len(c.rep)]]
    data = {"account": ids, "rep": kept, "from": ["a.csv row 2", "a.csv row 3", "lock (accounts)"],
            "reason": ["asked", None, None]}  # fmt: skip
    return table("locks", (("account", "text"), ("rep", "text"), ("from", "text"), ("reason", "text")), data)


def recarve(c: Company) -> list[Table]:
    seats, left = len(c.rep), c.per_seat(c.after, c.potential) / 2
    columns = (
        ("rep", "text"),
        ("status", "text"),
        ("share", "ratio"),
        ("remaining_before", "money"),
        ("remaining", "money"),
    )
    status = ["filled"] * (seats - 2) + ["new", "closed"]
    data = {"rep": c.rep, "status": status, "share": [1.0] * (seats - 2) + [0.4, 0.0],
            "remaining_before": cents(c.per_seat(c.before, c.potential) / 2), "remaining": cents(left)}  # fmt: skip
    booked = [MILLION * (seat + 1) for seat in range(seats)]
    history = {"rep": [*c.rep, None], "status": [*status, None], "deals": [3] * (seats + 1),
               "booked": [*booked, MILLION], "moved_on": [MILLION // 2] * (seats + 1)}  # fmt: skip
    kinds = (
        ("rep", "text"),
        ("status", "text"),
        ("deals", "whole"),
        ("booked", "money"),
        ("moved_on", "money"),
    )
    return [table("recarve", columns, data), table("history", kinds, history)]


def overlays(c: Company) -> list[Table]:
    seats = (("overlay", "text"), ("overlay_seat", "text"), ("name", "text"), ("territories", "whole"),
             ("accounts", "whole"), ("potential", "money"), ("workload", "real"))  # fmt: skip
    carried = {"overlay": ["experts", "experts", "partners"], "overlay_seat": ["S1", "S2", "T1"],
               "name": ["Ann", "Bo", "Cy"], "territories": [2, 3, 1], "accounts": [4, 6, 1],
               "potential": [MILLION, 2 * MILLION, MILLION], "workload": [10.0, 20.0, 5.0]}  # fmt: skip
    each = {"overlay": ["experts"], "account": ["A0000"], "rep": [c.rep[0]], "overlay_seat": ["S1"]}
    kinds = (("overlay", "text"), ("account", "text"), ("rep", "text"), ("overlay_seat", "text"))
    return [table("overlay_alignment", kinds, each), table("overlay_seats", seats, carried)]


def headcount(chosen: int = 1, adopted: int = -1) -> list[Table]:
    columns = (("territories", "whole"), ("new", "whole"), ("lower_bound", "money"), ("upper_bound", "money"),
               ("opening_cost", "money"), ("alignment_cost", "money"), ("gap", "ratio"), ("ruled_out", "flag"),
               ("chosen", "flag"), ("adopted", "flag"), ("proof", "text"))  # fmt: skip
    whole = {"new": [None, 0, 1, 2, 3], "lower_bound": [None, 90, 99, 110, 120],
             "upper_bound": [None, 100, 103, 111, None],
             "opening_cost": [None, 0, 5, 10, None], "alignment_cost": [None, 100, 98, 101, None]}  # fmt: skip
    data: dict[str, object] = {"territories": [3, 4, 5, 6, 7]}
    for name, values in whole.items():
        scaled = [value if value is None or name == "new" else value * MILLION for value in values]
        data[name] = pd.array(scaled, dtype="Int64")
    data |= {"gap": [float("nan"), 0.1, 4 / 103, 1 / 111, float("nan")], "ruled_out": [True, False, False, True, True],
             "chosen": [place == chosen for place in range(5)],
             "adopted": [place == adopted for place in range(5)], "proof": ["knapsack"] * 5}  # fmt: skip
    homes = {"territories": [4, 5], "rep": ["R000", "new-1"], "place": [None, "Chicago"]}
    kinds = (("territories", "whole"), ("rep", "text"), ("place", "text"))
    return [table("headcount", columns, data), table("headcount_homes", kinds, homes)]


def certificates() -> Table:
    kinds = (
        ("part", "whole"),
        ("seats", "whole"),
        ("objective", "real"),
        ("bound", "real"),
        ("certified", "real"),
    )
    data = {
        "part": [1, 2],
        "seats": [3, 3],
        "objective": [2e6, 3e6],
        "bound": [1.9e6, 2.9e6],
        "certified": [1.8e6, 2.8e6],
    }
    return table("certificates", kinds, data)


def asked(report: ReportInput | None = None) -> ReportInput:
    """A run with all of these tables."""
    report, c = report or run(), Company(6, 60, 12, 7, True)
    more = (locks(c), *recarve(c), *overlays(c), *headcount(), certificates())
    return replace(report, tables=(*report.tables, *more))
