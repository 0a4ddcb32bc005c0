"""Contest, read plainly: everybody looks who is ahead."""

from __future__ import annotations

from fractions import Fraction

from engine.comp.components.contest import Contest, Percentiles
from engine.comp.plain.person import Person
from engine.comp.plain.pool import largest_remainders
from engine.comp.plain.restated import as_known, homes
from engine.comp.ranked import Places, Ranked


def earned_together(part: Contest, people: list[Person]) -> list[list[int]]:
    """Return what each person earns in each period, ranked again whenever a deal is taken back later."""
    moved = [homes(person, part.measure) if person.dated else {} for person in people]
    comes = {came for its in moved for came, _ in its.values()}
    if not comes:
        return _as_they_stand(part, people)
    to_date: list[list[int]] = [[] for _ in people]
    standing: list[list[int]] = []
    for period in range(len(people[0].target)):
        if period == 0 or period in comes:
            known = [as_known(person, its, period) for person, its in zip(people, moved, strict=True)]
            standing = _as_they_stand(part, known)
        for amounts, row in zip(to_date, standing, strict=True):
            amounts.append(sum(row[: period + 1]))
    return [
        [now - before for now, before in zip(amounts, [0, *amounts], strict=False)] for amounts in to_date
    ]


def _as_they_stand(part: Contest, people: list[Person]) -> list[list[int]]:
    """Return what each person earns in each period: nothing before the last one of an interval."""
    periods = len(people[0].target) if people else 0
    earned = [[0] * periods for _ in people]
    for p in range(periods):
        span = people[0].span(part.per, p)
        if p == span.stop - 1:
            results = [result(part, person, span) for person in people]
            if part.pot is not None:
                for i, share in enumerate(_shares(part, people, results, span)):
                    earned[i][p] = share
                continue
            for i, person in enumerate(people):
                rivals = [
                    theirs
                    for other, theirs in zip(people, results, strict=True)
                    if theirs is not None and other.node(part.among) == person.node(part.among)
                ]
                earned[i][p] = _prize(part, person, results[i], rivals, span)
    return earned


def _shares(part: Contest, people: list[Person], results: list[Fraction | None], span: range) -> list[int]:
    """Return what each person gets of the pot of their node."""
    shares = [0] * len(people)
    nodes = [person.node(part.among) for person in people]
    for node in dict.fromkeys(nodes):
        mine = [i for i, its in enumerate(nodes) if its == node and results[i] is not None]
        weights = [1 for _ in mine]
        if part.pot is not None and part.pot.shares == "by_credit":
            weights = [sum(people[i].credit(part.measure)[p] for p in span) for i in mine]
        pot = 0 if part.pot is None else int(Fraction(part.pot.amount) * people[0].minor)
        for i, share in zip(mine, largest_remainders(pot, weights), strict=True):
            shares[i] = share
    return shares


def result(part: Ranked, person: Person, span: range) -> Fraction | None:
    """Return what is ranked; None where somebody does not contend."""
    credit, quota = (sum(row(part.measure)[i] for i in span) for row in (person.credit, person.quota))
    if credit <= 0 or sum(person.days[i] for i in span) == 0:
        return None
    least = part.at_least
    if least is not None:
        if least.attainment is not None and (
            quota <= 0 or Fraction(credit, quota) < Fraction(least.attainment)
        ):
            return None
        if least.units is not None and credit < least.units:
            return None
        if least.money is not None and credit < Fraction(least.money) * person.minor:
            return None
    if part.rank_by == "attainment":
        return Fraction(credit, quota) if quota > 0 else None
    return Fraction(credit)


def _prize(part: Contest, person: Person, mine: Fraction | None, rivals: list[Fraction], span: range) -> int:
    if mine is None:
        return 0
    first = 1 + sum(other > mine for other in rivals)
    level = sum(other == mine for other in rivals)
    if part.ties == "none" and level > 1:
        return 0
    if part.percentiles is not None:
        place = first + Fraction(level - 1, 2) if part.ties == "shared" else Fraction(first)
        return person.round(_of_percentile(part, part.percentiles, person, place, len(rivals), span))
    if part.ties != "shared":
        return person.round(_of_place(part, person, first, len(rivals), span))
    prizes = [_of_place(part, person, place, len(rivals), span) for place in range(first, first + level)]
    return person.round(sum(prizes, Fraction(0)) / level)


def _of_place(part: Contest, person: Person, place: int, contenders: int, span: range) -> Fraction:
    """Return the first prize that reaches down to a place."""
    for prize in part.prizes:
        if place <= last(prize, contenders):
            if prize.amount is not None:
                return Fraction(prize.amount) * person.minor
            if prize.of_credit is not None:
                return Fraction(prize.of_credit) * sum(person.credit(part.measure)[i] for i in span)
            return Fraction(prize.of_target or 0) * sum(person.target[i] for i in span)
    return Fraction(0)


def _of_percentile(
    part: Contest, curve: Percentiles, person: Person, place: Fraction, contenders: int, span: range
) -> Fraction:
    """Return what the share of contenders behind a place pays."""
    out_of = contenders if curve.out_of == "all" else contenders - 1
    percentile = (contenders - place) / out_of if out_of else Fraction(1)
    pays, before = Fraction(0), None
    for node in curve.nodes:
        at, pay = Fraction(node.percentile), Fraction(node.pay)
        if percentile < at or (percentile == at and curve.closed == "right"):
            if before is not None and curve.shape == "lines":
                start, low = before
                pays = low + (pay - low) * (percentile - start) / (at - start)
            break
        pays, before = pay, (at, pay)
    row = person.target if curve.pays == "target" else person.credit(part.measure)
    return pays * sum(row[i] for i in span)


def last(row: Places, contenders: int) -> int:
    """Return the last place of a row."""
    if row.to_place is not None:
        return row.to_place
    return int(contenders * Fraction(row.to_share or 0))
