"""Contracts: the installed base, and how it renews."""

from __future__ import annotations

import numpy as np

from engine.pipeline.build.draft import Draft
from engine.pipeline.model import CONTRACT, RENEWING, Base


def contracts(draft: Draft) -> Base:
    """Return the contracts by seat with the rules that hold for them."""
    return Base(
        np.empty(0, CONTRACT), np.zeros(len(draft.inputs.reps) + 1, dtype=np.int64), np.empty(0, RENEWING)
    )
