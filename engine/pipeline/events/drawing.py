"""Draws of many deals at once, with the bits of `engine.pipeline.draws`: loops that become ones over vectors.

Of a single draw each of ten rounds waits for the one before; eight draws side by side take little longer. So what a
replication needs of every lead, and of most of them in their first stages, is drawn before anything happens.
"""

from __future__ import annotations

import numpy as np

from engine.inputs import FloatArray, IntArray, KeyArray
from engine.pipeline.draws import (
    days_draw,
    level_above,
    outcome_draw,
    rest,
    ticks_left,
    visit_number,
)
from engine.pipeline.events.compiling import compiled, inlined
from engine.pipeline.events.frame import Frame, array
from engine.pipeline.events.views import laws
from engine.pipeline.model import Laws
from engine.pipeline.quantiles import cell_of, value_in
from engine.streams import Purpose, uniform_at, word

AHEAD = 4
"""First stages whose draws are made ahead; what a deal draws after it went back is not."""
LANES = 2 * AHEAD
"""What is known ahead of a deal: by stage the level behind how it leaves it, then by stage the ticks that it stays, or
the level behind them where the law depends on more than the stage."""
MARKS, MORE_MARKS = 4096, 8
"""Marks of springs that are drawn at once, and of a spring that needs more than was likely."""

_ARRIVAL, _INSTANT = int(Purpose.ARRIVAL), int(Purpose.INSTANT)
_OUTCOME, _DURATION = int(Purpose.OUTCOME), int(Purpose.DURATION)
_PRODUCT, _SIZE = int(Purpose.PRODUCT), int(Purpose.SIZE)


@compiled
def draw_named(frame: Frame, count: int) -> None:
    """Draw the levels behind the first marks that are listed; see `draws.mark_at`."""
    seed, level = frame["seed"], array(frame, "mark_level")
    low, key = array(frame, "mark_low"), array(frame, "mark_key")
    for place in range(count):
        level[place] = uniform_at(seed, low[place], key[place])


@compiled
def draw_more_marks(frame: Frame, spring: np.uint64, index: int) -> None:
    """Draw further marks of a spring from an index on, behind the place of those that are listed."""
    seed, low, level = frame["seed"], word(frame["number"], _ARRIVAL, index), array(frame, "mark_level")
    for place in range(MORE_MARKS):
        level[MARKS + place] = uniform_at(seed, low + np.uint64(place), spring)


@compiled
def draw_instants(frame: Frame) -> None:
    """Draw the levels behind the instants at which leads arise; see `draws.instant_at`."""
    seed, low = frame["seed"], word(frame["number"], _INSTANT, 0)
    key, level = array(frame, "lead_key"), array(frame, "instant_level")
    for at in range(frame["leads"]):
        level[at] = uniform_at(seed, low, key[at])


@compiled
def draw_lane(seed: int, low: np.uint64, key: KeyArray, level: FloatArray) -> None:
    """Draw a number for each of the first deals, by the lower word of a counter."""
    for number in range(len(level)):
        level[number] = uniform_at(seed, low, key[number])


@compiled
def draw_ahead(frame: Frame) -> None:
    """Draw how deals leave their first stages, and how long they stay there."""
    seed, key, ahead = frame["seed"], array(frame, "key"), array(frame, "ahead")
    fresh, cases = len(array(frame, "opening")), frame["cases"]
    for stage in range(AHEAD):
        visit, law = visit_number(stage, 0), array(frame, "steady")[stage]
        draw_lane(seed, word(frame["number"], _OUTCOME, visit), key, ahead[stage][:cases])
        draw_lane(seed, word(frame["number"], _DURATION, visit), key, ahead[AHEAD + stage][:cases])
        if law >= 0:
            factor, leads = array(frame, "days_factor")[stage], ahead[AHEAD + stage][fresh:cases]
            stay_ahead(laws(frame), law, factor, (leads, array(frame, "guided")))


@compiled
def days_ahead(laws: Laws, law: int, work: tuple[FloatArray, IntArray]) -> None:
    """Turn levels behind days in a stage into those days; `work` is (levels, room)."""
    level, cell = work
    for place in range(len(level)):
        level[place] = level_above(0.0, level[place])
        cell[place] = cell_of(level[place])
    for place in range(len(level)):
        level[place] = value_in(laws, law, level[place], cell[place])


@compiled
def stay_ahead(laws: Laws, law: int, factor: float, work: tuple[FloatArray, IntArray]) -> None:
    """Turn levels behind days in a stage that always has the same law into ticks; `work` is (levels, room)."""
    days_ahead(laws, law, work)
    for place in range(len(work[0])):
        work[0][place] = ticks_left(work[0][place], 0.0, factor)


@compiled
def draw_sold(frame: Frame, wins: int) -> None:
    """Draw the levels behind the product and the size of the deals that were won; see `draws`."""
    seed, won, sold = frame["seed"], array(frame, "won"), array(frame, "lane_level")
    key, key_of = array(frame, "lane_key"), array(frame, "key")
    for place in range(wins):
        key[place] = key_of[won[place]]
    draw_lane(seed, word(frame["number"], _PRODUCT, 0), key, sold[0][:wins])
    draw_lane(seed, word(frame["number"], _SIZE, 0), key, sold[1][:wins])


@inlined
def outcome_level(frame: Frame, number: int, visit: tuple[int, int]) -> float:
    """Return the level behind how a deal leaves a stage; `visit` is (stage, times recycled)."""
    stage, recycled = visit
    if recycled == 0 and stage < AHEAD:
        return float(array(frame, "ahead")[stage, number])
    return outcome_draw(frame, array(frame, "key")[number], visit_number(stage, recycled))


@inlined
def stay(frame: Frame, number: int, visit: tuple[int, int], law: int) -> int:
    """Return the ticks that a deal stays in a stage, which it has entered, by a law."""
    stage, fresh = visit[0], number >= len(array(frame, "opening"))
    if stage < AHEAD and visit[1] == 0 and array(frame, "steady")[stage] >= 0 and fresh:
        return int(array(frame, "ahead")[AHEAD + stage, number])
    level = days_level(frame, number, visit)
    return rest(laws(frame), law, level, (0.0, 0.0), array(frame, "days_factor")[stage])


@compiled
def days_level(frame: Frame, number: int, visit: tuple[int, int]) -> float:
    """Return the level behind how long a deal stays in a stage, unless its ticks are known."""
    stage, recycled = visit
    if recycled == 0 and stage < AHEAD:
        return float(array(frame, "ahead")[AHEAD + stage, number])
    return days_draw(frame, array(frame, "key")[number], visit_number(stage, recycled))
