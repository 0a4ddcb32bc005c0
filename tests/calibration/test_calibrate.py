"""A whole export, with and without a history of stages: the block says what the deals were drawn from."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from math import log, sqrt
from typing import Any

import numpy as np
import pytest

from engine.calibration import calibration, fitted
from engine.calibration.calibrate import Calibration
from engine.calibration.found import Parameter
from engine.calibration.spec import CalibrationSpec
from engine.errors import BadInput
from engine.inputs import Inputs
from engine.measures import Measure
from engine.pipeline import check
from engine.pipeline.build import build
from engine.pipeline.law import mean
from engine.pipeline.spec import PipelineSpec
from tests.calibration.exports import closing, company, table

STAGES = CalibrationSpec(stages=("Qualify", "Propose"))


def drawn(seed: int, deals: int, days: int = 730, visible: int = 730) -> Inputs:
    """Deals through two stages: Qualify 60 % on and 10 % of deals back from Propose to it, Propose 50 % won.

    Days: exponential with mean 14 in Qualify, gamma with mean 30 and shape 3 in Propose.
    """
    rng = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    entries: list[tuple[str, str, int]] = []
    for number in range(deals):
        name, begin = f"D{number:05d}", float(rng.uniform(-days, 0))
        now, stage, won, path = begin, 0, None, []
        while won is None:
            path.append((stage, now))
            now += rng.exponential(14) if stage == 0 else rng.gamma(3, 10)
            draw = rng.random()
            if stage == 0:
                stage, won = (1, None) if draw < 0.6 else (0, False)
            else:
                stage, won = (1, True) if draw < 0.5 else (0, None) if draw < 0.6 else (1, False)
        if now < -visible:
            continue
        seen = [(where, when) for where, when in path if when < 0]
        entries += [(name, STAGES.stages[where], int(np.floor(when))) for where, when in seen]
        more = {"id": name, "account": number % 12, "rep": number % 3, "product": number % 2}
        size = float(rng.lognormal(9, 0.5))
        rows.append(closing(now, begin, won, round(100 * size), stage=STAGES.stages[seen[-1][0]], **more))
    return company(rows, entries)


def parameter(result: Calibration, part: str, name: str, of: str = "") -> Parameter:
    (found,) = [p for p in result.found.parameters if (p.part, p.name, p.of) == (part, name, of)]
    return found


@pytest.fixture(scope="module")
def with_history() -> Calibration:
    return calibration(drawn(1, 6_000, visible=400), None, STAGES)


def test_stages_are_those_that_deals_were_drawn_through(with_history: Calibration) -> None:
    first, last = with_history.spec.stages
    errors = with_history.spec.processes[-1].stages  # type: ignore[attr-defined]
    for stage, chance, days in ((first, 0.6, 14.0), (last, 0.5, 30.0)):
        error = errors[stage.name]
        odds = float(stage.advance) / (1 - float(stage.advance))
        assert abs(log(odds) - log(chance / (1 - chance))) <= 4 * error.odds
        assert abs(log(mean(stage.duration.knots()) / days)) <= 4 * error.days + 0.01
        assert stage.cases == ()
    assert last.recycle is not None
    assert last.recycle.to == "Qualify"
    back = parameter(with_history, "Propose", "back to Qualify")
    assert abs(back.value - 0.1) <= 4 * back.error
    assert (first.duration.model_dump()["kind"], last.duration.model_dump()["kind"]) == (
        "exponential",
        "gamma",
    )


def test_leads_and_amounts_are_those_that_were_drawn(with_history: Calibration) -> None:
    spec = with_history.spec
    assert spec.arrivals is not None
    total = parameter(with_history, "arrivals", "leads a year")
    assert abs(total.value - 3_000) <= 4 * total.error
    assert sum(spec.arrivals.by_segment.values()) == pytest.approx(total.value, abs=0.02)
    assert spec.seasonality is None
    assert spec.sizes is not None
    for name in ("S0", "S1"):
        amount = parameter(with_history, "sizes", "mean amount", f"product {name}")
        assert abs(amount.value - np.exp(9 + 0.125)) <= 4 * amount.error
        assert spec.sizes.by_product[name].model_dump()["kind"] == "lognormal"


def test_what_was_estimated_reads_back_and_builds(with_history: Calibration) -> None:
    from engine.reading.nodes import parse
    from engine.reading.resolved import to_yaml

    spec, inputs = with_history.spec, drawn(1, 300)
    for empty in (True, False):
        text = to_yaml(spec, empty=empty)
        assert PipelineSpec.model_validate(parse(text, "block").plain()) == spec
    built = build(inputs, inputs.accounts.owner, spec, {"bookings": Measure()})
    assert len(built.model.opening.deal) == len(inputs.pipeline)
    assert built.spreads.odds.all()


def test_an_order_of_stages_is_asked_for() -> None:
    with pytest.raises(BadInput) as caught:
        calibration(drawn(1, 200))
    (fault,) = caught.value.faults
    assert fault.field == "calibration.stages"
    assert "Qualify" in fault.hint


def by_quarter(seed: int, deals: int) -> Inputs:
    """One stage of exponential days; won 30, 50 or 80 % by the month of the quarter of the close."""
    rng = np.random.default_rng(seed)
    begin, share = rng.uniform(-700, 0, deals), np.array([0.3, 0.5, 0.8])
    end = begin + rng.exponential(35, deals)
    month = (np.datetime64("2027-01-01") + np.floor(end).astype("timedelta64[D]")).astype("datetime64[M]")
    won = rng.random(deals) < share[month.astype(np.int64) % 3]
    size = np.where(rng.random(deals) < 0.3, rng.lognormal(10, 0.2, deals), rng.lognormal(7, 0.3, deals))
    more = [{"id": f"D{i:05d}", "account": i % 12, "rep": i % 3, "product": 0} for i in range(deals)]
    rows = zip(end, begin, won, (100 * size).astype(int), more, strict=True)
    return company([closing(e, b, bool(w), int(a), **m) for e, b, w, a, m in rows])


def test_an_outcome_that_goes_with_the_month_of_the_close_becomes_a_stage_of_its_own() -> None:
    inputs = by_quarter(2, 4_000)
    result = calibration(inputs)
    working, decision = result.spec.stages
    assert not any("no time" in doubt for doubt in check(inputs, result.spec, {"bookings": Measure()}))
    assert float(working.advance) > 0.98
    assert mean(working.duration.knots()) == pytest.approx(35, rel=0.06)
    assert decision.duration.model_dump() == {"kind": "fixed", "value": 0.0}
    for case, chance in zip(decision.cases, (0.3, 0.5, 0.8), strict=True):
        assert case.advance is not None
        assert abs(float(case.advance) - chance) <= 4 * sqrt(chance * (1 - chance) / 1_200)
    assert not any(one.kind == "rep_factor" for one in result.spec.processes)
    amounts = result.spec.sizes.by_product["S0"].model_dump()  # type: ignore[union-attr]
    assert amounts["kind"] == "mixture"
    assert sorted(round(part["law"]["mean"], -2) for part in amounts["parts"]) == pytest.approx(
        [1100, 22500], rel=0.1
    )
    weights = [part["weight"] for part in amounts["parts"]]
    assert max(weights) / sum(weights) == pytest.approx(0.7, abs=4 * sqrt(0.21 / 2_000))


def test_an_export_that_is_too_thin_is_refused_and_a_thin_one_warned_of() -> None:
    rows = drawn(3, 150)
    few = replace(rows, stage_history=None)
    told = [remark.text for remark in calibration(few).found.remarks if remark.kind == "warning"]
    assert any("intervals are wide" in text for text in told)
    part = rows.history
    short = replace(
        few,
        history=type(part)(**{
            name: getattr(part, name)[:19] for name in part.__dataclass_fields__
        }),
    )  # fmt: skip
    with pytest.raises(BadInput) as caught:
        calibration(short)
    (fault,) = caught.value.faults
    assert fault.code == "E_THIN"
    assert "19 closed deals" in fault.message
    assert "20" in fault.hint


def test_a_history_that_begins_later_than_it_claims_is_told_and_counted_rightly() -> None:
    result = calibration(replace(drawn(4, 3_000, days=900, visible=200), stage_history=None))
    assert any("created before" in remark.text for remark in result.found.remarks if remark.kind == "warning")
    leads = parameter(result, "arrivals", "leads a year")
    assert abs(leads.value - 3_000 / 900 * 365) <= 4 * leads.error


def test_a_claim_that_closes_go_back_further_than_they_do_is_warned_of() -> None:
    claim = CalibrationSpec(closes_since=dt.date(2025, 1, 1))
    cut = replace(drawn(4, 1_500, visible=200), stage_history=None)
    false = [remark for remark in calibration(cut, None, claim).found.remarks if "claims" in remark.text]
    assert [remark.kind for remark in false] == ["warning"]
    assert "Leave closes_since out" in false[0].hint
    whole = replace(drawn(4, 600), stage_history=None)
    assert not any("claims" in remark.text for remark in calibration(whole, None, claim).found.remarks)
    # An export of all deals since some day hides nothing, although its first close comes after its first deal.
    assert not any("created before" in remark.text for remark in calibration(whole).found.remarks)


def test_what_the_scenario_gives_beside_the_estimate_is_kept() -> None:
    base = PipelineSpec.model_validate({
        "replications": 77, "slots": 9, "estimate": {}, "ramp": ["50%"],
        "processes": [
            {"kind": "attrition", "rates": [{"from_month": 0, "rate": "20%"}]},
            {"kind": "backfill", "delay": {"kind": "fixed", "value": 30}},
        ],
    })  # fmt: skip
    spec = fitted(by_quarter(5, 600), base)
    assert (spec.replications, spec.slots, spec.ramp) == (77, 9, base.ramp)
    assert [process.kind for process in spec.processes] == ["backfill", "uncertainty"]
    assert spec.estimate is None


def test_a_stage_that_hardly_anybody_left_is_refused() -> None:
    inputs = drawn(6, 200)
    three = CalibrationSpec(stages=("Qualify", "Propose", "Sign"))
    with pytest.raises(BadInput) as caught:
        calibration(
            inputs, None, CalibrationSpec(stages=("Propose", "Sign"), names={"Qualify": "queue"}, fewest=80)
        )
    assert "stage 'Sign': 60 exits are too few" in caught.value.faults[0].message
    # Won from Propose is through Sign in no day at all.
    result = calibration(inputs, None, three)
    assert [float(stage.advance) for stage in result.spec.stages][-1] == 1
    assert any("were passed over" in remark.text for remark in result.found.remarks)


def test_stages_that_are_none_and_entries_after_the_close_are_told() -> None:
    inputs = drawn(7, 300)
    assert inputs.stage_history is not None
    first = inputs.history.id[0]
    entries = inputs.stage_history
    extra = replace(
        entries,
        opportunity=(*entries.opportunity, first, first),
        stage=(*entries.stage, "Propose", "Demo"),
        entered=np.append(entries.entered, np.repeat(np.datetime64("2026-12-31"), 2)),
    )
    remarks = calibration(replace(inputs, stage_history=extra), None, STAGES).found.remarks
    assert any("1 entries lie after the close" in remark.text for remark in remarks)
    assert any("'Demo': 1 entries" in remark.text for remark in remarks)


def test_with_as_of_what_closed_since_the_plan_began_counts_as_well() -> None:
    early = by_quarter(8, 2_000)
    later = replace(
        early,
        calendar=replace(early.calendar, as_of=np.datetime64("2027-02-01")),
        actuals=table(
            [
                {"id": f"N{i}", "created": i % 31, "closed": 30, "outcome": i % 2, "amount": 100}
                for i in range(60)
            ]
        ),
    )
    one, two = calibration(early), calibration(later)
    seen = [parameter(result, "Working", "mean days, advancing").rests_on for result in (one, two)]
    assert seen[1] == seen[0] + 60
    assert any("365 days since 2026-02-01" in remark.text for remark in two.found.remarks)
