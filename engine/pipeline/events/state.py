"""What a replication holds while it is simulated: deals, seats, resources, people, and what is due, as records.

Lists and queues are linked through the records by their numbers, -1 meaning none.
"""

from __future__ import annotations

import numpy as np

CASE = np.dtype(
    [
        ("key", "u8"),
        ("arrival", "i8"),
        ("start", "i8"),
        ("end", "i8"),
        ("due", "i8"),
        ("entered", "i8"),
        ("taken", "i8"),
        ("placed", "i8"),
        ("amount", "i8"),
        ("spring", "i4"),
        ("seat", "i4"),
        ("segment", "i4"),
        ("product", "i4"),
        ("rank", "i4"),
        ("recycled", "i4"),
        ("row", "i4"),
        ("units", "i4"),
        ("low", "i4"),
        ("high", "i4"),
        ("before", "i4"),
        ("after", "i4"),
        ("outcome", "i2"),
        ("stage", "i2"),
        ("how", "i2"),
        ("band", "i2"),
    ]
)
"""A deal, in two lines of a cache. due: end of its stage, NEVER while it waits for a unit; entered: when it came into
the stage; taken: from when the seat works on it; placed: what its place in a queue goes by, after the rank; spring:
-1 for a deal that was open at the start; row: of its stage; how: it will leave the stage; band: of its size; units:
first unit that it holds; low, high: subtrees in a queue; before, after: neighbours among the deals in progress at
the seat."""
DESK = np.dtype(
    [
        ("key", "u8"),
        ("slots", "i8"),
        ("slot", "i8"),
        ("spell", "i8"),
        ("spells", "i8"),
        ("backfill", "i8"),
        ("backfills_planned", "i8"),
        ("newcomer", "i8"),
        ("on_leave", "i8"),
        ("team", "i8"),
        ("sat", "i8"),
        ("sits", "i8"),
        ("sitting", "i8"),
        ("present", "i8"),
        ("queue", "i8"),
        ("queued", "i8"),
        ("first", "i8"),
        ("working", "i8"),
        ("stirred", "i8"),
    ]
)
"""A seat. slot: first of its `slots`; spell, spells: its first planned presence and the end of them, sat, sits:
likewise of realised ones, sitting: the last of these that has begun; queue: root of its queue of `queued` deals;
first: of its `working` deals in progress; stirred: it is on the list of seats that may start a deal."""
POOL = np.dtype(
    [
        ("first", "i8"),
        ("end", "i8"),
        ("counter", "i8"),
        ("step", "i8"),
        ("units", "i8"),
        ("held", "i8"),
        ("queue", "i8"),
    ]
)
"""A resource. first, end: of its capacities; step: the next change of it; units: capacity; queue: root; counter:
first."""
UNIT = np.dtype(
    [("case", "i8"), ("pool", "i8"), ("next", "i8"), ("stage", "i8"), ("since", "i8"), ("until", "i8")]
)
"""A unit of a resource that a deal holds; case: -1 once it is free. next: of the same deal, or of the free ones; until:
NEVER where it is held for the stage."""
DUE = np.dtype([("tick", "i8"), ("what", "i8")])
"""An entry of a list by time."""
DAY = np.dtype([("period", "i8"), ("month", "i8")])
"""The period and the part of the quarter in which a day begins."""
PRESENCE = np.dtype(
    [
        ("begin", "i8"),
        ("end", "i8"),
        ("since", "i8"),
        ("seat", "i8"),
        ("leaves", "?"),
        ("quits", "?"),
        ("hired", "?"),
    ]
)
"""A realised presence. since: when the person came; leaves: its end is that of the person's time in the seat; quits: by
quitting; hired: the person came as a backfill."""
