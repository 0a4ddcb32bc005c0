"""Chances that a factor moves stay chances, and what is sold no more is not taken along."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
import pytest

from engine.inputs import Inputs
from engine.measures import Measure
from engine.pipeline import draws
from engine.pipeline.build import Built, build
from engine.pipeline.factors import futures
from engine.pipeline.layout import LOST_THERE, NEW, RECYCLED, TICKS, WON_THERE
from tests.pipeline.engines import by_kernel, by_reference
from tests.pipeline.settings import spec
from tests.worlds import world

AT_ONCE = {"kind": "fixed", "value": 0}
BACK = {"to": "Close", "chance": "20%"}
ALONG = [{"product": "S1", "to": ["S0"], "chance": "100%"}]


def built(inputs: Inputs, **block: Any) -> Built:
    changes = {"slots": 10_000} | block
    return build(inputs, inputs.accounts.owner, spec(**changes), {"bookings": Measure()})


@pytest.mark.parametrize("odds", [0.01, 0.5, 1.0, 3.0, 1e6])
def test_what_is_left_of_one_is_shared_as_the_stage_shares_it(odds: float) -> None:
    advance, back = 0.7, 0.2
    chance = draws.chance_at(advance, odds)
    moved = draws.going_back(chance, advance, back)
    assert chance + moved <= 1
    assert moved / (1 - chance) == pytest.approx(back / (1 - advance), rel=1e-9)


def test_nothing_moves_where_the_chance_does_not() -> None:
    assert draws.going_back(0.7, 0.7, 0.2) == 0.2
    assert draws.going_back(0.4, 1.0, 0.0) == 0.0
    assert draws.going_back(1.0, 0.7, 0.2) == 0.0


@pytest.mark.parametrize("factor", [0.5, 1.3, 2.0])
def test_a_good_seat_takes_from_going_back_and_from_losing_alike(factor: float) -> None:
    """70 % advance, 20 % go back, 10 % are lost: twice as many go back as are lost in any seat."""
    stage = {"name": "Close", "advance": "70%", "recycle": BACK, "duration": AT_ONCE}
    found = built(
        world(1, 1), stages=[stage], arrivals={"leads": 4_000},
        processes=[{"kind": "rep_factor", "sd": "10%", "applies_to": "wins"}],
    )  # fmt: skip
    drawn = futures(found.spreads, 3, 0, 4)
    log = by_kernel(found.model, drawn._replace(seat=np.full_like(drawn.seat, factor))).event["what"]
    won, lost, back = (int((log == what).sum()) for what in (WON_THERE, LOST_THERE, RECYCLED))
    visits, chance = won + lost + back, min(0.7 * factor, 1.0)
    assert visits > 15_000
    for seen, share in ((won, chance), (back, (1 - chance) * 2 / 3), (lost, (1 - chance) / 3)):
        assert abs(seen - visits * share) <= 4 * sqrt(visits * share * (1 - share))


def test_what_is_sold_no_more_is_not_taken_along() -> None:
    """Every deal for S0 takes S1 along, until the first of May."""
    gone = {"kind": "discontinued", "product": "S1", "start": "2027-05-01"}
    stage = {"name": "Close", "advance": "100%", "duration": AT_ONCE}
    inputs = world(2, 2)
    found = built(
        inputs, stages=[stage], mix={"S0": 1}, processes=[gone],
        attached=ALONG,
    )  # fmt: skip
    drawn = futures(found.spreads, 3, 0, 2)
    for done in (by_kernel(found.model, drawn), by_reference(found.model, drawn)):
        booked = done.booking[done.booking["kind"] == NEW]
        day = booked["tick"] // TICKS
        along = booked["product"] == 1
        assert (day[along] < 120).all()
        assert along.sum() == (~along & (day < 120)).sum() > 0
        assert (~along & (day >= 120)).sum() > 0
    kept = built(inputs, stages=[stage], mix={"S0": 1}, attached=ALONG)
    later = by_kernel(kept.model, drawn).booking
    assert (later["tick"][later["product"] == 1] // TICKS >= 120).any()
