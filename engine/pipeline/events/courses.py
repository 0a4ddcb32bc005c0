"""The courses of leads, drawn before anything happens: how far each comes, and how long it stays in each stage.

Where a stage is the same whatever the moment, the seat and the deal, the course of a lead does not depend on when it
starts. So all leads are drawn side by side, stage by stage, and in a stage those alone that reach it: `listed` says how
many these are, `who` which ones, shape (stage, place), and `stay` how long they stay and whether they advance.
"""

from __future__ import annotations

import numpy as np

from engine.inputs import FloatArray, IntArray, KeyArray
from engine.pipeline.draws import chance_at, ticks_left, visit_number
from engine.pipeline.events.compiling import compiled
from engine.pipeline.events.drawing import days_ahead, draw_lane
from engine.pipeline.events.frame import Frame, array
from engine.pipeline.events.views import laws
from engine.pipeline.model import Laws
from engine.streams import Purpose, word

_OUTCOME, _DURATION = int(Purpose.OUTCOME), int(Purpose.DURATION)


@compiled
def pick(source: KeyArray, which: KeyArray, target: KeyArray) -> None:
    """Copy what stands at some places."""
    for place in range(len(which)):
        target[place] = source[which[place]]


@compiled
def stays(laws: Laws, law: int, factor: float, work: tuple[FloatArray, IntArray]) -> None:
    """Turn levels behind days in a stage into ticks; `work` is (levels, ticks)."""
    days_ahead(laws, law, work)
    for place in range(len(work[0])):
        work[1][place] = ticks_left(work[0][place], 0.0, factor)


@compiled
def go_through(
    level: FloatArray, chance: float, who: tuple[KeyArray, KeyArray], ticks: tuple[IntArray, IntArray]
) -> int:
    """Note which leads advance from a stage, list them, and add to the ticks that leads have taken; return how many.

    `who` is (leads in the stage, those in the next one), `ticks` is (those in the stage, twice and one more for leads
    that advance; those that each lead has taken so far).
    """
    here, on = who
    stay, taken = ticks
    count = 0
    for place in range(len(level)):
        number = here[place]
        on[count] = number
        goes = int(level[place] < chance)
        count += goes
        taken[number] += stay[place]
        stay[place] = 2 * stay[place] + goes
    return count


@compiled
def draw_courses(frame: Frame, leads: int) -> None:
    """Draw the courses of the first leads, as they stand in `key`, and let `left` say how long they take."""
    who, stay, listed = array(frame, "who"), array(frame, "stay"), array(frame, "listed")
    left, of_days = array(frame, "left"), laws(frame)
    key, some, level = array(frame, "key"), array(frame, "lane_key"), array(frame, "lane_level")
    for number in range(leads):
        who[0, number], left[number] = np.uint64(number), 0
    count = leads
    for stage in range(frame["stages"]):
        row, visit = array(frame, "row")[array(frame, "cell")[stage, 0, 0, 0, 0]], visit_number(stage, 0)
        listed[stage] = count
        pick(key, who[stage, :count], some)
        draw_lane(frame["seed"], word(frame["number"], _OUTCOME, visit), some, level[0, :count])
        draw_lane(frame["seed"], word(frame["number"], _DURATION, visit), some, level[1, :count])
        work = (level[1, :count], stay[stage, :count])
        stays(of_days, row["law"], array(frame, "days_factor")[stage], work)
        chance = chance_at(row["advance"], array(frame, "odds_factor")[stage])
        count = go_through(level[0, :count], chance, (who[stage], who[stage + 1]), (stay[stage], left))
    listed[frame["stages"]] = count
