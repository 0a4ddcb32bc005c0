"""Contests: three readings agree to the cent, and what must hold whatever people sell."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import comp
from engine.comp.book import Book
from engine.comp.components.contest import Contest
from engine.comp.fast import Fast
from engine.comp.plain import contest as plain
from engine.comp.plain.person import Person
from engine.comp.scaled import Scaled
from tests.comp.adjusting import MONTHS
from tests.comp.test_crowds import wins
from tests.comp.worlds import COMMISSION, even_quotas, spec
from tests.worlds import world

CONTEST = {
    "kind": "contest", "measure": "bookings", "rank_by": "credit", "per": "quarter", "among": "company", "ties": "each",
    "prizes": [{"to_place": 1, "amount": 5000}, {"to_place": 3, "amount": 1000}],
}  # fmt: skip


@st.composite
def prizes(draw):
    key, ends = draw(st.sampled_from([("to_place", [1, 2, 3, 5]), ("to_share", ["10%", "25%", "0.5", "1"])]))
    values = [
        {"amount": 1000},
        {"amount": "0.05"},
        {"of_target": "150%"},
        {"of_target": "33%"},
        {"of_credit": "37%"},
    ]
    chosen = sorted(draw(st.sets(st.sampled_from(range(4)), min_size=1)))
    return [{key: ends[k], **draw(st.sampled_from(values))} for k in chosen]


POTS = [
    {"amount": amount, "shares": shares} for amount in (1000, "0.05") for shares in ("equal", "by_credit")
]


@st.composite
def curves(draw):
    levels = [0, "20%", "25%", "0.5", "75%", "80%", 1]
    chosen = sorted(draw(st.sets(st.sampled_from(range(7)), min_size=1)))
    return {
        "out_of": draw(st.sampled_from(["others", "all"])),
        "pays": draw(st.sampled_from(["target", "credit"])),
        "shape": draw(st.sampled_from(["steps", "lines"])),
        "closed": draw(st.sampled_from(["left", "right"])),
        "nodes": [
            {"percentile": levels[k], "pay": draw(st.sampled_from([0, "33%", "0.5", 1]))} for k in chosen
        ],
    }


def contest(ties, prizes, pot, curve=None, **drawn):
    paid = {"ties": ties, "prizes": prizes}
    if pot or curve:
        paid = {
            "ties": None if pot else ties,
            "prizes": (),
            "pot": pot,
            "percentiles": None if pot else curve,
        }
    return Contest.model_validate({**CONTEST, **drawn, **paid})


contests = st.builds(
    contest,
    pot=st.sampled_from([None, None, None, *POTS]),
    curve=st.one_of(st.none(), curves()),
    rank_by=st.sampled_from(["credit", "attainment"]),
    per=st.sampled_from(["period", "quarter", "year"]),
    ties=st.sampled_from(["each", "shared", "none"]),
    at_least=st.sampled_from([None, {"money": "0.03"}, {"attainment": "90%"}]),
    prizes=prizes(),
)


@st.composite
def people(draw):
    """Credits, quotas, targets and days of some people, in few values so that many are level."""
    size = draw(st.integers(1, 7))

    def table(values):
        return np.array(draw(st.lists(values, min_size=12 * size, max_size=12 * size))).reshape(size, 12)

    return (
        table(st.integers(-1, 4)),
        table(st.integers(0, 3)),
        table(st.integers(0, 999)),
        table(st.sampled_from([0, 30])),
    )


def book(number, company):
    credit, quota, target, days = company
    return Book(
        {"bookings": number(credit)}, number(quota), number(target), number(0 * target), credit.shape, MONTHS,
        "half_even", 100, days=days,
    )  # fmt: skip


def plainly(company):
    """The same people, as the plain reading takes them."""
    rows = [[row.tolist() for row in person] for person in zip(*company, strict=True)]

    def span(word, p):
        length = {"period": 1, "quarter": 3, "year": 12}[word]
        return range(p - p % length, p - p % length + length)

    return [
        Person(
            credit=lambda _, credit=credit: credit, quota=lambda _, quota=quota: quota, target=target, salary=[],
            annual=lambda _: [], since=[], span=span, round=round, minor=100, days=days, node=lambda _: "",
        )
        for credit, quota, target, days in rows
    ]  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(contests, people())
def test_both_paths_pay_what_a_plain_reading_pays(part, company):
    again = plain.earned_together(part, plainly(company))
    assert part.earn(book(Scaled, company)).minor().tolist() == again
    assert part.earn(book(Fast, company)).values.tolist() == again


@settings(max_examples=100, deadline=None)
@given(contests.filter(lambda part: part.pot is None), people(), st.randoms(use_true_random=False))
def test_the_order_of_people_does_not_matter(part, company, random):
    order = list(range(len(company[0])))
    random.shuffle(order)
    before = part.earn(book(Scaled, company)).minor()
    after = part.earn(book(Scaled, tuple(table[order] for table in company))).minor()
    assert (after == before[order]).all()


@settings(max_examples=100, deadline=None)
@given(people(), st.integers(1, 7))
def test_shared_prizes_pay_out_what_the_places_hold(company, places):
    part = Contest.model_validate(
        {**CONTEST, "per": "year", "ties": "shared", "prizes": [{"to_place": places, "amount": 1000}]}
    )
    contenders = int(((company[0].sum(axis=1) > 0) & (company[3].sum(axis=1) > 0)).sum())
    paid = int(part.earn(book(Scaled, company)).minor().sum())
    assert abs(paid - 100_000 * min(places, contenders)) <= contenders


@settings(max_examples=100, deadline=None)
@given(people(), st.sampled_from(POTS))
def test_a_pot_is_paid_out_to_the_cent_wherever_somebody_contends(company, pot):
    part = contest(None, (), pot, per="year")
    contenders = (company[0].sum(axis=1) > 0) & (company[3].sum(axis=1) > 0)
    paid = part.earn(book(Scaled, company)).minor()
    assert paid[:, -1].sum() == paid.sum() == (100 * float(pot["amount"]) if contenders.any() else 0)
    assert not paid[~contenders].any()


@settings(max_examples=100, deadline=None)
@given(people(), st.sampled_from([None, POTS[1]]))
def test_who_sells_more_never_wins_less(company, pot):
    part = contest(CONTEST["ties"], CONTEST["prizes"], pot, per="year")
    sold, paid = (table.sum(axis=1) for table in (company[0], part.earn(book(Scaled, company)).minor()))
    here = company[3].sum(axis=1) > 0
    order = np.argsort(sold[here], kind="stable")
    odd = 0 if pot is None else 1  # the odd cent of equals goes to the first
    assert (np.diff(paid[here][order]) >= -odd).all()


def test_a_simulated_contest_costs_its_prizes_in_every_replication_and_has_no_pay_at_an_attainment():
    inputs = world(reps=5)
    contest = {**CONTEST, "measure": "wins", "ties": "shared", "prizes": [{"to_place": 2, "amount": 1000}]}
    payouts = comp.settle(inputs, wins(inputs), even_quotas(inputs), spec(contest, COMMISSION))
    alone = comp.settle(inputs, wins(inputs), even_quotas(inputs), spec(COMMISSION))
    paid = (payouts.variable - alone.variable).sum(axis=(1, 2))
    assert (np.abs(paid - 4 * 200_000) <= 8).all()
    curves = [
        next(table.frame for table in these.tables if table.name == "pay_curve") for these in (payouts, alone)
    ]
    assert curves[0].equals(curves[1])
