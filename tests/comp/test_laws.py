"""Words of a plan that say nothing change nothing, and two ways to say the same pay the same."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.comp.components.commission import Commission
from engine.comp.components.spif import Spif
from engine.comp.scaled import Scaled
from tests.comp.drawn import modifiers, parts, years
from tests.comp.test_extras import earned, spifs, wins
from tests.comp.test_paths import bonuses, commissions

FLAT = {
    "kind": "commission", "tiers_on": "credit", "rates": "of_credit", "mode": "marginal", "closed": "left",
    "tiers": [{"start": 0, "rate": "10%"}],
}  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(parts(), years(), st.integers(1, 11))
def test_a_tenure_of_one_factor_pays_as_none(part, year, month):
    ones = [{"month": 0, "factor": 1}, {"month": month, "factor": 1}]
    with_ones, without = (
        type(part).model_validate({**part.model_dump(), "tenure": tenure}) for tenure in (ones, [])
    )
    assert year.exact(with_ones) == year.exact(without)


@settings(max_examples=100, deadline=None)
@given(modifiers(), years(), st.integers(12, 20))
def test_a_window_as_long_as_the_year_reads_what_the_year_to_date_reads(modifier, year, window):
    rolling = {**modifier, "accumulate": "rolling", "window": window}
    to_date = {**modifier, "accumulate": "year_to_date", "window": None, "quota": "to_date"}
    one, other = (
        Commission.model_validate({**FLAT, "accumulate": "period", "modifiers": [rule]})
        for rule in (rolling, to_date)
    )
    assert year.exact(one) == year.exact(other)


@settings(max_examples=100, deadline=None)
@given(modifiers(), years())
def test_a_window_of_one_period_reads_what_the_period_reads(modifier, year):
    rolling = {**modifier, "accumulate": "rolling", "window": 1}
    alone = {**modifier, "accumulate": "period", "window": None, "quota": "interval"}
    one, other = (
        Commission.model_validate({**FLAT, "accumulate": "period", "modifiers": [rule]})
        for rule in (rolling, alone)
    )
    assert year.exact(one) == year.exact(other)


@settings(max_examples=80, deadline=None)
@given(bonuses(), years())
def test_a_jump_of_nothing_is_no_jump(part, year):
    still = [{**node.model_dump(), "then": node.pay} for node in part.nodes]
    smooth = [{**node.model_dump(), "then": None} for node in part.nodes]
    one, other = (
        type(part).model_validate({**part.model_dump(), "nodes": nodes}) for nodes in (still, smooth)
    )
    assert year.exact(one) == year.exact(other)


@settings(max_examples=80, deadline=None)
@given(spifs(), wins, st.sampled_from(["marginal", "retroactive"]))
def test_tiers_of_one_amount_pay_as_the_amount(part, credit, mode):
    given_ = part.model_dump()
    flat = {**given_, "amount": Decimal("12.34"), "tiers": [], "mode": None}
    tiers = [{"event": 1, "amount": "12.34"}, {"event": 5, "amount": "12.34"}]
    tiered = {**given_, "amount": None, "tiers": tiers, "mode": mode}
    one, other = (earned(Scaled, Spif.model_validate(rule), credit) for rule in (flat, tiered))
    assert (one == other).all()


@settings(max_examples=80, deadline=None)
@given(commissions(), years())
def test_gates_that_read_credit_in_money_read_it_in_minor_units_too(part, year):
    gate = {"measure": "bookings", "accumulate": "period", "closed": "left", "otherwise": "nothing"}
    ways = ({"levels_in": "money", "at_least": 50_000}, {"levels_in": "units", "at_least": 5_000_000})
    one, other = (
        type(part).model_validate({**part.model_dump(), "gates": [{**gate, **way}]}) for way in ways
    )
    assert year.exact(one) == year.exact(other)
