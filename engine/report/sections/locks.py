"""Locks: which accounts were fixed beforehand, by whom, and how many of them would have stayed anyway."""

from __future__ import annotations

from dataclasses import replace

from engine.report import numbers
from engine.report.contents import Section
from engine.report.grids import table_grid
from engine.report.view import View

TOP = 25
"""Locks listed in the page."""


def section(view: View) -> Section | None:
    """Return the section on locks; None where nothing was fixed."""
    if not view.has("locks"):
        return None
    frame = view.frame("locks")
    fixed = frame.drop_duplicates("account")
    sentence = (
        f"{numbers.count(len(fixed), 'account')} {'was' if len(fixed) == 1 else 'were'} fixed beforehand; "
    )
    sentence += "the plan keeps every lock, whatever it costs."
    if view.has("alignment"):
        owner = view.frame("alignment").set_index("account")["incumbent"].fillna("")
        held = int((owner.reindex(fixed["account"]).to_numpy() == fixed["rep"].to_numpy()).sum())
        sentence += f" {held:,} of them {'stays' if held == 1 else 'stay'} with the incumbent."
    note = f"The first {TOP} of {len(frame):,}; tables/locks.csv has all of them." if len(frame) > TOP else ""
    shown = replace(table_grid(view, "locks", frame=frame.head(TOP)), caption="What was fixed", note=note)
    cost = (
        "" if view.has("lock_costs") else "`explain: {locks: 5}` in the scenario tells what the dearest cost."
    )
    return Section("locks", "Locks", (sentence, cost), (), (shown,))
