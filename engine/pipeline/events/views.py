"""What the draws read of a frame, under the names that they know, and no more: functions take it by value."""

from __future__ import annotations

from typing import Any, NamedTuple

from engine.inputs import FloatArray, IntArray
from engine.pipeline.events.compiling import compiled
from engine.pipeline.events.frame import Frame, array
from engine.pipeline.layout import Records
from engine.pipeline.model import Future, Hazards, Laws


class Pricing(NamedTuple):
    """What amounts depend on, of engine.pipeline.model.Closing."""

    laws: Laws
    product: Records
    price_edge: IntArray
    price: FloatArray


class Season(NamedTuple):
    """When leads arise, of engine.pipeline.model.Arising."""

    edge: IntArray
    mass: FloatArray


class Freezes(NamedTuple):
    """When nobody is hired, of engine.pipeline.model.Seats."""

    frozen: IntArray


@compiled
def laws(frame: Frame) -> Laws:
    """Laws of days."""
    return Laws(array(frame, "knot"), array(frame, "guide"))


@compiled
def price_laws(frame: Frame) -> Laws:
    """Laws of amounts, discounts, renewals and expansions."""
    return Laws(array(frame, "price_knot"), array(frame, "price_guide"))


@compiled
def hazards(frame: Frame) -> Hazards:
    """How people quit."""
    return Hazards(array(frame, "hazard_edge"), array(frame, "hazard_mass"), array(frame, "hazard_rate"))


@compiled
def freezes(frame: Frame) -> Any:
    """Hiring freezes."""
    return Freezes(array(frame, "frozen"))


@compiled
def season(frame: Frame) -> Any:
    """When leads arise."""
    return Season(array(frame, "arising_edge"), array(frame, "arising_mass"))


@compiled
def pricing(frame: Frame) -> Any:
    """Return what amounts depend on."""
    return Pricing(
        price_laws(frame), array(frame, "product"), array(frame, "price_edge"), array(frame, "price")
    )


@compiled
def future(frame: Frame) -> Future:
    """Return the factors of the replication."""
    return Future(
        frame["seed"],
        frame["number"],
        array(frame, "arrival_factor")[frame["index"]],
        array(frame, "amount_factor")[frame["index"]],
        array(frame, "group_factor"),
        array(frame, "seat_factor"),
        array(frame, "product_factor"),
        array(frame, "odds_factor"),
        array(frame, "days_factor"),
    )
