"""Owed before: what people had earned when the plan began and were not paid yet.

That is what deals of earlier years earned and wait with, and what holdbacks held. It is paid in this year and was
earned in another one, so what is owed begins with it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.comp.opening import held_before
from engine.inputs import Inputs
from engine.pay.settlement import Settlement


def owed_before(settled: Settlement, inputs: Inputs) -> pd.DataFrame:
    """Return person, plan, component and amount, minor units; a row for each spell and component that has any."""
    owed = settled.on_deals.before.copy()
    for k, (_, part) in enumerate(settled.components):
        owed[k] += held_before(k, part, settled.opening, owed.shape[1])
    c, s = np.nonzero(owed)
    plans, labels = zip(*((plan, part.label) for plan, part in settled.components), strict=True)
    columns = {
        "person": [inputs.spells.person[spell] for spell in s],
        "plan": [plans[k] for k in c],
        "component": [labels[k] for k in c],
    }
    frame = pd.DataFrame(columns, dtype=object)
    return frame.assign(amount=owed[c, s].astype(np.int64))
