"""Draws: pay is conserved, never taken below nothing, and what is owed is what was published."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.comp.component import paid
from engine.comp.components.commission import Commission
from engine.comp.components.draw import Draw
from engine.comp.components.holdback import Holdback
from engine.comp.scaled import Scaled
from tests.comp.adjusting import (
    DRAW,
    GROSS,
    MONTHS,
    PER_MONTH,
    balance,
    book,
    clawed,
    draws,
    settled,
    year,
)


@settings(max_examples=150, deadline=None)
@given(draws.filter(lambda draw: draw.type == "recoverable"), clawed)
def test_pay_under_a_recoverable_draw_is_gross_pay_and_the_balance(draw, gross):
    pays, lifted, ours = settled(draw, gross, "monthly" if draw.per == "period" else "quarterly")
    assert np.cumsum(lifted).tolist() == balance(draw, ours)
    assert sum(pays + lifted) == sum(gross) + balance(draw, ours)[-1]


@settings(max_examples=100, deadline=None)
@given(draws, year)
def test_a_draw_never_takes_more_than_there_is(draw, gross):
    pays, lifted, ours = settled(draw, gross, "monthly" if draw.per == "period" else "quarterly")
    assert (pays + lifted >= 0).all()
    assert min(balance(draw, ours)) >= 0


@settings(max_examples=150, deadline=None)
@given(draws, clawed)
def test_while_a_draw_runs_nobody_is_paid_less_in_an_interval(draw, gross):
    pays, lifted, _ = settled(draw, gross, "monthly" if draw.per == "period" else "quarterly")
    total = pays + lifted
    for start, end in MONTHS.groups(draw.per).spans:
        running = sum(1 for p in range(start, end) if draw.after <= p < (draw.until or 12))
        assert total[start:end].sum() >= running * PER_MONTH or running == 0
    if draw.form == "advance":
        assert (total[draw.after : draw.until] >= PER_MONTH).all()


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["period", "quarter", "year"]), st.sampled_from(["floor", "advance"]), clawed)
def test_a_non_recoverable_draw_pays_the_larger(per, form, gross):
    draw = Draw.model_validate({**DRAW, "type": "non_recoverable", "form": form, "per": per})
    pay = {"period": "monthly", "quarter": "quarterly", "year": "annually"}[per]
    pays, lifted, _ = settled(draw, gross, pay)
    for start, end in MONTHS.groups(per).spans:
        span = slice(start, end)
        assert (pays + lifted)[span].sum() == max(sum(gross[span]), (end - start) * PER_MONTH)


@settings(max_examples=80, deadline=None)
@given(clawed)
def test_where_pay_is_monthly_a_floor_and_an_advance_are_the_same(gross):
    for kind in ("non_recoverable", "recoverable"):
        floor, advance = (
            settled(Draw.model_validate({**DRAW, "type": kind, "form": form}), gross)[1].tolist()
            for form in ("floor", "advance")
        )
        assert floor == advance


@settings(max_examples=100, deadline=None)
@given(year)
def test_what_is_forgiven_is_the_difference_to_a_recoverable_draw(gross):
    forgiven = Draw.model_validate({**DRAW, "type": "recoverable_then_forgiven", "term": "quarter"})
    recoverable = Draw.model_validate(DRAW)
    assert sum(settled(forgiven, gross)[1]) >= sum(settled(recoverable, gross)[1])
    alone = [settled(recoverable, [*gross[q : q + 3], *[0] * 9])[1][:3].tolist() for q in range(0, 12, 3)]
    assert settled(forgiven, gross)[1].tolist() == [amount for quarter in alone for amount in quarter]


def test_the_balances_of_a_published_draw():
    """https://docs.oracle.com/cd/E05553_01/books/InCompAdm/InCompAdmPlanDesign8.html."""
    draw = Draw.model_validate(DRAW)
    gross = [275_000, 300_000, 150_000, 237_500, 300_000, 275_000, *[PER_MONTH] * 6]
    _, _, ours = settled(draw, gross)
    assert balance(draw, ours)[:6] == [0, 0, 50_000, 12_500, 0, 0]


def test_the_balances_of_a_published_draw_with_a_reversal():
    """https://support.oracle.com/knowledge/Oracle%20E-Business%20Suite/1088212_1.html."""
    draw = Draw.model_validate({**DRAW, "amount": 250})
    _, _, ours = settled(draw, [10_000, 120_000, -2_000, 11_000, 5_000, *[0] * 7])
    assert balance(draw, ours)[:5] == [15_000, 0, 27_000, 41_000, 61_000]


def test_the_balances_of_a_published_draw_that_is_recovered_later():
    """https://docs.oracle.com/en/cloud/saas/sales/facmi/example-of-incentive-compensation-draw-and-recovery.html."""
    draw = Draw.model_validate({**DRAW, "amount": 1000, "until": 6, "recovered_after": 3})
    _, _, ours = settled(draw, [50_000, 70_000, 40_000, *[0] * 9])
    assert balance(draw, ours)[:3] == [50_000, 80_000, 140_000]


def test_a_balance_leaves_out_what_is_settled_after_it():
    draw, later = Draw.model_validate(DRAW), Draw.model_validate({**DRAW, "name": "later", "amount": 3000})
    held = Holdback.model_validate({"share": "50%", "after": 12, "leavers": "paid"})
    ours = book(Scaled, [100_000] * 12)
    paid([Commission.model_validate(GROSS), draw, later, held], ours, "monthly")
    assert balance(held, ours)[-1] == 12 * 50_000
    assert balance(draw, ours)[-1] == 12 * 150_000
    assert balance(later, ours)[-1] == 12 * 100_000


def test_a_balance_that_is_forgiven_is_owed_no_longer():
    by_quarter = Draw.model_validate({**DRAW, "type": "recoverable_then_forgiven", "term": "quarter"})
    _, _, ours = settled(by_quarter, [0] * 12)
    assert balance(by_quarter, ours) == [200_000, 400_000, 0] * 4
    to_its_end = Draw.model_validate({
        **DRAW, "type": "recoverable_then_forgiven", "term": "draw", "until": 4,
    })  # fmt: skip
    _, _, ours = settled(to_its_end, [0] * 12)
    assert balance(to_its_end, ours) == [200_000, 400_000, 600_000, *[0] * 9]
    longer = to_its_end.model_copy(update={"until": 13})
    _, _, ours = settled(longer, [0] * 12)
    assert balance(longer, ours)[-1] == 2_400_000


def test_an_advance_is_owed_until_it_is_settled():
    draw = Draw.model_validate({**DRAW, "type": "non_recoverable", "form": "advance", "per": "quarter"})
    _, _, ours = settled(draw, [0] * 12, "quarterly")
    assert balance(draw, ours) == [200_000, 400_000, 0] * 4
