"""What is drawn, and the arithmetic on it: scalar functions that both engines share, so that they get the same bits.

A draw is keyed by purpose and entity. What changes in a scenario therefore changes no draw of something else: with a
higher rate of arrivals the same leads arise at the same instants, and further ones among them; with a higher chance no
deal is lost that was won.
"""

from __future__ import annotations

from math import log

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.pipeline.layout import NEVER, STAGES, TICKS
from engine.pipeline.model import Arising, Closing, Future, Hazards, Laws, Seats, Selling
from engine.pipeline.quantiles import MOST_DAYS, quantile, ticks_of
from engine.streams import Purpose, child, compiled, inlined, uniform

_ARRIVAL, _INSTANT, _PRODUCT = int(Purpose.ARRIVAL), int(Purpose.INSTANT), int(Purpose.PRODUCT)
_OUTCOME, _DURATION, _SIZE = int(Purpose.OUTCOME), int(Purpose.DURATION), int(Purpose.SIZE)
_ROUTE, _NEEDS, _HOLD = int(Purpose.ROUTE), int(Purpose.NEEDS), int(Purpose.HOLD)
_QUIT, _BACKFILL, _DELAY = int(Purpose.QUIT), int(Purpose.BACKFILL), int(Purpose.DELAY)
_ATTACH, _DISCOUNT = int(Purpose.ATTACH), int(Purpose.DISCOUNT)
_PATIENCE = int(Purpose.PATIENCE)
BELOW_ONE = 1 - 2.0**-53
"""The highest level of a law."""
_MOST_AMOUNT = 1e15
_ONE = np.uint64(1)
ADVANCE, BACK, AWAY = range(3)
"""How a deal leaves a stage: for the next one, for an earlier one, lost."""


# Leads


@compiled
def mark(future: Future, spring: np.uint64, index: int) -> float:
    """Exponential distance between the marks of a spring's leads; lead k arises where the k-th mark is below the rate.

    A Poisson process in (instant, mark): leads below any rate are one of that rate, and a higher one only adds leads.
    """
    return mark_at(uniform(future.seed, future.number, _ARRIVAL, spring, index))


@compiled
def mark_at(level: float) -> float:
    """Return the distance between marks at a level."""
    return -log(level)


@compiled
def instant(arising: Arising, shape: int, future: Future, deal: np.uint64) -> int:
    """Tick at which a lead arises."""
    return instant_at(arising, shape, uniform(future.seed, future.number, _INSTANT, deal, 0), 0)


@compiled
def instant_at(arising: Arising, shape: int, share: float, cell: int) -> int:
    """Tick up to which a share of a spring's leads arises, by the exact inverse of its intensity.

    It lies in no cell before `cell`.
    """
    of_shape, at = np.uint64(shape), np.uint64(cell)
    while share >= arising.mass[of_shape, at + _ONE]:
        at += _ONE
    low, high = arising.mass[of_shape, at], arising.mass[of_shape, at + _ONE]
    width = arising.edge[at + _ONE] - arising.edge[at]
    return int(arising.edge[at] + min(np.int64((share - low) / (high - low) * width), width - 1))


@compiled
def patience_of(laws: Laws, law: int, future: Future, deal: np.uint64) -> int:
    """Ticks for which a lead waits until somebody starts it; NEVER where it has no law of patience."""
    if law < 0:
        return NEVER
    return ticks_of(laws, law, min(uniform(future.seed, future.number, _PATIENCE, deal, 0), BELOW_ONE))


@compiled
def product_of(future: Future, deal: np.uint64, mix: FloatArray) -> int:
    """Product of a deal from cumulative shares."""
    return product_at(uniform(future.seed, future.number, _PRODUCT, deal, 0), mix)


@inlined
def product_at(level: float, mix: FloatArray) -> int:
    """Product at a level of cumulative shares; nothing branches on it."""
    product = 0
    for share in mix:
        product += int(level >= share)
    return product


@compiled
def claim(future: Future, deal: np.uint64, seat: np.uint64, weight: float) -> float:
    """Return what a seat of a weighted pool bids for a lead: the lowest gets it, in proportion to weight.

    Exponential with the weight as its rate, so that a further seat takes leads from others and moves none between them.
    """
    return -log(uniform(future.seed, future.number, _ROUTE, child(deal, seat), 0)) / weight


# Stages


@inlined
def visit_number(stage: int, recycled: int) -> int:
    """Return the number of the draws of a deal in a stage."""
    return stage + STAGES * recycled


@compiled
def outcome_draw(future: Future, deal: np.uint64, visit: int) -> float:
    """Uniform number behind how a deal leaves a stage; `visit` is stage + STAGES x times recycled."""
    return uniform(future.seed, future.number, _OUTCOME, deal, visit)


@inlined
def leaving(draw: float, chances: tuple[float, float]) -> int:
    """How a deal leaves a stage, ADVANCE, BACK or AWAY; chances: to advance, and to go back."""
    if draw < chances[0]:
        return ADVANCE
    return BACK if draw < chances[0] + chances[1] else AWAY


@inlined
def chance_at(chance: float, odds: float) -> float:
    """Probability whose odds are those of `chance` times a factor."""
    return chance if odds == 1.0 else chance * odds / (1.0 - chance + chance * odds)


@inlined
def going_back(chance: float, advance: float, back: float) -> float:
    """Probability to go back of a deal that advances with `chance` where its stage says `advance`.

    What is left is shared between going back and being lost as the stage shares it, so that all stay within 1.
    """
    if back == 0.0 or chance == advance:
        return back
    return (1.0 - chance) * back / (1.0 - advance)


@compiled
def days_draw(future: Future, deal: np.uint64, visit: int) -> float:
    """Uniform number behind the days of a deal in a stage."""
    return uniform(future.seed, future.number, _DURATION, deal, visit)


@inlined
def level_above(floor: float, draw: float) -> float:
    """Level of a law, below 1, of which it is known that it lies above `floor`."""
    return min(floor + draw * (1 - floor), BELOW_ONE)


@inlined
def ticks_left(days: float, age: float, factor: float) -> int:
    """Ticks that are left of days in a stage at an age; `factor` is that on its days."""
    return int(min(max(days - age, 0.0) * factor, MOST_DAYS) * TICKS + 0.5)


@inlined
def rest(laws: Laws, law: int, draw: float, reached: tuple[float, float], factor: float) -> int:
    """Ticks still to go in a stage; `factor` is that on its days.

    `reached` is (level of the law, age in days) of a deal that is in the stage already, or (0, 0).
    """
    floor, age = reached
    return ticks_left(quantile(laws, law, level_above(floor, draw)), age, factor)


@compiled
def needs(future: Future, deal: np.uint64, visit: int, chance: float) -> bool:
    """Whether a deal asks for a unit of the resource of its stage."""
    return chance >= 1 or uniform(future.seed, future.number, _NEEDS, deal, visit) < chance


@compiled
def held_for(laws: Laws, law: int, future: Future, deal: np.uint64, visit: int) -> int:
    """Ticks for which a deal holds the unit, where that has a law of its own."""
    return ticks_of(laws, law, min(uniform(future.seed, future.number, _HOLD, deal, visit), BELOW_ONE))


@compiled
def band(edges: IntArray, value: int) -> int:
    """Band of a value: how many edges lie at or below it."""
    at = 0
    while at < len(edges) and edges[at] <= value:
        at += 1
    return at


@compiled
def month_of(selling: Selling, tick: int) -> int:
    """Part of the quarter, from 0, of a tick before the horizon."""
    at = 0
    while selling.month_edge[at + 1] <= tick:
        at += 1
    return int(selling.month[at])


# People


@compiled
def quits_at(hazards: Hazards, which: int, future: Future, person: np.uint64, times: tuple[int, int]) -> int:
    """Tick at which a person quits, given that they are there; `times`: when they came, and from when they are watched.

    The cumulative hazard from the tenure then reached to that of the end is exponential with mean 1.
    """
    since, watched = times
    left = -log(uniform(future.seed, future.number, _QUIT, person, 0))
    tenure = max(watched - since, 0)
    edge, mass, rate = hazards.edge[which], hazards.mass[which], hazards.rate[which]
    last = len(edge) - 1
    cell = 0
    while cell < last and edge[cell + 1] <= tenure:
        cell += 1
    level = mass[cell] + (tenure - edge[cell]) * rate[cell] + left
    while cell < last and mass[cell + 1] <= level:
        cell += 1
    if rate[cell] <= 0:
        return NEVER
    return int(min(since + edge[cell] + (level - mass[cell]) / rate[cell], NEVER))


@compiled
def backfill_after(laws: Laws, law: int, future: Future, person: np.uint64) -> int:
    """Ticks until a newcomer follows in a seat."""
    return ticks_of(laws, law, min(uniform(future.seed, future.number, _BACKFILL, person, 0), BELOW_ONE))


@compiled
def late_by(laws: Laws, law: int, future: Future, person: np.uint64) -> int:
    """Ticks by which somebody comes later than planned."""
    return ticks_of(laws, law, min(uniform(future.seed, future.number, _DELAY, person, 0), BELOW_ONE))


@compiled
def thawed(seats: Seats, tick: int) -> int:
    """First tick at or after `tick` that lies in no hiring freeze."""
    for place in range(len(seats.frozen)):
        if seats.frozen[place, 0] <= tick < seats.frozen[place, 1]:
            tick = seats.frozen[place, 1]
    return tick


# Money


@compiled
def price_at(closing: Closing, tick: int, product: int) -> float:
    """Factor on the prices of a product at a tick."""
    return float(closing.price[band(closing.price_edge, tick), product])


@compiled
def amount_of(closing: Closing, future: Future, deal: np.uint64, item: tuple[int, int], factor: float) -> int:
    """Amount of a product in a deal, rounded to minor units; `item` is (product, draw).

    The deal's own product has the draw 0, product q that it takes along has the draw 1 + q. `factor` is that of the
    seat, where it counts, and of the price.
    """
    level = uniform(future.seed, future.number, _SIZE, deal, item[1])
    return amount_at(closing, future, deal, item, (level, factor))


@inlined
def amount_at(
    closing: Closing, future: Future, deal: np.uint64, item: tuple[int, int], known: tuple[float, float]
) -> int:
    """Amount of a product in a deal at a level of the law of sizes; `known` is (level, factor)."""
    product, draw = item
    sold = closing.product[product]
    amount = quantile(closing.laws, sold["law"], min(known[0], BELOW_ONE)) * sold["unit"] * future.amounts
    amount *= future.product[product] * known[1]
    if sold["discount"] >= 0:
        off = min(uniform(future.seed, future.number, _DISCOUNT, deal, draw), BELOW_ONE)
        amount *= 1 - min(quantile(closing.laws, sold["discount"], off), 1.0)
    return int(min(amount, _MOST_AMOUNT) + 0.5)


@compiled
def takes_along(future: Future, deal: np.uint64, product: int, chance: float) -> bool:
    """Whether a deal takes a further product along."""
    return chance > 0 and uniform(future.seed, future.number, _ATTACH, deal, product) < chance
