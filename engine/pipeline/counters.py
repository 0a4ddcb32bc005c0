"""What is counted in every replication, as integers: deals, minor units, and ticks of time."""

from __future__ import annotations

from collections.abc import Sequence

LEADS, OPEN_AT_START, QUEUED_AT_START, STARTED, WON_DEALS, LOST_DEALS, OPEN_AT_END, WAITING_AT_END = range(8)
WON_AMOUNT, CYCLE_WON, CYCLE_LOST, WAIT, HELD = range(8, 13)
GLOBAL = 13
"""Number of counters of the whole pipeline; behind them stand FUNNEL counters per stage."""
ENTERED, ADVANCED, LOST_THERE, OPEN_THERE, DAYS = range(5)
FUNNEL = 5

_GLOBAL_NAMES = (
    "leads",
    "open_at_start",
    "queued_at_start",
    "started",
    "won",
    "lost",
    "open_at_end",
    "waiting_at_end",
    "won_amount",
    "cycle_won_ticks",
    "cycle_lost_ticks",
    "wait_ticks",
    "held_ticks",
)
_STAGE_NAMES = ("entered", "advanced", "lost", "open_at_end", "ticks")


def names(stages: Sequence[str]) -> tuple[str, ...]:
    """Return the name of every counter in order: those of the pipeline, then `stage: figure`."""
    return _GLOBAL_NAMES + tuple(f"{stage}: {figure}" for stage in stages for figure in _STAGE_NAMES)
