"""Limit, read plainly."""

from __future__ import annotations

import itertools
from fractions import Fraction

from engine.comp.components.limit import Limit
from engine.comp.plain.person import Person, Taken


def earned(part: Limit, person: Person) -> list[int]:
    """Return what is taken or added in each period."""
    gross = [sum(row) for row in zip(*person.looked_at(part, person.due), strict=True)]
    due = _restated(part, gross, person) if part.most is not None and part.carry == "lost" else gross
    change = [after - before for after, before in zip(_limited(part, due, person), gross, strict=True)]
    for p in range(len(change)):
        span = _settled(part, person, p)
        if span is not None and p == span.stop - 1:
            change[p] -= sum(change[i] for i in span)
    return change


def _settled(part: Limit, person: Person, period: int) -> range | None:
    """Return the interval at whose end a difference is settled; None where it never is."""
    word = {"trued_up_at_year_end": "year", "trued_up_at_quarter_end": "quarter"}.get(part.carry)
    return None if word is None else person.span(word, period)


def _restated(part: Limit, gross: list[int], person: Person) -> list[int]:
    """Return what `most` leaves, where what is taken back late is taken from the interval of its deal.

    It notes what is then taken back by how much less than before.
    """
    taken: Taken = {}
    for label in person.paid:
        if part.of is None or label in part.of:
            for event, cost in person.taken.get(label, {}).items():
                taken[event] = taken.get(event, 0) + cost
    amounts = list(gross)
    for (came, _), cost in taken.items():
        amounts[came] -= cost
    known = [list(itertools.accumulate(_cut(part, amounts, person)))]
    less: Taken = {}
    for (came, home), cost in sorted(taken.items()):
        amounts[home] += cost
        now = list(itertools.accumulate(_cut(part, amounts, person)))
        known.append(known[-1][:came] + now[came:])
        less[came, home] = known[-1][came] - known[-2][came] - cost
    if taken:
        person.taken[part.label] = less
    return [after - before for before, after in itertools.pairwise([0, *known[-1]])]


def _cut(part: Limit, amounts: list[int], person: Person) -> list[int]:
    kept: list[int] = []
    for p in range(len(amounts)):
        span = person.span(part.per, p)
        kept.append(
            min(sum(amounts[span.start : p + 1]), _most(part, person, span)) - sum(kept[span.start : p])
        )
    return kept


def _limited(part: Limit, gross: list[int], person: Person) -> list[int]:
    """Return what is kept of each period, within `most` unless that is done already, and not below `least`."""
    kept: list[int] = []
    cut: list[int] = []
    done = part.most is None or part.carry == "lost"
    waiting = person.opening.get(part.label, [0])[0]
    for p in range(len(gross)):
        span = person.span(part.per, p)
        so_far, before = waiting + sum(gross[span.start : p + 1]), sum(kept[span.start : p])
        term = _settled(part, person, p) if part.room == "kept" else None
        if term is not None:
            spans = {person.span(part.per, i) for i in range(term.start, p + 1)}
            limits = sum(_most(part, person, each) for each in spans)
            paid = sum(cut[term.start : p])
            cut.append(min(sum(gross[term.start : p + 1]), limits) - paid)
            so_far = before + cut[-1]
        elif not done:
            so_far = min(so_far, _most(part, person, span))
        if p == span.stop - 1 and part.least is not None:
            so_far = max(so_far, _least(part, person, span))
        kept.append(so_far - before)
        if part.carry == "carried_forward" and p == span.stop - 1:
            waiting += sum(gross[i] - kept[i] for i in span)
    return kept


def _most(part: Limit, person: Person, span: range) -> int:
    assert part.most is not None
    if part.most.amount is not None:
        return int(Fraction(part.most.amount) * person.minor)
    return person.round(Fraction(part.most.of_target or 0) * sum(person.target[i] for i in span))


def _least(part: Limit, person: Person, span: range) -> int:
    assert part.least is not None
    if part.least.amount is None:
        return person.round(Fraction(part.least.of_target or 0) * sum(person.target[i] for i in span))
    a_year = {"period": 12, "quarter": 4, "year": 1}[part.per]
    cut = person.annual(a_year * int(Fraction(part.least.amount) * person.minor))
    return sum(cut[i] for i in span)
