"""Adjustments over one person, drawn at random: plans, pay by month, and what is owed or held."""

import numpy as np
from hypothesis import strategies as st

from engine.comp.book import Book
from engine.comp.component import paid
from engine.comp.components.commission import Commission
from engine.comp.components.draw import Draw
from engine.comp.components.guarantee import Guarantee
from engine.comp.components.holdback import Holdback
from engine.comp.components.limit import Limit
from engine.comp.fast import Fast
from engine.comp.intervals import Intervals
from engine.comp.plain.person import Person
from engine.comp.scaled import Scaled

MONTHS = Intervals.of(np.arange(12) // 3)
GROSS = {
    "kind": "commission", "tiers_on": "credit", "rates": "of_credit", "mode": "marginal", "closed": "left",
    "accumulate": "period", "tiers": [{"start": 0, "rate": "100%"}],
}  # fmt: skip
DRAW = {"type": "recoverable", "form": "floor", "per": "period", "amount": 2000}
PER_MONTH = 200_000


def book(number, gross, since=0):
    """A person in seat all year whose commission is the credit; `since` periods had passed when the plan began."""
    shape = (1, 12)

    def row(values):
        return number(np.broadcast_to(np.array(values, dtype=np.int64), shape))

    return Book(
        {"bookings": row(gross)}, row(0), row(500_000), row(0), shape, MONTHS, "half_even", 100,
        annual=lambda amount: row(amount // 12), since=np.arange(12)[None] + since,
    )  # fmt: skip


def settled(part, gross, pay="monthly", number=Scaled, since=0):
    """What an adjustment adds by period, and the book that it was settled on."""
    ours, source = book(number, gross, since), Commission.model_validate({**GROSS, "pay": pay})
    amounts = paid([source, part], ours, "monthly")
    values = {label: np.rint(numbers(amount)).astype(np.int64)[0] for label, amount in amounts.items()}
    return values["commission"], values[part.label], ours


def numbers(amount):
    return amount.values if isinstance(amount, Fast) else amount.minor()


def balance(part, ours):
    return numbers(part.balance(ours))[0].tolist()


def person(pays, ours):
    def span(word, p):
        months = {"period": 1, "quarter": 3, "year": 12}[word]
        return range(p - p % months, p - p % months + months)

    return Person(
        credit=lambda measure: pays, quota=lambda measure: [0] * 12, target=[500_000] * 12, salary=[0] * 12,
        annual=lambda amount: numbers(ours.annual(amount))[0].tolist(), since=ours.since[0].tolist(), span=span,
        round=round, minor=100, due={"commission": pays}, paid={"commission": pays},
    )  # fmt: skip


cents = st.integers(0, 1_000_000)
year = st.lists(st.one_of(st.just(0), cents), min_size=12, max_size=12)
clawed = st.lists(st.integers(-300_000, 1_000_000), min_size=12, max_size=12)
draws = st.builds(
    lambda forgiving, kind, form, per, until, after, recovered, share: Draw.model_validate({
        **DRAW, "type": kind, "form": form, "per": per, "until": 6 if forgiving == "draw" else until, "after": after,
        "recovered_after": 0 if kind == "non_recoverable" else recovered,
        "recovers": None if kind == "non_recoverable" else share,
        "term": forgiving if kind == "recoverable_then_forgiven" else None,
    }),
    st.sampled_from(["quarter", "year", "draw"]),
    st.sampled_from(["non_recoverable", "recoverable", "recoverable_then_forgiven"]),
    st.sampled_from(["floor", "advance"]),
    st.sampled_from(["period", "quarter"]),
    st.sampled_from([None, 4, 15]),
    st.sampled_from([0, 0, 2]),
    st.sampled_from([0, 0, 5]),
    st.sampled_from([None, None, "50%", "33.33%", 1]),
)  # fmt: skip
CARRIES = ("carried_forward", "lost", "trued_up_at_year_end")
KEPT = {"carry": "trued_up_at_year_end", "room": "kept"}
holdbacks = st.builds(
    lambda share, when: Holdback.model_validate({"share": share, "leavers": "forfeited", **when}),
    st.sampled_from(["10%", "33.3%", "100%"]),
    st.sampled_from(
        [
            {"after": 1},
            {"after": 2, "parts": 3},
            {"after": 14},
            {"at_end_of": "quarter"},
            {"at_end_of": "year"},
        ]
    ),
)
limits = st.one_of(
    st.builds(
        lambda bound, per: Limit.model_validate({**bound, "per": per}),
        st.sampled_from(
            [
                *({"most": {"amount": 3000}, "carry": carry} for carry in CARRIES),
                *({"most": {"of_target": "33.33%"}, "carry": carry} for carry in CARRIES),
                *(
                    {"most": {"of_target": "130%"}, "least": {"of_target": "33.33%"}, "carry": carry}
                    for carry in CARRIES[1:]
                ),
                *({"least": {"amount": 1000}, "carry": carry} for carry in CARRIES[1:]),
                {"most": {"amount": 3000}, **KEPT},
                {"most": {"of_target": "90%"}, "least": {"of_target": "33.33%"}, **KEPT},
            ]
        ),
        st.sampled_from(["period", "quarter"]),
    ),
    st.builds(
        lambda bound, room: Limit.model_validate(
            {**bound, "per": "period", "carry": "trued_up_at_quarter_end", "room": room}
        ),
        st.sampled_from(
            [{"most": {"amount": 3000}}, {"most": {"of_target": "60%"}, "least": {"amount": 1000}}]
        ),
        st.sampled_from(["lost", "kept"]),
    ),
)
guarantees = st.builds(
    lambda level, per: Guarantee.model_validate({"least": level, "periods": 5, "per": per}),
    st.sampled_from([{"of_target": "66.67%"}, {"amount": 3000}]),
    st.sampled_from(["period", "quarter"]),
)
adjustments = st.one_of(draws, holdbacks, limits, guarantees)
