"""What happens to a deal in progress when it closes at the present tick."""

from __future__ import annotations

from engine.pipeline import counters as c
from engine.pipeline.events.compiling import inlined
from engine.pipeline.events.counting import add, count_time, rows_in
from engine.pipeline.events.frame import Frame, Record
from engine.pipeline.layout import LOST, WON


@inlined
def win(frame: Frame, deal: Record) -> None:
    """Close a deal as won; it is booked when all deals are through."""
    deal["end"], deal["outcome"] = frame["tick"], WON
    rows = rows_in(frame, deal, frame["period_now"])
    add(rows, c.WON_DEALS, 1)
    add(rows, c.CYCLE_WON, frame["tick"] - deal["start"])
    count_time(frame, deal, c.HELD, deal["taken"])


@inlined
def lose(frame: Frame, deal: Record) -> None:
    """Close a deal as lost."""
    deal["end"], deal["outcome"] = frame["tick"], LOST
    rows = rows_in(frame, deal, frame["period_now"])
    add(rows, c.LOST_DEALS, 1)
    add(rows, c.CYCLE_LOST, frame["tick"] - deal["start"])
    count_time(frame, deal, c.HELD, deal["taken"])
