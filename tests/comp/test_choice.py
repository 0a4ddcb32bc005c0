"""Choices and best intervals: three readings agree to the cent, and what was chosen alone is paid."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.comp.component import paid
from engine.comp.components.best import Best
from engine.comp.components.choice import Choice
from engine.comp.components.commission import Commission
from engine.comp.fast import Fast
from engine.comp.plain import best as plain_best
from engine.comp.plain import choice as plain
from engine.comp.scaled import Scaled
from tests.comp.adjusting import GROSS, MONTHS, book, clawed, numbers, person
from tests.comp.test_looks import refused
from tests.comp.worlds import BONUS, COMMISSION

choices = st.builds(
    lambda take, per, of: Choice.model_validate({"take": take, "per": per, "of": of}),
    take=st.sampled_from(["greater", "lesser"]),
    per=st.sampled_from(["period", "quarter", "year"]),
    of=st.permutations(["one", "two", "three"]).flatmap(lambda names: st.sampled_from([names, names[:2]])),
)
TIERS = {
    "one": [{"start": 0, "rate": "100%"}],
    "two": [{"start": 0, "rate": "40%"}, {"start": 3000, "rate": "1"}],
    "three": [{"start": 0, "rate": "70%"}],
}


def settled(part, gross, number):
    """What each component pays, by name."""
    parts = [
        Commission.model_validate({**GROSS, "name": name, "tiers": tiers}) for name, tiers in TIERS.items()
    ]
    amounts = paid([*parts, part], book(number, gross), "monthly")
    return {label: np.rint(numbers(amount)).astype(np.int64)[0].tolist() for label, amount in amounts.items()}


@settings(max_examples=150, deadline=None)
@given(choices, clawed)
def test_three_readings_agree_to_the_cent(part, gross):
    exact = settled(part, gross, Scaled)
    assert settled(part, gross, Fast) == exact
    known = {name: exact[name] for name in TIERS}
    who = person(gross, book(Scaled, gross))
    who.earned.update(known)
    assert plain.earned(part, who) == exact["choice"]


@settings(max_examples=100, deadline=None)
@given(choices, clawed)
def test_an_interval_pays_what_one_of_the_components_earns(part, gross):
    exact = {label: np.array(row) for label, row in settled(part, gross, Scaled).items()}
    for start, end in MONTHS.groups(part.per).spans:
        earned = [int(exact[label][start:end].sum()) for label in part.of]
        one = max(earned) if part.take == "greater" else min(earned)
        assert sum(earned) + int(exact["choice"][start:end].sum()) == one


@pytest.mark.parametrize("take", ["greater", "lesser"])
def test_a_choice_is_paid_no_sooner_than_what_it_chooses_among(take):
    code, message = refused(
        COMMISSION, BONUS, {"kind": "choice", "of": ["commission", "bonus"], "take": take, "per": "quarter"}
    )
    assert code == "E_RANGE"
    assert "'bonus' is paid quarterly, later than the choice on it, monthly" in message


bests = st.builds(
    lambda per, count, of: Best.model_validate({"per": per, "count": count, "of": of}),
    per=st.sampled_from(["period", "quarter"]),
    count=st.integers(1, 3),
    of=st.permutations(["one", "two", "three"]).flatmap(lambda names: st.sampled_from([names, names[:1]])),
)


@settings(max_examples=150, deadline=None)
@given(bests, clawed)
def test_the_best_intervals_of_a_year_alone_are_paid(part, gross):
    exact = settled(part, gross, Scaled)
    assert settled(part, gross, Fast) == exact
    who = person(gross, book(Scaled, gross))
    who.earned.update({name: exact[name] for name in TIERS})
    assert plain_best.earned(part, who) == exact["best"]
    together = np.sum([exact[label] for label in part.of], axis=0)
    sums = sorted((int(together[a:b].sum()) for a, b in MONTHS.groups(part.per).spans), reverse=True)
    assert together.sum() + sum(exact["best"]) == sum(sums[: part.count])
