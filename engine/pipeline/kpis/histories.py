"""Histories: the deals of one replication with the stages that each went through, for figures that no counter gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.pipeline import draws
from engine.pipeline.kpis.law_means import law_means
from engine.pipeline.model import ENTERED, LOST, TICKS, Closing, Future, Model, Records
from engine.streams import compiled


@dataclass(frozen=True)
class Histories:
    """Deals of a replication, and their visits to stages; ticks."""

    deal: Records
    """LINE, shape (deal,)."""
    value: IntArray
    """What the own product of each brings or would bring, minor units, shape (deal,): the known amount, or that drawn,
    at the prices of the close, of the start of work where it is open, of the arrival where it waits."""
    of: IntArray
    """Deal of each visit, shape (visit,), by deal and then in order."""
    stage: IntArray
    entered: IntArray
    """For a deal that is in progress at the start, when it came into the stage then."""
    left: IntArray
    """The horizon where the deal is still there."""

    @property
    def closed(self) -> IntArray:
        """Numbers of the deals that were worked on and closed."""
        return np.flatnonzero(
            (self.deal["outcome"] >= LOST) & (self.deal["start"] != -1) & (self.deal["end"] >= 0)
        )


def histories(model: Model, future: Future, deal: Records, log: Records) -> Histories:
    """Return the histories of a replication from its LINEs, and its EVENTs in the order in which they happened."""
    selling, opening = model.selling, model.opening.deal
    order = np.argsort(deal["key"], kind="stable")
    deal = deal[order]
    entering = log[log["what"] == ENTERED]
    known = np.flatnonzero(deal["row"] >= 0)
    known = known[opening["stage"][deal["row"][known]] >= 0]
    row = opening[deal["row"][known]]
    of = np.concatenate((known, np.searchsorted(deal["key"], entering["key"])))
    stage = np.concatenate((row["stage"], entering["stage"]))
    began = selling.start - (row["age"] * TICKS).astype(np.int64)
    entered = np.concatenate((began, entering["tick"]))
    by_deal = np.argsort(of, kind="stable")
    of, stage, entered = of[by_deal], stage[by_deal], entered[by_deal]
    end = np.where(deal["end"] >= 0, deal["end"], selling.horizon)
    last = np.append(of[1:] != of[:-1], True)[: len(of)]
    left = np.where(last, end[of], np.append(entered[1:], 0)[: len(of)])
    return Histories(deal, _values(model, future, deal), of, stage, entered, left)


@compiled
def _draw(closing: Closing, future: Future, deal: Records, factor: FloatArray, value: IntArray) -> None:
    """Draw the value of each deal whose value is not known, -1; the draws are those that the engines make."""
    for number in range(len(deal)):
        if value[number] < 0:
            tick = max(deal[number]["start"], deal[number]["arrival"])
            if deal[number]["end"] != -1:
                tick = deal[number]["end"]
            product = deal[number]["product"]
            price = draws.price_at(closing, tick, product) * factor[deal[number]["seat"]]
            value[number] = draws.amount_of(closing, future, deal[number]["key"], (product, 0), price)


def _values(model: Model, future: Future, deal: Records) -> IntArray:
    known, factor = model.opening.deal["amount"], future.seat
    value = np.where(deal["row"] >= 0, known[deal["row"]] if len(known) else -1, -1)
    if model.selling.seat_factor_wins:
        factor = np.ones_like(factor)
    _draw(model.closing, future, deal, factor, value)
    return np.asarray(value, dtype=np.int64)


def mean_days(model: Model) -> FloatArray:
    """Mean days in each stage of deals that advance, shape (stage, segment + 1).

    Of deals of the smallest size band with a person of the longest tenure band, in the first month of the quarter.
    """
    selling = model.selling
    rows = selling.cell[:, :, 0, -1, 0]
    return np.asarray(law_means(selling.laws)[selling.row["law"][rows]], dtype=np.float64)
