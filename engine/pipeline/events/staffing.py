"""People who come and go, and what becomes of the deals of a seat that somebody leaves and nobody takes at once."""

from __future__ import annotations

from engine.pipeline import counters as c
from engine.pipeline import layout as m
from engine.pipeline.events.closing import lose
from engine.pipeline.events.compiling import compiled
from engine.pipeline.events.counting import count, count_time, note
from engine.pipeline.events.frame import Frame, array
from engine.pipeline.events.routing import less_loaded
from engine.pipeline.events.seats import first_waiting, let_go, next_waiting, stir, take_on, wait_at
from engine.pipeline.events.sharing import give_back
from engine.pipeline.layout import LOSE, LOST, NEVER, REASSIGN


@compiled
def change_staff(frame: Frame) -> None:
    """Let people begin and end their presences at this tick; then hand over or lose the deals of vacated seats."""
    staff, presence, desks = array(frame, "staff"), array(frame, "presence"), array(frame, "desk")
    first = frame["staffed"]
    while staff[frame["staffed"]]["tick"] == frame["tick"]:
        what = staff[frame["staffed"]]["what"]
        frame["staffed"] += 1
        if what >= 0:
            desk = desks[presence[what]["seat"]]
            desk["present"], desk["sitting"] = 1, what
            stir(frame, presence[what]["seat"])
        else:
            desks[presence[-1 - what]["seat"]]["present"] = 0
    seat = next_vacated(frame, first, -1)
    while seat >= 0:
        if desks[seat]["on_leave"] == REASSIGN:
            hand_over(frame, seat)
        elif desks[seat]["on_leave"] == LOSE:
            lose_all(frame, seat)
        seat = next_vacated(frame, first, seat)


@compiled
def next_vacated(frame: Frame, first: int, done: int) -> int:
    """Return the seat vacated by the changes since `first` with the next key after that of a seat; -1 at the end."""
    staff, presence, desk, best = array(frame, "staff"), array(frame, "presence"), array(frame, "desk"), -1
    for at in range(first, frame["staffed"]):
        what = staff[at]["what"]
        if what < 0 and presence[-1 - what]["leaves"]:
            seat = presence[-1 - what]["seat"]
            behind = done < 0 or desk[seat]["key"] > desk[done]["key"]
            nearer = best < 0 or desk[seat]["key"] < desk[best]["key"]
            if desk[seat]["present"] == 0 and behind and nearer:
                best = seat
    return int(best)


@compiled
def least_loaded(frame: Frame, seat: int) -> int:
    """Return the present seat of the same team with the fewest deals a slot, of several that of the lowest key."""
    desk, best = array(frame, "desk"), -1
    for other in range(len(desk)):
        if other == seat or desk[other]["present"] == 0 or desk[other]["team"] != desk[seat]["team"]:
            continue
        less = 1 if best < 0 else less_loaded(desk[other], desk[best])
        if less > 0 or (less == 0 and desk[other]["key"] < desk[best]["key"]):
            best = other
    return best


@compiled
def gather_by_key(frame: Frame, seat: int) -> int:
    """List the deals in progress at a seat by key on the agenda, which is empty; return how many there are."""
    case, listed, found = array(frame, "case"), array(frame, "agenda"), 0
    number = array(frame, "desk")[seat]["first"]
    while number >= 0:
        at = found
        while at > 0 and case[listed[at - 1]]["key"] > case[number]["key"]:
            listed[at] = listed[at - 1]
            at -= 1
        listed[at] = number
        found += 1
        number = case[number]["after"]
    return found


@compiled
def hand_over(frame: Frame, seat: int) -> None:
    """Move the deals of a seat, first those in progress, each to the seat of the team that is least loaded then."""
    if least_loaded(frame, seat) < 0:
        return
    case = array(frame, "case")
    for place in range(gather_by_key(frame, seat)):
        number = array(frame, "agenda")[place]
        deal = case[number]
        count_time(frame, deal, c.HELD, deal["taken"])
        let_go(frame, number)
        take_on(frame, number, least_loaded(frame, seat))
        deal["taken"] = frame["tick"]
        if deal["due"] < NEVER:
            deal["due"] += frame["handover"]
        count(frame, deal, c.MOVED, 1)
        note(frame, deal, m.MOVED, deal["stage"])
    while first_waiting(frame, seat) >= 0:
        number = next_waiting(frame, seat)
        wait_at(frame, number, least_loaded(frame, seat))
        count(frame, case[number], c.MOVED, 1)
        note(frame, case[number], m.MOVED, case[number]["stage"])


@compiled
def lose_all(frame: Frame, seat: int) -> None:
    """Lose the deals of a seat, in progress and in the queue."""
    case, desk = array(frame, "case"), array(frame, "desk")[seat]
    while desk["first"] >= 0:
        number = desk["first"]
        deal = case[number]
        while deal["units"] >= 0:
            give_back(frame, deal["units"])
        at = c.GLOBAL + c.FUNNEL * deal["stage"]
        count(frame, deal, at + c.DAYS, frame["tick"] - deal["entered"])
        count(frame, deal, at + c.LOST_THERE, 1)
        let_go(frame, number)
        lose(frame, deal)
        note(frame, deal, m.LOST_THERE, deal["stage"])
    while first_waiting(frame, seat) >= 0:
        deal = case[next_waiting(frame, seat)]
        deal["end"], deal["outcome"] = frame["tick"], LOST
        count(frame, deal, c.LOST_DEALS, 1)
        note(frame, deal, m.LOST_THERE, deal["stage"])
