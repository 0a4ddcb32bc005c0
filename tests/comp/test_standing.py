"""Standings: three readings agree to the cent, factors of 1 change nothing, and a statement adds up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import comp
from engine.comp.components.commission import Commission
from engine.comp.components.standing import Standing
from engine.comp.plain import standing as plain
from engine.comp.scaled import Scaled
from tests.comp.adjusting import GROSS, MONTHS
from tests.comp.correcting import readings_agree, settled
from tests.comp.test_contest import people
from tests.comp.test_crowds import wins
from tests.comp.worlds import COMMISSION, even_quotas, spec
from tests.worlds import world

STANDING = {
    "kind": "standing", "measure": "bookings", "rank_by": "credit", "per": "quarter", "among": "company",
    "ties": "each", "factors": [{"to_place": 1, "times": "120%"}], "otherwise": "85%",
}  # fmt: skip
SOURCE = Commission.model_validate({**GROSS, "tiers": [{"start": 0, "rate": "37%"}]})


FACTORS = st.sampled_from([0, "33%", 1, "1.5"])


@st.composite
def standings(draw, times=FACTORS):
    key, ends = draw(st.sampled_from([("to_place", [1, 2, 3, 5]), ("to_share", ["10%", "25%", "0.5", "1"])]))
    chosen = sorted(draw(st.sets(st.sampled_from(range(4)), min_size=1)))
    return Standing.model_validate(
        {
            **STANDING,
            "rank_by": draw(st.sampled_from(["credit", "attainment"])),
            "per": draw(st.sampled_from(["period", "quarter", "year"])),
            "ties": draw(st.sampled_from(["each", "shared", "none"])),
            "at_least": draw(st.sampled_from([None, {"money": "0.03"}, {"attainment": "90%"}])),
            "factors": [{key: ends[k], "times": draw(times)} for k in chosen],
            "otherwise": draw(times),
        }
    )


@settings(max_examples=30, deadline=None)
@given(standings(), people())
def test_both_paths_pay_what_a_plain_reading_pays(part, company):
    readings_agree(SOURCE, part, company, plain)


@settings(max_examples=12, deadline=None)
@given(standings(times=st.just(1)), people())
def test_factors_of_one_change_nothing(part, company):
    assert not settled(SOURCE, part, company, Scaled).earned["standing"].minor().any()


@settings(max_examples=12, deadline=None)
@given(standings(), people())
def test_reasons_add_up_to_what_is_earned(part, company):
    ours = settled(SOURCE, part, company, Scaled)
    told = sum(reason.amount.minor() for reason in part.reasons(ours))
    assert (told == ours.earned["standing"].minor()).all()


@settings(max_examples=12, deadline=None)
@given(people(), st.sampled_from(["period", "quarter", "year"]))
def test_an_interval_earns_between_the_least_and_the_largest_factor(company, per):
    part = Standing.model_validate({**STANDING, "per": per})
    ours = settled(SOURCE, part, company, Scaled)
    groups = MONTHS.groups(per)
    before, change = (
        ours.earned[name].collected(groups).minor().astype(float) for name in ("commission", "standing")
    )
    least, most = np.sort([0.85 * before, 1.2 * before], axis=0)
    assert ((before + change >= least - 0.5) & (before + change <= most + 0.5)).all()


@pytest.mark.slow
def test_a_simulated_standing_scales_what_is_earned_and_has_no_pay_at_an_attainment():
    inputs, part = world(reps=5), {**STANDING, "measure": "wins", "factors": [{"to_share": 1, "times": 2}]}
    part |= {"otherwise": 2, "pay": "monthly"}
    twice, once = (
        comp.settle(inputs, wins(inputs), even_quotas(inputs), spec(*parts))
        for parts in ((COMMISSION, part), (COMMISSION,))
    )
    assert (twice.variable.sum(axis=1) == 2 * once.variable.sum(axis=1)).all()
    curves = [next(t.frame for t in these.tables if t.name == "pay_curve") for these in (twice, once)]
    assert curves[0].equals(curves[1])
