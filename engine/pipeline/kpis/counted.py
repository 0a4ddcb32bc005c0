"""Counted: the counters of a group in units that people read, one value per replication."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.pipeline import counters as c
from engine.pipeline.layout import TICKS


@dataclass(frozen=True)
class Counted:
    """Counters of a group; every figure has shape (replication,)."""

    tallies: IntArray
    """Shape (replication, counter)."""
    scale: float
    """Minor units in a currency unit."""
    days: float
    """Days that are simulated."""

    def __call__(self, counter: int) -> FloatArray:
        """Return a counter as it is: deals."""
        return self.tallies[:, counter].astype(np.float64)

    def time(self, counter: int) -> FloatArray:
        """Return a counter of ticks in days."""
        return self(counter) / TICKS

    def money(self, counter: int) -> FloatArray:
        """Return a counter of minor units in currency units."""
        return self(counter) / self.scale

    @property
    def won(self) -> FloatArray:
        """Won deals."""
        return self(c.WON_DEALS)

    @property
    def lost(self) -> FloatArray:
        """Lost deals."""
        return self(c.LOST_DEALS)

    @property
    def win_rate(self) -> FloatArray:
        """Won over won and lost deals."""
        return over(self.won, self.won + self.lost)

    @property
    def average(self) -> FloatArray:
        """Money of a won deal."""
        return over(self.money(c.WON_AMOUNT), self.won)

    @property
    def cycle(self) -> FloatArray:
        """Mean days from the start of work to the close, won and lost deals."""
        return over(self.time(c.CYCLE_WON) + self.time(c.CYCLE_LOST), self.won + self.lost)

    @property
    def open_deals(self) -> FloatArray:
        """Deals in progress, averaged over the days."""
        days: FloatArray = self.time(c.HELD) / self.days
        return days

    @property
    def velocity(self) -> FloatArray:
        """Return n w D / L: open deals, win rate, average deal, cycle."""
        return over(self.open_deals * self.win_rate * self.average, self.cycle)

    @property
    def capacity(self) -> FloatArray:
        """Deals that the slots of the people who are there can close."""
        return over(self.time(c.SLOT_TICKS), self.cycle)


def over(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Return part / whole; NaN where whole is 0."""
    ratio: FloatArray = np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole != 0)
    return ratio


def mean_of_known(values: FloatArray) -> float:
    """Return the mean of what is defined; NaN where nothing is."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
