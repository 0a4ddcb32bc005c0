"""From a spec and tables to arrays, and every fault on the way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from engine.calendar import CalendarSpec, calendar
from engine.errors import BadInput, Fault
from engine.inputs import Inputs
from engine.measures import Measure, Measures
from engine.pipeline.build import build
from engine.pipeline.layout import TICKS
from engine.pipeline.model import Model
from engine.pipeline.spec import PipelineSpec
from tests.pipeline.settings import opportunities, spec, with_open
from tests.worlds import world

MEASURES = {"bookings": Measure()}


def faults(pipeline: PipelineSpec, inputs: Inputs, measures: Measures = MEASURES) -> tuple[Fault, ...]:
    with pytest.raises(BadInput) as caught:
        build(inputs, inputs.accounts.owner, pipeline, measures)
    return caught.value.faults


def built(inputs: Inputs, pipeline: PipelineSpec) -> Model:
    return build(inputs, inputs.accounts.owner, pipeline, MEASURES).model


def test_every_fault_is_told_at_once() -> None:
    found = faults(
        spec(
            arrivals={"by_segment": {"SMBB": 10}},
            seasonality={"periods": [1, 2]},
            mix={"S9": 1},
            mix_by_segment={"XL": {"S0": 1}},
            sizes={"by_product": {"T": {"kind": "fixed", "value": 1}}},
            open_stages={"Old": "Closse"},
        ),
        world(),
        {"bookings": Measure(products=("nope",), segments=("none",))},
    )
    assert [fault.field for fault in found] == [
        "pipeline.arrivals.by_segment", "pipeline.arrivals.seasonality.periods", "pipeline.open_stages",
        "pipeline.sizes.by_product", "pipeline.mix_by_segment", "pipeline.mix", "pipeline.mix",
        "measures.bookings.products", "measures.bookings.segments",
    ]  # fmt: skip
    assert "Did you mean 'SMB'?" in found[0].hint


def test_an_unknown_open_stage_names_its_rows() -> None:
    rows = [{"id": "D1", "rep": 0, "stage": "Engaging", "created": -4}, {"id": "D2", "rep": 0, "created": -4}]
    (fault,) = faults(spec(), with_open(world(), rows))
    assert "'Engaging'" in fault.message
    assert "D1" in fault.message
    assert "D2" not in fault.message


@pytest.mark.parametrize(("row", "word"), [
    ({"rep": -1, "account": -1, "created": -4}, "neither a rep nor an account"),
    ({"rep": 0, "created": None}, "no date"),
    ({"rep": 0, "created": 4}, "after the simulation does"),
])  # fmt: skip
def test_an_open_deal_without_a_place_is_refused(row: dict[str, Any], word: str) -> None:
    (fault,) = faults(spec(), with_open(world(), [row | {"id": "BAD"}]))
    assert fault.code == "E_OPEN_DEAL"
    assert word in fault.message
    assert "BAD" in fault.message


def test_a_product_without_price_or_law_is_refused_unless_never_sold() -> None:
    inputs = world()
    free = replace(inputs, products=replace(inputs.products, price=np.array([0, 5_000])))
    (fault,) = faults(spec(sizes=None), free)
    assert "S0" in fault.message
    model = built(free, spec(sizes=None, mix={"S1": 1}))
    assert model.closing.product["unit"][1] == 5_000


def test_no_potential_to_spread_by_and_no_slots_are_refused() -> None:
    inputs = world()
    poor = replace(inputs, accounts=replace(inputs.accounts, potential=np.zeros(12, dtype=np.int64)))
    assert "potential" in faults(spec(arrivals={"leads": 5, "spread": "potential"}), poor)[0].message
    idle = replace(inputs, reps=replace(inputs.reps, slots=np.array([-1, 0, 3])))
    assert "R1" in faults(spec(), idle)[0].message


def test_slots_of_a_seat_override_the_default() -> None:
    inputs = world()
    mixed = replace(inputs, reps=replace(inputs.reps, slots=np.array([-1, 2, 9])))
    assert built(mixed, spec()).selling.seats.slots.tolist() == [10, 2, 9]


def test_leads_of_a_quarter_are_the_share_of_its_months() -> None:
    inputs = replace(world(), calendar=calendar(CalendarSpec(start="2027-10-01", length=3)))
    weights = [1] * 9 + [2, 3, 4]
    model = built(inputs, spec(seasonality={"months": weights}))
    assert model.arising.spring["rate"].sum() == pytest.approx(400 * 9 / 18)
    assert model.arising.edge.tolist() == [0, 31 * TICKS, 61 * TICKS, 92 * TICKS]
    assert model.arising.mass[0].tolist() == pytest.approx([0, 2 / 9, 5 / 9, 1])
    even = built(inputs, spec())
    assert even.arising.spring["rate"].sum() == pytest.approx(400 * 92 / 365)


def test_a_pool_needs_nobody_for_leads_that_never_come() -> None:
    """Seats of the north serve ENT alone, those of the south SMB; each segment's accounts lie with theirs."""
    inputs = world()
    north = np.array([node == "North" for node in inputs.reps.levels["district"]])
    serves = tuple(frozenset({"ENT" if there else "SMB"}) for there in north)
    inputs = replace(inputs, reps=replace(inputs.reps, serves=serves))
    owner = np.where(np.array(inputs.accounts.segment) == "ENT", 0, 1)
    pooled = spec(arrivals={"leads": 100, "routing": {"to": "least_loaded", "within": "district"}})
    model = build(inputs, owner, pooled, MEASURES).model
    assert model.arising.spring["route"].min() > 0
    with pytest.raises(BadInput) as caught:
        build(inputs, 1 - owner, pooled, MEASURES)
    assert "no seat takes leads of segment" in caught.value.faults[0].message


def test_history_spreads_leads_by_its_deals() -> None:
    inputs = replace(world(4, 2), history=opportunities([{"account": 1}, {"account": 1}, {"account": -1}]))
    model = built(inputs, spec(arrivals={"leads": 60, "spread": "history"}))
    by_account = np.argsort(model.arising.spring["account"])
    assert model.arising.spring["rate"][by_account] == pytest.approx([10, 30, 10, 10])


def test_open_deals_stand_with_their_rep_or_the_seat_of_their_account() -> None:
    rows = [
        {"id": "A", "rep": 2, "account": 0, "created": -1},
        {"id": "B", "rep": -1, "account": 1, "created": -30},
    ]
    inputs = with_open(world(), rows)
    opening = built(inputs, spec()).opening
    assert opening.first.tolist() == [0, 0, 1, 2]
    assert opening.deal["age"].tolist() == [30, 1]
    assert opening.deal["created"].tolist() == [-30 * TICKS, -TICKS]


def test_open_deals_wait_in_the_class_of_their_segment_and_source() -> None:
    rows = [
        {"id": "A", "account": 0, "rep": 0, "stage": "new"},
        {"id": "B", "account": 1, "rep": 0, "stage": "new"},
    ]
    inputs = with_open(world(), rows)
    by = {
        "segment": {"kind": "priority", "by": "segment", "order": ["ENT"]},
        "source": {"kind": "priority", "by": "source", "order": ["web"]},
    }
    sources = {"web": {"leads": 10}, "fair": {"leads": 10}}
    block = {"open_stages": {"new": "queue"}, "arrivals": None, "sources": sources}
    ranks = built(inputs, spec(**block, processes=[by["segment"]])).opening.deal["rank"].tolist()
    assert ranks == [1, 0]
    known = replace(inputs, pipeline=replace(inputs.pipeline, source=("web", "")))
    assert built(known, spec(**block, processes=[by["source"]])).opening.deal["rank"].tolist() == [0, 1]
    both = built(known, spec(**block, processes=[by["source"], by["segment"]])).opening.deal["rank"].tolist()
    assert both == [1, 1000]


@pytest.mark.parametrize("change", [
    {"stages": []}, {"arrivals": None}, {"arrivals": {}}, {"arrivals": {"leads": 1, "by_segment": {"SMB": 1}}},
    {"seasonality": {}}, {"seasonality": {"months": [1, 2]}}, {"seasonality": {"months": [0] * 12}},
    {"stages": [{"name": "queue", "advance": 1, "duration": {"kind": "fixed", "value": 1}}]},
    {"ramp": ["150%"]}, {"replications": 0}, {"slots": 0}, {"leads": 5}, {"replications": 2_000_000},
])  # fmt: skip
def test_a_block_that_contradicts_itself_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        spec(**change)


def test_a_spec_survives_being_written_down() -> None:
    once = spec(seasonality={"months": [1.5] * 12}, market={"sd": "10%"}, ramp=["25%", 1])
    assert PipelineSpec.model_validate(once.model_dump(mode="json")) == once


def test_the_spec_is_read_without_heavy_imports() -> None:
    import subprocess
    import sys

    heavy = ("numba", "scipy", "pandas", "simpy")
    code = f"import sys, engine.pipeline.spec; print([name for name in {heavy} if name in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )
