"""What limits, holdbacks, guarantees and draws may say, and what they may look at."""

import pytest
from pydantic import ValidationError

from engine.comp.spec import CompSpec
from engine.errors import BadInput
from tests.comp.test_settle import TEN_PERCENT
from tests.comp.worlds import BONUS, COMMISSION, SALARY, even_quotas, random_bookings, spec
from tests.worlds import world

DRAW = {"kind": "draw", "type": "recoverable", "form": "floor", "per": "period", "amount": 2000}
HOLDBACK = {"kind": "holdback", "share": "10%", "after": 3, "leavers": "paid"}
LIMIT = {"kind": "limit", "most": {"amount": "10k"}, "per": "year", "carry": "lost"}
GUARANTEE = {"kind": "guarantee", "least": {"of_target": "100%"}, "periods": 3, "per": "period"}


def refused(*components, **plan):
    """The code and the words with which a plan of these components is refused."""
    given = {
        "plans": {"AE": {"pay": "monthly", **plan, "components": list(components)}},
        "rounding": "half_even", "proration": "first_day",
    }  # fmt: skip
    with pytest.raises(ValidationError) as caught:
        CompSpec.model_validate(given)
    context = caught.value.errors()[0].get("ctx", {})
    return context.get("code", "missing"), context.get("message", "") + " " + context.get("hint", "")


@pytest.mark.parametrize(
    ("component", "key"),
    [
        *((DRAW, key) for key in ("type", "form", "per", "amount")),
        *((HOLDBACK, key) for key in ("share", "after", "leavers")),
        *((LIMIT, key) for key in ("most", "per", "carry")),
        *((GUARANTEE, key) for key in ("least", "periods", "per")),
    ],
)
def test_what_decides_must_be_said(component, key):
    code, _ = refused(COMMISSION, {k: v for k, v in component.items() if k != key})
    assert code in ("missing", "E_REQUIRED")


@pytest.mark.parametrize(
    ("component", "code", "says"),
    [
        ({**DRAW, "type": "recoverable_then_forgiven"}, "E_REQUIRED", "`term`"),
        ({**DRAW, "term": "year"}, "E_REQUIRED", "`term`"),
        ({**DRAW, "type": "recoverable_then_forgiven", "term": "draw"}, "E_REQUIRED", "`until`"),
        (
            {**DRAW, "type": "recoverable_then_forgiven", "term": "quarter", "per": "year"},
            "E_RANGE",
            "shorter",
        ),
        ({**DRAW, "after": 3, "until": 3}, "E_RANGE", "ends after 3 periods and begins after 3"),
        ({**DRAW, "type": "non_recoverable", "recovered_after": 3}, "E_RANGE", "recovered_after"),
        ({**DRAW, "type": "non_recoverable", "recovers": "50%"}, "E_RANGE", "recovers"),
        ({**DRAW, "recovers": 50}, "E_RANGE", "recovers"),
        ({**HOLDBACK, "at_end_of": "year"}, "E_REQUIRED", "either"),
        ({**LIMIT, "most": {"amount": 1, "of_target": "10%"}}, "E_REQUIRED", "either"),
        ({**LIMIT, "most": {"of_target": "150"}}, "E_RANGE", "Did you mean 150%?"),
        ({**LIMIT, "least": {"amount": "11k"}}, "E_RANGE", "above most"),
        ({**LIMIT, "carry": "trued_up_at_year_end"}, "E_RANGE", "year"),
        ({**LIMIT, "per": "quarter", "carry": "trued_up_at_quarter_end"}, "E_RANGE", "quarter"),
        ({**LIMIT, "per": "quarter", "carry": "lost", "room": "kept"}, "E_RANGE", "room"),
        (
            {**LIMIT, "per": "quarter", "least": {"amount": 1}, "carry": "carried_forward"},
            "E_RANGE",
            "a floor",
        ),
    ],
)
def test_terms_that_cannot_be_read(component, code, says):
    found, message = refused(COMMISSION, component)
    assert found == code
    assert says in message


def test_a_component_that_is_not_there_is_told_the_known_ones():
    code, message = refused(SALARY, COMMISSION, {**DRAW, "of": ["comission"]})
    assert code == "E_REFERENCE"
    assert "Did you mean 'commission'?" in message


def test_fixed_pay_and_what_is_settled_later_cannot_be_looked_at():
    code, message = refused(SALARY, COMMISSION, {**DRAW, "of": ["salary"]})
    assert code == "E_REFERENCE"
    assert "'salary' is fixed pay" in message
    for component in ({**LIMIT, "of": ["draw"]}, {**DRAW, "name": "first", "of": ["draw"]}):
        code, message = refused(COMMISSION, component, DRAW)
        assert code == "E_REFERENCE"
        assert "'draw' is not settled before" in message


def test_pay_that_comes_more_often_than_a_draw_is_settled_is_refused():
    code, message = refused(COMMISSION, {**DRAW, "per": "quarter"})
    assert code == "E_RANGE"
    assert "'commission' is paid monthly, more often than the draw is settled" in message
    rules = spec(COMMISSION, BONUS, {**DRAW, "per": "quarter", "of": ["bonus"]})
    assert rules.plans["AE"].components[2].of == ("bonus",)


def test_adjustments_that_change_pay_within_the_interval_of_a_draw_are_refused():
    quarterly = {**COMMISSION, "pay": "quarterly"}
    draw = {**DRAW, "per": "quarter"}
    for between in ({**HOLDBACK, "after": 2}, GUARANTEE, {**DRAW, "name": "advance", "form": "advance"}):
        code, message = refused(quarterly, between, draw)
        assert code == "E_RANGE"
        assert "is paid monthly, more often than the draw is settled" in message
    between = (HOLDBACK, {**GUARANTEE, "per": "quarter"}, {**LIMIT, "pay": "quarterly"})
    assert spec(quarterly, *between, draw).plans["AE"].components


def test_a_limit_is_paid_no_sooner_than_what_it_looks_at():
    code, message = refused(COMMISSION, BONUS, LIMIT)
    assert code == "E_RANGE"
    assert "'bonus' is paid quarterly, later than the limit on it, monthly" in message
    assert spec(COMMISSION, BONUS, {**LIMIT, "pay": "quarterly"}).plans["AE"].components


def test_amounts_finer_than_the_currency_are_refused():
    from engine import comp

    parts = (
        TEN_PERCENT,
        {**DRAW, "amount": "0.001"},
        {**LIMIT, "most": {"amount": "0.001"}},
        {**GUARANTEE, "least": {"amount": "0.001"}},
    )
    inputs = world(reps=1)
    with pytest.raises(BadInput) as caught:
        comp.settle(inputs, random_bookings(inputs, 1), even_quotas(inputs), spec(*parts))
    assert [fault.field for fault in caught.value.faults] == [
        "comp.plans.AE.components[1].amount",
        "comp.plans.AE.components[2].most.amount",
        "comp.plans.AE.components[3].least.amount",
    ]


def test_draws_guarantees_and_holdbacks_are_no_pay_at_100_percent_and_limits_are():
    from engine import comp

    inputs = world(reps=3)
    support = ({**DRAW, "amount": "50k"}, GUARANTEE, HOLDBACK)
    assert (
        comp.check(spec(COMMISSION, BONUS, *support), inputs)[:2]
        == comp.check(spec(COMMISSION, BONUS), inputs)[:2]
    )
    halved = {**LIMIT, "most": {"of_target": "50%"}, "pay": "quarterly"}
    assert (
        "pay at 100% is 50.0% of the target incentive"
        in comp.check(spec(COMMISSION, BONUS, halved), inputs)[0]
    )
