"""What is counted in every replication, as integers: deals, minor units, and ticks of time.

Axes (group, counter). Groups: the whole pipeline, each seat, each segment (the last: deals without an account), each
period. Something counts at the seat that has the deal at that moment, and in the period of that moment; ticks of time
are cut at the ends of periods, except waits, cycles and ticks in a stage, which count when they are over.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.pipeline.model import Model

LEADS, OPEN_AT_START, QUEUED_AT_START, STARTED, WON_DEALS, LOST_DEALS, OPEN_AT_END, WAITING_AT_END = range(8)
WON_AMOUNT, CYCLE_WON, CYCLE_LOST, WAIT, HELD, DROPPED_LEADS, MOVED = range(8, 15)
PRESENT, SLOT_TICKS, QUITS, HIRED = range(15, 19)
RENEWALS, CHURNED, DUE_AMOUNT, RENEWED_AMOUNT, KEPT_AMOUNT, EXPANDED_AMOUNT = range(19, 25)
BASE_START, BASE_END, BASE_KEPT, ABANDONED_LEADS = range(25, 29)
GLOBAL = 29
"""Number of counters of the whole pipeline; behind them stand FUNNEL counters per stage, and SHARED per resource."""
ENTERED, ADVANCED, RECYCLED, LOST_THERE, OPEN_THERE, DAYS = range(6)
FUNNEL = 6
REQUESTED, GRANTS, QUEUED, IN_USE, CAPACITY_TICKS = range(5)
SHARED = 5

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
    "dropped",
    "moved",
    "present_ticks",
    "slot_ticks",
    "quits",
    "hired",
    "renewals",
    "churned",
    "due_amount",
    "renewed_amount",
    "kept_amount",
    "expanded_amount",
    "base_start_amount",
    "base_end_amount",
    "base_kept_amount",
    "abandoned",
)
"""held: slots in use; present: somebody sits there; slot: slots of seats where somebody sits; quits, hired: people who
quit, and who came as a backfill; renewals: contracts that came to their renewal, due: their amounts then; renewed: the
amounts after it, kept: the lesser of both; expanded: added in between; base: amounts by the year at the
start, at the horizon (0 for contracts that ended), and of each contract the lesser of both."""
_STAGE_NAMES = ("entered", "advanced", "recycled", "lost", "open_at_end", "ticks")
_RESOURCE_NAMES = ("requests", "granted", "wait_ticks", "in_use_ticks", "capacity_ticks")


def names(stages: Sequence[str], resources: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the name of every counter in order: of the pipeline, `stage: figure`, `resource: figure`."""
    return (
        _GLOBAL_NAMES
        + tuple(f"{stage}: {figure}" for stage in stages for figure in _STAGE_NAMES)
        + tuple(f"{resource}: {figure}" for resource in resources for figure in _RESOURCE_NAMES)
    )


def groups(model: Model) -> tuple[int, int, int, int]:
    """Return the first group of seats, of segments and of periods, and the number of groups."""
    seats = 1
    segments = seats + len(model.selling.seats.slots)
    periods = segments + len(model.closing.mix)
    return seats, segments, periods, periods + len(model.closing.edge) - 1


def width(model: Model) -> int:
    """Return the number of counters."""
    resources = len(model.selling.resources.first) - 1
    return GLOBAL + FUNNEL * len(model.selling.cell) + SHARED * resources
