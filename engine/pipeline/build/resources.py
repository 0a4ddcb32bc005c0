"""Resources: what seats share, and how many units of it there are when."""

from __future__ import annotations

import numpy as np

from engine.pipeline.build.draft import Draft
from engine.pipeline.layout import CAPACITY, records
from engine.pipeline.model import Resources


def resources(draft: Draft) -> Resources:
    """Return the steps of each resource; those before the start of the simulation are one."""
    tick, units, first = [], [], [0]
    for shared in draft.changes.shared:
        steps = {max(day, float(draft.start)): amount for day, amount in shared.steps}
        tick += [draft.tick(day) for day in sorted(steps)]
        units += [steps[day] for day in sorted(steps)]
        first.append(len(tick))
    capacity = records(CAPACITY, np.array(tick, dtype=np.int64), np.array(units, dtype=np.int64))
    return Resources(capacity, np.array(first, dtype=np.int64))
