"""Slippage: deals that are expected to close in a period at its start, and those of them that are open at its end.

The expected close of a deal at a moment is when it would be won if every stage took its mean time: the rest of the
present stage, at least none, and all later ones. Waiting for a slot or a resource is not in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.pipeline.kpis.histories import Histories
from engine.pipeline.layout import TICKS
from engine.pipeline.model import Model


@dataclass(frozen=True)
class Slippage:
    """Deals in progress at the start of each period; counts, and values in minor units."""

    seat: FloatArray
    """Value that is expected to close in the period, and value of all deals in progress, shape (2, rep, period)."""
    expected: FloatArray
    """Count and value of deals expected to close in the period, shape (2, period)."""
    slipped: FloatArray
    """Those of them that are open at its end."""


def slippage(model: Model, told: Histories, days: FloatArray) -> Slippage:
    """Look at the deals in progress at the start of every period; `days` is `mean_days` of the model.

    Periods that are over before the start have none; one that is under way is looked at from the start on.
    """
    edge, start, horizon = model.closing.edge, model.selling.start, model.selling.horizon
    seats, periods = len(model.selling.seats.slots), len(edge) - 1
    by_seat, expected, slipped = np.zeros((2, seats, periods)), np.zeros((2, periods)), np.zeros((2, periods))
    segment = told.deal["segment"][told.of]
    later = np.vstack((np.cumsum(days[::-1], axis=0)[::-1], np.zeros((1, days.shape[1]))))
    stays, after = days[told.stage, segment] * TICKS, later[told.stage + 1, segment] * TICKS
    for period in range(periods):
        begin, end = max(int(edge[period]), start), min(int(edge[period + 1]), horizon)
        if begin >= end:
            continue
        there = np.flatnonzero((told.entered <= begin) & (told.left > begin))
        close = np.maximum(told.entered[there] + stays[there], begin) + after[there]
        due = close < end
        of, value = told.of[there], told.value[told.of[there]].astype(np.float64)
        seat = told.deal["seat"][of]
        np.add.at(by_seat[0, :, period], seat[due], value[due])
        np.add.at(by_seat[1, :, period], seat, value)
        still = due & _open_at(told, of, end)
        expected[:, period] = due.sum(), value[due].sum()
        slipped[:, period] = still.sum(), value[still].sum()
    return Slippage(by_seat, expected, slipped)


def _open_at(told: Histories, deal: IntArray, tick: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether deals are not closed before a tick."""
    end = told.deal["end"][deal]
    return np.asarray((end < 0) | (end >= tick), dtype=np.bool_)
