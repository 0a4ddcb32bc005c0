"""Contracts of the installed base: they renew, end and grow beside the deals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.pipeline import base_draws
from engine.pipeline.layout import EXPANSION, NEVER, RENEWAL
from engine.pipeline.model import Future, Model
from engine.pipeline.reference.deal import Booking


def renewals(model: Model, future: Future) -> Iterator[Booking]:
    """Yield what every contract books up to the horizon."""
    for contract in model.base.contract:
        yield from _of_contract(model, future, contract)


def _of_contract(model: Model, future: Future, contract: Any) -> Iterator[Booking]:
    selling, key, rule = model.selling, np.uint64(contract["key"]), model.base.rule[contract["rule"]]
    worth, renewal, grown = int(contract["amount"]), 0, 0

    def booked(tick: int, kind: int, amount: int) -> Booking:
        seat, segment, product = int(contract["seat"]), int(contract["segment"]), int(contract["product"])
        return Booking(tick, seat, kind, segment, product, amount, int(key))

    def gap(index: int) -> int:
        return int(base_draws.expansion_gap(future, key, index, rule["rate"])) if rule["rate"] > 0 else NEVER

    renews, grows = int(contract["renews"]), selling.start + gap(0)
    while renews < selling.start:
        renewal, renews = renewal + 1, renews + int(contract["term"])
    while min(renews, grows) < selling.horizon:
        if renews <= grows:
            if base_draws.churns(future, key, renewal, rule["churn"]):
                return
            worth = int(
                worth * base_draws.renewed_at(model.closing.laws, rule["factor"], future, key, renewal) + 0.5
            )
            yield booked(renews, RENEWAL, worth)
            renewal, renews = renewal + 1, renews + int(contract["term"])
        else:
            more = int(
                worth * base_draws.grown_by(model.closing.laws, rule["expansion"], future, key, grown) + 0.5
            )
            worth += more
            yield booked(grows, EXPANSION, more)
            grown += 1
            grows += gap(grown)
