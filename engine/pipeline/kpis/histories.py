"""Histories: the deals of one replication with the stages that each went through, for figures that no counter gives."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.inputs import BoolArray, FloatArray, IntArray
from engine.pipeline.competing_risks import Observed
from engine.pipeline.kpis.law_tables import law_means, levels, quantiles
from engine.pipeline.layout import ASKED, ENTERED, FREED, GRANTED, LOST, TICKS, WON, Records, records
from engine.pipeline.model import Future, Model
from engine.streams import Purpose

REQUEST = np.dtype([("key", "u8"), ("stage", "i8"), ("asked", "i8"), ("granted", "i8"), ("freed", "i8")])
"""A request of a deal for the resource of a stage, in ticks; -1 for what did not happen until the horizon."""
_MOST_AMOUNT = 1e15
"""As in `draws.amount_of`, whose bits are met here."""


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

    request: Records
    """REQUEST, shape (request,)."""

    span: tuple[int, int]
    """Ticks [start, horizon) that are simulated."""
    stages: int
    """How many stages there are."""

    @cached_property
    def was_closed(self) -> BoolArray:
        """Whether each deal was worked on and closed."""
        outcome = self.deal["outcome"]
        return np.asarray(((outcome == WON) | (outcome == LOST)) & (self.deal["start"] != -1))

    @cached_property
    def been(self) -> BoolArray:
        """Whether each deal was in each stage, shape (stage, deal)."""
        found = np.zeros((self.stages, len(self.deal)), dtype=np.bool_)
        found[self.stage, self.of] = True
        return found

    @cached_property
    def observed(self) -> Observed:
        """Every deal by its age in days: from when it is watched, and how it ended until the horizon."""
        start, horizon = self.span
        outcome, arrival = self.deal["outcome"], self.deal["arrival"]
        until = np.where(outcome >= LOST, self.deal["end"], horizon)
        entry = np.maximum(start - arrival, 0) // TICKS
        known = np.where(outcome >= LOST, outcome == WON, -1).astype(np.int8)
        return Observed(entry, (until - arrival) // TICKS, known)


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
    span = selling.start, selling.horizon
    return Histories(
        deal, _values(model, future, deal), of, stage, entered, left, _requests(log), span, len(selling.cell)
    )


def _requests(log: Records) -> Records:
    """Return the requests of a log. Of a deal in a stage the first one is granted first, and the first unit freed."""
    asked, *later = (log[log["what"] == what] for what in (ASKED, GRANTED, FREED))
    ticks = [asked["tick"], *(np.full(len(asked), -1) for _ in later)]
    place = {one: at for at, one in enumerate(_in_turn(asked))}
    for column, events in zip(ticks[1:], later, strict=True):
        column[[place[one] for one in _in_turn(events)]] = events["tick"]
    return records(REQUEST, asked["key"], asked["stage"], *ticks)


def _in_turn(events: Records) -> list[tuple[int, int, int]]:
    """Return (deal, stage, how often before) of each event."""
    seen: dict[tuple[int, int], int] = {}
    found = []
    for one in zip(events["key"].tolist(), events["stage"].tolist(), strict=True):
        seen[one] = seen.get(one, -1) + 1
        found.append((*one, seen[one]))
    return found


def _values(model: Model, future: Future, deal: Records) -> IntArray:
    """Return what the own product of each deal brings, by the draws and the arithmetic of `draws.amount_of`."""
    closing, known = model.closing, model.opening.deal["amount"]
    worked = np.where(deal["start"] != -1, deal["start"], deal["arrival"])
    tick = np.where(deal["end"] != -1, deal["end"], worked)
    price = closing.price[np.searchsorted(closing.price_edge, tick, "right"), deal["product"]]
    if not model.selling.seat_factor_wins:
        price = price * future.seat[deal["seat"]]
    size, off = (levels(future, purpose, deal["key"]) for purpose in (Purpose.SIZE, Purpose.DISCOUNT))
    amount = np.empty(len(deal))
    for product, sold in enumerate(closing.product):
        mine = deal["product"] == product
        drawn = quantiles(closing.laws, int(sold["law"]), size[mine]) * sold["unit"] * future.amounts
        drawn *= future.product[product] * price[mine]
        if sold["discount"] >= 0:
            drawn *= 1 - np.minimum(quantiles(closing.laws, int(sold["discount"]), off[mine]), 1.0)
        amount[mine] = np.minimum(drawn, _MOST_AMOUNT) + 0.5
    opened = deal["row"] >= 0
    value = amount.astype(np.int64)
    value[opened] = np.where(known[deal["row"][opened]] >= 0, known[deal["row"][opened]], value[opened])
    return value


def mean_days(model: Model) -> FloatArray:
    """Mean days in each stage of deals that advance, shape (stage, segment + 1).

    Of deals of the smallest size band with a person of the longest tenure band, in the first month of the quarter.
    """
    selling = model.selling
    rows = selling.cell[:, :, 0, -1, 0]
    return np.asarray(law_means(selling.laws)[selling.row["law"][rows]], dtype=np.float64)
