"""Forty seats of the annual plan, and who sits in them when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from making.draws import Draws
from making.files import Row
from making.names import people
from making.places import Place, places

HOMES = {
    "West": (
        "Seattle, San Francisco, Los Angeles, Denver",
        "Portland, San Jose, San Diego, Phoenix, Salt Lake City, Los Angeles",
    ),
    "Central": (
        "Chicago, Minneapolis, Detroit, Saint Louis",
        "Chicago, Indianapolis, Columbus, Kansas City, Milwaukee, Cleveland",
    ),
    "South": (
        "Dallas, Houston, Atlanta, Miami",
        "Nashville, Austin, San Antonio, Tampa, New Orleans, Atlanta",
    ),
    "East": (
        "New York, Boston, Washington, Charlotte",
        "New York, Philadelphia, Pittsburgh, Raleigh, Hartford, New York",
    ),
}
"""Four homes of each region's Enterprise district, then six of its Commercial one, whose last seat is the SMB desk."""


@dataclass(frozen=True)
class Seat:
    """A position with a territory."""

    id: str
    title: str
    region: str
    district: str
    home: Place
    serves: str
    slots: int
    greed: float
    """Below 1 it holds more accounts than its share, above 1 fewer."""

    def sells_to(self, segment: str, region: str) -> bool:
        """Say whether the seat may own accounts of a segment in a region."""
        return region == self.region and segment in self.serves.split(";")


def _seats() -> tuple[Seat, ...]:
    draws = Draws("annual plan seats")
    by_city = {}
    for place in places():
        by_city.setdefault(place.city, place)
    found = []
    for region, homes in HOMES.items():
        for number, city in enumerate(", ".join(homes).split(", ")):
            large, desk = number < 4, number == 9
            team = "Enterprise" if large else "Commercial"
            serves = "Enterprise" if large else "SMB" if desk else "Commercial;SMB"
            code = f"{region[0]}{team[0]}{number + 1 if large else number - 3}"
            title = f"{region} SMB desk" if desk else f"{team}, {city}"
            greed = min(max(draws.lognormal(0.6 if desk else 1.0, 0.18), 0.4 if desk else 0.75), 1.4)
            slots = 14 if large else 30 if desk else 20
            found.append(Seat(code, title, region, f"{region} {team}", by_city[city], serves, slots, greed))
    return tuple(found)


SEATS = _seats()
LEAVERS = {"WC3": dt.date(2027, 3, 16), "CE2": dt.date(2027, 5, 1), "SC4": dt.date(2027, 8, 1)}
BACKFILLS = {"WC3": dt.date(2027, 5, 17), "CE2": dt.date(2027, 7, 6), "SC4": dt.date(2027, 10, 4)}
OPEN = {"SE4": dt.date(2027, 2, 1), "EC5": dt.date(2027, 3, 1)}
RECENT = {"WE3": dt.date(2026, 11, 2), "CC2": dt.date(2026, 10, 5), "EE2": dt.date(2026, 12, 7)}


def spells() -> list[Row]:
    """Return person, name, seat, start, end (day after the last), plan, salary and target incentive.

    Leavers and their backfills, positions that are open in January, recent hires, and one promotion: the person in
    seat CC3 who takes over the Enterprise seat CE2 after it has stood empty for two months.
    """
    draws, names = Draws("annual plan spells"), people("annual plan")
    found: list[Row] = []

    def sit(
        seat: Seat, start: dt.date, end: dt.date | None = None, who: tuple[str, str] | None = None
    ) -> None:
        person = who or (f"P{len({row[0] for row in found}) + 101}", next(names))
        large = seat.district.endswith("Enterprise")
        salary = round((122 if large else 72) * draws.lognormal(1, 0.07)) * 1000
        incentive = salary if large else round(salary * 0.65 / 1000) * 1000
        plan = "Enterprise AE" if large else "Commercial AE"
        found.append([*person, seat.id, start, end, plan, salary, incentive])

    for seat in SEATS:
        since = dt.date(2019 + draws.below(7), 1 + draws.below(12), 1 + draws.below(28))
        sit(seat, RECENT.get(seat.id) or OPEN.get(seat.id) or since, LEAVERS.get(seat.id))
    promoted = next(row for row in found if row[2] == "CC3")
    promoted_on, refilled_on = BACKFILLS["CE2"], dt.date(2027, 9, 1)
    found[found.index(promoted)] = [*promoted[:4], promoted_on, *promoted[5:]]
    for seat in SEATS:
        if seat.id == "CE2":
            sit(seat, promoted_on, who=(str(promoted[0]), str(promoted[1])))
        elif seat.id in BACKFILLS:
            sit(seat, BACKFILLS[seat.id])
        elif seat.id == "CC3":
            sit(seat, refilled_on)
    return found
