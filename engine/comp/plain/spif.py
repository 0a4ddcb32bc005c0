"""SPIF, read plainly: by the days of deals where they are known, else by whole periods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction

from engine.comp.components.spif import Spif
from engine.comp.plain.person import Amount, Person, Sold
from engine.comp.plain.restated import within_limits


def earned(part: Spif, person: Person) -> list[int]:
    """Return what is earned in each period, where no budget is shared."""
    return _never_below_nothing(asked(part, person))


def earned_together(part: Spif, people: list[Person]) -> list[list[int]]:
    """Return what each person earns in each period, first come first served by period."""
    wishes = [asked(part, person) for person in people]
    left = Fraction(part.budget or 0) * (people[0].minor if people else 1)
    earned: list[list[int]] = [[] for _ in people]
    for p in range(len(wishes[0]) if people else 0):
        wanted = [max(wish[p], 0) for wish in wishes]
        granted = wanted if sum(wanted) <= left else _shared(int(left), wanted)
        left -= sum(granted)
        for i, wish in enumerate(wishes):
            earned[i].append(granted[i] + min(wish[p], 0))
    return [_never_below_nothing(amounts) for amounts in earned]


def asked(part: Spif, person: Person) -> list[int]:
    """Return what the events within the cap are worth in each period."""
    step = (
        Fraction(part.each.units or 0) if part.each.units else Fraction(part.each.money or 0) * person.minor
    )

    def events(who: Person) -> list[int]:
        return _of_deals(part, who, step) if part.accumulate == "transaction" else _to_date(part, who, step)

    def worth(who: Person) -> list[int]:
        if part.accumulate == "transaction" and part.tiers:
            return _worth_of_deals(part, who, step)
        count = events(who)
        if part.cap is not None and part.cap.events is not None:
            count = _within(part.cap.events, part, who, events)
        if part.accumulate == "transaction":
            return [int(_of(part, each) * who.minor) for each in count]
        return _worth_to_date(part, who, count)

    if part.cap is not None and part.cap.amount is not None:
        return _within(int(Fraction(part.cap.amount) * person.minor), part, person, worth)
    return worth(person)


def _within(limit: int, part: Spif, person: Person, of: Callable[[Person], list[int]]) -> list[int]:
    """Return the events, or the pay, that the cap leaves."""
    per = "year" if part.cap is None else part.cap.per

    def limited(amounts: list[int]) -> list[int]:
        return _capped(amounts, limit, per, person)

    return within_limits(person, part.measure, of, limited, lambda who, period: of(who)[period])


def _in_time(part: Spif, person: Person) -> list[Sold]:
    """Return the deals between the days; what takes a deal back goes with the deal."""
    days: dict[int, dt.date] = {}
    found = []
    for deal in person.deals(part.measure):
        day = deal.day if deal.origin is None else days.setdefault(deal.origin, deal.day)
        if part.first_day <= day <= part.last_day:
            found.append(deal)
    return found


def _of(part: Spif, events: int) -> Fraction:
    """Return what so many events are worth, currency units."""
    if not part.tiers:
        return events * Fraction(part.amount or 0)
    if events <= 0:
        return events * Fraction(part.tiers[0].amount)

    def amount(event: int) -> Fraction:
        return next(Fraction(tier.amount) for tier in reversed(part.tiers) if event >= tier.event)

    if part.mode == "retroactive":
        return events * amount(events)
    return sum((amount(event) for event in range(1, events + 1)), Fraction(0))


def _of_deals(part: Spif, person: Person, step: Fraction) -> list[int]:
    """Count the whole steps of every deal by itself."""
    events = [0] * len(person.periods)
    for deal in _in_time(part, person):
        events[deal.period] += int(deal.credit / step)
    return events


def _worth_to_date(part: Spif, person: Person, events: list[int]) -> list[int]:
    """Pay the events of each interval to date, less what they were paid so far."""
    worth: list[int] = []
    for p in range(len(events)):
        start = person.span(part.accumulate, p).start
        to_date = int(_of(part, sum(events[start : p + 1])) * person.minor)
        worth.append(to_date - sum(worth[start:p]))
    return worth


def _worth_of_deals(part: Spif, person: Person, step: Fraction) -> list[int]:
    """Pay the events of every deal by themselves."""
    worth = [0] * len(person.periods)
    for deal in _in_time(part, person):
        worth[deal.period] += int(_of(part, int(deal.credit / step)) * person.minor)
    return worth


def _to_date(part: Spif, person: Person, step: Fraction) -> list[int]:
    """Count the whole steps of credit to date within each interval."""
    credit = _between_the_days(part, person)
    quota = person.quota(part.measure) if part.above else []
    events: list[int] = []
    for p in range(len(credit)):
        span = person.span(part.accumulate, p)
        counts = Fraction(sum(credit[span.start : p + 1]))
        if part.above:
            least = sum(quota[i] for i in span)
            counts = max(counts - least, Fraction(0)) if least > 0 else Fraction(0)
        events.append(int(counts / step) - sum(events[span.start : p]))
    return events


def _between_the_days(part: Spif, person: Person) -> list[Amount]:
    if not person.dated:
        inside = [part.first_day <= begin and after <= _after(part) for begin, after in person.periods]
        return [
            credit if here else 0 for credit, here in zip(person.credit(part.measure), inside, strict=True)
        ]
    sums: list[Amount] = [0] * len(person.periods)
    for deal in _in_time(part, person):
        sums[deal.period] += deal.credit
    return sums


def _after(part: Spif) -> dt.date:
    return part.last_day + dt.timedelta(days=1)


def _capped(values: list[int], limit: int, per: str, person: Person) -> list[int]:
    capped: list[int] = []
    for p in range(len(values)):
        span = person.span(per, p)
        capped.append(min(sum(values[span.start : p + 1]), limit) - sum(capped[span.start : p]))
    return capped


def _shared(left: int, wanted: list[int]) -> list[int]:
    """Share what is left pro rata; odd units go to the largest remainders, the first among equals."""
    exact = [Fraction(left * want, sum(wanted)) for want in wanted]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(wanted)), key=lambda i: (shares[i] - exact[i], i))
    for i in by_remainder[: left - sum(shares)]:
        shares[i] += 1
    return shares


def _never_below_nothing(amounts: list[int]) -> list[int]:
    """Let what was earned so far never fall below 0."""
    earned: list[int] = []
    for p in range(len(amounts)):
        earned.append(max(sum(amounts[: p + 1]), 0) - sum(earned))
    return earned
