"""What is drawn: the scalar functions that both engines share, so that they get the same bits."""

from __future__ import annotations

from math import log

import numpy as np

from engine.inputs import FloatArray
from engine.pipeline.model import CELLS, MONTH, NEVER, TICKS, Arising, Closing, Future, Laws, Seats
from engine.streams import Purpose, compiled, uniform

_ARRIVAL, _PRODUCT, _OUTCOME = int(Purpose.ARRIVAL), int(Purpose.PRODUCT), int(Purpose.OUTCOME)
_DURATION, _SIZE = int(Purpose.DURATION), int(Purpose.SIZE)
_BELOW_ONE = 1 - 2.0**-53
_MOST_DAYS = 1e6
_MOST_AMOUNT = 1e15


@compiled
def quantile(laws: Laws, law: int, level: float) -> float:
    """Value of a tabulated law at a level in [0, 1)."""
    cell = int(level * CELLS)
    low, high = laws.guide[law, cell], laws.guide[law, cell + 1]
    while low < high:
        middle = (low + high + 1) >> 1
        if laws.knot[middle]["level"] <= level:
            low = middle
        else:
            high = middle - 1
    knot = laws.knot[low]
    return float(knot["value"] + (level - knot["level"]) * knot["slope"])


@compiled
def arrival_mass(future: Future, account: np.uint64, index: int) -> float:
    """Exponential gap in expected leads before the index-th lead of an account."""
    return -log(uniform(future.seed, future.number, _ARRIVAL, account, index))


@compiled
def instant(arising: Arising, share: float) -> int:
    """Tick at which a share in [0, 1) of the plan's leads has come: the exact inverse of the intensity."""
    cell = 0
    while share >= arising.mass[cell + 1]:
        cell += 1
    part = (share - arising.mass[cell]) / (arising.mass[cell + 1] - arising.mass[cell])
    width = arising.edge[cell + 1] - arising.edge[cell]
    return int(arising.edge[cell] + min(np.int64(part * width), width - 1))


@compiled
def advances(future: Future, deal: np.uint64, stage: int, chance: float) -> bool:
    """Whether a deal leaves a stage for the next one; the same draw for any chance."""
    return uniform(future.seed, future.number, _OUTCOME, deal, stage) < chance


@compiled
def days_draw(future: Future, deal: np.uint64, stage: int) -> float:
    """Uniform number behind the days of a deal in a stage."""
    return uniform(future.seed, future.number, _DURATION, deal, stage)


@compiled
def rest(laws: Laws, law: int, draw: float, floor: float, age: float) -> int:
    """Ticks still to go for a deal of an age in days at which its law has reached the level `floor`."""
    level = min(floor + draw * (1 - floor), _BELOW_ONE)
    days = min(max(quantile(laws, law, level) - age, 0.0), _MOST_DAYS)
    return int(days * TICKS + 0.5)


@compiled
def product_of(future: Future, deal: np.uint64, mix: FloatArray) -> int:
    """Product of a deal from cumulative shares."""
    draw = uniform(future.seed, future.number, _PRODUCT, deal, 0)
    product = 0
    while draw >= mix[product]:
        product += 1
    return product


@compiled
def amount_of(closing: Closing, future: Future, deal: np.uint64, product: int) -> int:
    """Amount of a won deal, rounded to minor units."""
    draw = uniform(future.seed, future.number, _SIZE, deal, 0)
    sold = closing.product[product]
    amount = quantile(closing.laws, sold["law"], draw) * sold["unit"] * future.amounts
    return int(min(amount, _MOST_AMOUNT) + 0.5)


@compiled
def staffed_from(seats: Seats, seat: int, tick: int) -> int:
    """First tick at or after `tick` with somebody in the seat; NEVER when nobody comes."""
    for place in range(seats.first[seat], seats.first[seat + 1]):
        spell = seats.spell[place]
        if tick < spell["end"]:
            return int(max(tick, spell["begin"]))
    return NEVER


@compiled
def ramp(seats: Seats, seat: int, tick: int) -> float:
    """Ratio of the person who last took the seat up to `tick`, by full months; 1 before anybody did."""
    ratio = 1.0
    for place in range(seats.first[seat], seats.first[seat + 1]):
        begin = seats.spell[place]["begin"]
        if begin <= tick:
            month = (tick - begin) // MONTH
            ratio = seats.ramp[month] if month < len(seats.ramp) else 1.0
    return ratio
