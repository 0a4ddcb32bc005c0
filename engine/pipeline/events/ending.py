"""A replication after everything happened: what is open, what seats and resources had, and the deals as lines."""

from __future__ import annotations

from engine.pipeline import counters as c
from engine.pipeline.events.compiling import compiled
from engine.pipeline.events.counting import count, count_time, turn_to
from engine.pipeline.events.frame import Frame, array
from engine.pipeline.events.money import own_product
from engine.pipeline.layout import OPEN, WAITING


@compiled
def count_open(frame: Frame) -> None:
    """Count the deals that are not closed, and the units that are held, at the horizon."""
    case, unit, pool = array(frame, "case"), array(frame, "unit"), array(frame, "pool")
    turn_to(frame, frame["horizon"] - 1)
    frame["tick"] = frame["horizon"]
    for number in range(frame["cases"]):
        deal = case[number]
        if deal["outcome"] == WAITING:
            count(frame, deal, c.WAITING_AT_END, 1)
        elif deal["outcome"] == OPEN:
            count(frame, deal, c.OPEN_AT_END, 1)
            count(frame, deal, c.GLOBAL + c.FUNNEL * deal["stage"] + c.OPEN_THERE, 1)
            count_time(frame, deal, c.HELD, deal["taken"])
    for slot in range(frame["units"]):
        if unit[slot]["case"] >= 0:
            counter = pool[unit[slot]["pool"]]["counter"] + c.IN_USE
            count_time(frame, case[unit[slot]["case"]], counter, unit[slot]["since"])


@compiled
def count_span(frame: Frame, group: int, counter: int, span: tuple[int, int, int]) -> None:
    """Add the ticks of a span times a weight, `span` is (begin, end, weight), to a group and to periods."""
    edge, tally = array(frame, "edge"), array(frame, "tally")
    begin, end = max(span[0], frame["start"]), min(span[1], frame["horizon"])
    for period in range(len(edge) - 1):
        ticks = min(end, edge[period + 1]) - max(begin, edge[period])
        if ticks > 0:
            tally[group, counter] += ticks * span[2]
            tally[frame["period_group"] + period, counter] += ticks * span[2]


@compiled
def count_person(frame: Frame, seat: int, counter: int, tick: int) -> None:
    """Count that somebody comes or goes between the start and the horizon."""
    tally = array(frame, "tally")
    if frame["start"] <= tick < frame["horizon"]:
        turn_to(frame, tick)
        tally[1 + seat, counter] += 1
        tally[frame["period_group"] + frame["period_now"], counter] += 1


@compiled
def count_capacity(frame: Frame) -> None:
    """Count who was present, quit and was hired, and the units that resources had."""
    presence, pools, capacity = array(frame, "presence"), array(frame, "pool"), array(frame, "capacity")
    for at in range(frame["presences"]):
        sat = presence[at]
        seat, begin, end = sat["seat"], sat["begin"], sat["end"]
        count_span(frame, 1 + seat, c.PRESENT, (begin, end, 1))
        count_span(frame, 1 + seat, c.SLOT_TICKS, (begin, end, array(frame, "desk")[seat]["slots"]))
        if sat["hired"]:
            count_person(frame, seat, c.HIRED, begin)
        if sat["quits"]:
            count_person(frame, seat, c.QUITS, end)
    for resource in range(len(pools)):
        pool = pools[resource]
        for step in range(pool["first"], pool["end"]):
            end = capacity[step + 1]["tick"] if step + 1 < pool["end"] else frame["horizon"]
            span = (capacity[step]["tick"], end, capacity[step]["units"])
            count_span(frame, 0, pool["counter"] + c.CAPACITY_TICKS, span)


@compiled
def add_up(frame: Frame) -> None:
    """Make the first group the sum over periods."""
    tally = array(frame, "tally")
    for counter in range(tally.shape[1]):
        total = 0
        for group in range(frame["period_group"], len(tally)):
            total += tally[group, counter]
        tally[0, counter] = total


@compiled
def write_lines(frame: Frame) -> None:
    """Write the deals as lines as far as there is room, and count them."""
    trace, case, opening = array(frame, "trace"), array(frame, "case"), array(frame, "opening")
    for number in range(frame["cases"]):
        deal = case[number]
        if frame["lined"] < len(trace):
            line, product = trace[frame["lined"]], own_product(frame, deal)
            line["seat"], line["key"], line["segment"] = deal["seat"], deal["key"], deal["segment"]
            line["product"], line["amount"], line["rank"] = product, deal["amount"], deal["rank"]
            line["arrival"], line["start"], line["end"] = deal["arrival"], deal["start"], deal["end"]
            line["outcome"], line["account"], line["source"], line["row"] = deal["outcome"], -1, -1, -1
            if deal["spring"] >= 0:
                spring = array(frame, "spring")[deal["spring"]]
                line["account"], line["source"] = spring["account"], spring["source"]
            else:
                line["account"], line["row"] = opening[number]["account"], number
        frame["lined"] += 1
