"""Opened: what the stages of open deals are in the estimated pipeline, and how many deals a seat holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil

import numpy as np

from engine.calibration.found import Found
from engine.errors import BadInput, Fault
from engine.pipeline.export import DAY, Export
from engine.pipeline.spec import QUEUE

_ROOM = 1.5
"""Slots over the most deals that a seat was seen to hold."""
_LEAST_SLOTS = 20


def open_stages(
    export: Export, stages: Sequence[str], names: Mapping[str, str], found: Found
) -> dict[str, str]:
    """Return what each stage of an open deal is.

    One single stage takes all that are not named, but for those whose deals have no created date: nobody knows how old
    they are, so they wait in the queue.

    Raises:
        BadInput: there are several stages, and a name is none of them.

    """
    deals, faults, mapped = export.inputs.pipeline, [], {}
    undated = np.isnat(deals.created)
    label = np.array(deals.stage, dtype=object)
    for name in dict.fromkeys(deals.stage):
        mine = label == name
        if name in names:
            mapped[name] = names[name]
        elif name in stages or len(stages) > 1:
            if name not in stages:
                message = f"{int(mine.sum())} open deals are in stage '{name}', which is none of {', '.join(stages)}"
                faults.append(Fault("E_REFERENCE", message, "Map it under names.", field="calibration.names"))
        elif undated[mine].all():
            mapped[name] = QUEUE
            found.warn(
                "stages",
                f"No open deal in '{name}' has a created date: taken as a queue.",
                "Say so under names, or date them.",
            )
        else:
            mapped[name] = stages[0]
            if undated[mine].any():
                found.warn(
                    "stages",
                    f"{int(undated[mine].sum())} of {int(mine.sum())} open deals in '{name}' have no created date, and "
                    "a simulation refuses them.", "Date them, or set them aside.",
                )  # fmt: skip
    if faults:
        raise BadInput(faults)
    return mapped


def slots(export: Export, found: Found) -> int:
    """Return slots enough that nobody waits: estimated days hold every wait already."""
    rep, created, last = export.rep, export.created, export.last_seen
    known = (rep >= 0) & ~np.isnat(created) & ~np.isnat(last)
    most = 0
    for seat in np.unique(rep[known]):
        mine = known & (rep == seat)
        begin, end = np.sort(created[mine]), np.sort(last[mine] + DAY)
        held = np.arange(1, len(begin) + 1) - np.searchsorted(end, begin, side="right")
        most = max(most, int(held.max()))
    given = max(_LEAST_SLOTS, ceil(_ROOM * most))
    found.note(
        "slots",
        f"The busiest seat was seen with {most} open deals; {given} slots let nobody wait, since the days in the "
        "export hold every wait already.",
    )
    return given
