"""Leads that nobody starts within their patience are abandoned."""

from __future__ import annotations

import numpy as np

from engine.pipeline.layout import ABANDONED, GAVE_UP, TICKS, WAITING
from tests.pipeline.settings import with_open, with_spells
from tests.pipeline.theory.simulated import simulated
from tests.worlds import world

BUSY = """
slots: 1
arrivals: {leads: 150, routing: {to: %s}, patience: {kind: fixed, value: 5}}
stages: [{name: Work, advance: 50%%, duration: {kind: exponential, mean: 20}}]
"""


def test_a_lead_waits_as_long_as_its_patience_and_no_longer() -> None:
    for to in ("owner", "least_loaded"):
        done = simulated(BUSY % to, world(6, 3), 20, log=True)
        line, limit = done.line, 5 * TICKS
        gone, started = line["outcome"] == ABANDONED, line["start"] >= 0
        assert gone.sum() > started.sum() > 0
        assert (line["end"][gone] == line["arrival"][gone] + limit).all()
        assert (line["start"][gone] == -1).all()
        assert (line["amount"][gone] == -1).all()
        assert (line["start"] - line["arrival"] <= limit)[started].all()
        waiting = line["outcome"] == WAITING
        assert (line["arrival"][waiting] + limit >= 365 * TICKS).all()
        assert np.count_nonzero(done.event["what"] == GAVE_UP) == gone.sum()


def test_where_nobody_sits_all_leads_give_up_and_open_deals_wait_on() -> None:
    inputs = with_open(
        with_spells(world(2, 1), [(0, 364, None)]), [{"id": "O1", "rep": 0, "stage": "Lead", "created": -3}]
    )
    done = simulated(BUSY % "owner" + "open_stages: {Lead: queue}\n", inputs, 5)
    known = done.line["row"] >= 0
    assert (done.line["outcome"][known] != ABANDONED).all()
    early = ~known & (done.line["arrival"] < 350 * TICKS)
    assert (done.line["outcome"][early] == ABANDONED).all()


def test_patience_moves_no_draw_of_anything_else() -> None:
    patient, hasty = (
        simulated(BUSY.replace("value: 5", f"value: {days}") % "owner", world(6, 3), 5) for days in (900, 5)
    )
    assert np.array_equal(patient.line["key"], hasty.line["key"])
    assert np.array_equal(patient.line["arrival"], hasty.line["arrival"])
    both = (patient.line["end"] >= 0) & (hasty.line["end"] >= 0) & (hasty.line["start"] >= 0)
    span = [done.line["end"][both] - done.line["start"][both] for done in (patient, hasty)]
    assert both.any()
    assert np.array_equal(*span)
