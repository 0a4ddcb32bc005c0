"""What deals are worth, and where it is booked."""

from __future__ import annotations

import numpy as np

from engine.pipeline import counters as c
from engine.pipeline.draws import amount_at, amount_of, band, price_at, product_at, product_of, takes_along
from engine.pipeline.events.compiling import compiled, inlined
from engine.pipeline.events.counting import count, turn_to
from engine.pipeline.events.drawing import draw_sold
from engine.pipeline.events.frame import Frame, Record, array
from engine.pipeline.events.views import future, pricing
from engine.pipeline.layout import NEVER, NEW, WON


@compiled
def own_product(frame: Frame, deal: Record) -> int:
    """Return the product of a deal, which is drawn when somebody first asks."""
    if deal["product"] < 0:
        deal["product"] = product_of(frame, deal["key"], array(frame, "mix")[deal["segment"]])
    return int(deal["product"])


@compiled
def on_sale(frame: Frame, product: int) -> bool:
    """Whether a product is still sold."""
    until = array(frame, "product")[product]["until"] if frame["drops"] == 1 else NEVER
    return bool(until > frame["tick"])


@compiled
def is_sold(frame: Frame, deal: Record) -> bool:
    """Whether the product of a deal is still sold."""
    return frame["drops"] == 0 or on_sale(frame, own_product(frame, deal))


@inlined
def factor_on(frame: Frame, deal: Record, tick: int, product: int) -> float:
    """Return the factor on the amount of a product at a tick, if the seat of the deal has it to the end."""
    factor = price_at(pricing(frame), tick, product)
    return factor * (1.0 if frame["seat_factor_wins"] else array(frame, "seat_factor")[deal["seat"]])


@compiled
def size_band(frame: Frame, deal: Record) -> int:
    """Band of a deal's size: of its known amount, or what its product would bring in any seat as it arrives."""
    edges = array(frame, "size_edge")
    if len(edges) == 0:
        return 0
    if deal["amount"] >= 0:
        return band(edges, deal["amount"])
    product, tick = own_product(frame, deal), max(deal["arrival"], frame["start"])
    factor = price_at(pricing(frame), tick, product)
    return band(edges, amount_of(pricing(frame), future(frame), deal["key"], (product, 0), factor))


@inlined
def price(frame: Frame, deal: Record, level: float) -> int:
    """Set the amount of a deal that is won now; return how many products it takes along.

    The amount of its own product, and of those, stands in `line`. `level` is that behind the size of its own one.
    """
    line, attach, product = array(frame, "line"), array(frame, "attach"), np.uint64(own_product(frame, deal))
    if deal["amount"] >= 0:
        line[product] = deal["amount"]
        return 0
    known = (level, factor_on(frame, deal, frame["tick"], int(product)))
    line[product] = amount_at(pricing(frame), future(frame), deal["key"], (int(product), 0), known)
    deal["amount"], along = line[product], 0
    for other in range(len(line)):
        if takes_along(frame, deal["key"], other, attach[product, other]) and on_sale(frame, other):
            factor = factor_on(frame, deal, frame["tick"], other)
            amount = amount_of(pricing(frame), future(frame), deal["key"], (other, 1 + other), factor)
            line[other] = max(line[other], 0) + amount
            deal["amount"] += amount
            along += 1
    return along


@compiled
def write(frame: Frame, of: Record, what: tuple[int, int, int]) -> None:
    """Write a booking of a deal or contract, (kind, product, amount), as far as there is room, and count it."""
    booking = array(frame, "booking")
    if frame["booked"] < len(booking):
        line = booking[frame["booked"]]
        line["tick"], line["key"], line["seat"] = frame["tick"], of["key"], of["seat"]
        line["segment"] = of["segment"]
        line["kind"], line["product"], line["amount"] = what
    frame["booked"] += 1


@inlined
def counted(frame: Frame, deal: Record, measure: int, product: int) -> int:
    """Return what a measure counts of a product in `line`, 0 for none: its amount, or 1."""
    counts, money = array(frame, "counts"), array(frame, "money")
    one = array(frame, "line")[np.uint64(product)] if money[measure] else 1
    return int(one * int(counts[measure, NEW, np.uint64(deal["segment"]), np.uint64(product)]))


@compiled
def book_several(frame: Frame, deal: Record) -> None:
    """Book the products in `line`; a measure that counts deals counts the deal once."""
    book, line, money = array(frame, "book"), array(frame, "line"), array(frame, "money")
    for measure in range(len(money)):
        total = 0
        for product in range(len(line)):
            if line[product] >= 0:
                total += counted(frame, deal, measure, product)
        book[deal["seat"], frame["period_now"], measure] += total if money[measure] else min(total, 1)
    for product in range(len(line)):
        if line[product] >= 0:
            write(frame, deal, (NEW, product, line[product]))


@inlined
def book_one(frame: Frame, deal: Record) -> None:
    """Book a deal for its own product alone; nothing branches on which one that is."""
    book, product = array(frame, "book"), deal["product"]
    for measure in range(len(array(frame, "money"))):
        amount = counted(frame, deal, measure, product)
        book[np.uint64(deal["seat"]), np.uint64(frame["period_now"]), measure] += amount
    write(frame, deal, (NEW, product, deal["amount"]))


@compiled
def book_wins(frame: Frame) -> None:
    """Price and book the deals that were won, when that was; nothing that happens to deals depends on it."""
    case, won = array(frame, "case"), array(frame, "won")
    wins = 0
    for number in range(frame["cases"]):
        won[wins] = number
        wins += int(case[number]["outcome"] == WON)
    book_listed(frame, wins)


@compiled
def book_listed(frame: Frame, wins: int) -> None:
    """Price and book the first deals of `won`."""
    case, won, level, line = (
        array(frame, "case"),
        array(frame, "won"),
        array(frame, "lane_level"),
        array(frame, "line"),
    )
    for product in range(len(line)):
        line[product] = -1
    draw_sold(frame, wins)
    for place in range(wins):
        deal = case[won[place]]
        turn_to(frame, deal["end"])
        if deal["product"] < 0:
            deal["product"] = product_at(level[0, place], array(frame, "mix")[deal["segment"]])
        if price(frame, deal, level[1, place]) > 0:
            book_several(frame, deal)
        else:
            book_one(frame, deal)
        for product in range(len(line)):
            line[product] = -1
        count(frame, deal, c.WON_AMOUNT, deal["amount"])
