"""Key figures of a run against the same figures computed with pandas from the event logs of its replications.

The company of `renewals.yaml` with everything in it that moves deals about: a shared resource, deals that go back a
stage, one seat that is left and filled again, whose deals are handed over. Amounts are fixed by product, so that an
analyst who has the log alone knows the value of a lost deal.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from engine import pipeline
from engine.progress import Silent
from engine.runs import Results, carry
from engine.scenario import Scenario
from tests.pipeline.read_log import Log, Year, figures, mean_of, retention, slips, stages

FOLDER = Path(__file__).resolve().parents[2] / "scenarios"
COUNT = 2
VALUE = {"Core": 150_000.0, "Plus": 60_000.0}
SETS = (
    f"pipeline.replications={COUNT}",
    "pipeline.sizes.by_product.Core={kind: fixed, value: 150000}",
    "pipeline.sizes.by_product.Plus={kind: fixed, value: 60000}",
    "pipeline.market={sd: 0}",
    "pipeline.lifetime={margin: 70%, discount: 10%}",
)
PROCESSES = """[
    {kind: resource, name: engineers, units: 3, stages: {Propose: {share: 60%}}},
    {kind: reassignment, deals: reassign, within: region, handover_days: 4},
    {kind: renewals, churn: 25%, factor: {kind: lognormal, mean: 1.03, cv: 0.1}, expansions: 0.8,
     expansion: {kind: lognormal, mean: 0.2, cv: 0.5}},
]"""
STAGES = """[
    {name: Qualify, advance: 60%, duration: {kind: lognormal, mean: 20, cv: 0.7}},
    {name: Propose, advance: 60%, recycle: {to: Qualify, chance: 15%},
     duration: {kind: lognormal, mean: 28, cv: 0.7}},
    {name: Negotiate, advance: 75%, duration: {kind: lognormal, mean: 20, cv: 0.7}},
]"""
DAYS = {"Qualify": 20.0, "Propose": 28.0, "Negotiate": 20.0}


@pytest.fixture(scope="module")
def ran() -> tuple[Results, list[Log]]:
    """The run, and the logs of its replications."""
    scenario = Scenario.load(
        FOLDER / "renewals.yaml", *SETS, f"pipeline.processes={PROCESSES}", f"pipeline.stages={STAGES}"
    )
    results = Results()
    carry(scenario, results, "quotas", 1, Silent())
    assert results.seated is not None
    assert results.alignment is not None
    assert results.bookings is not None
    year = _year(results)
    traces = [
        pipeline.trace(
            results.seated, results.alignment, scenario.pipeline, scenario.measures,
            seed=scenario.seed, replication=number,
        )
        for number in range(COUNT)
    ]  # fmt: skip
    return results, [Log(year, one) for one in traces]


def _year(results: Results) -> Year:
    inputs = results.seated
    assert inputs is not None
    first = pd.Timestamp(inputs.calendar.start)
    last = pd.Timestamp(inputs.calendar.end)
    people = pd.read_csv(FOLDER / "data/quickstart/people.csv", parse_dates=["start", "end"])
    people["end"] = people["end"].fillna(last)
    presence = pd.DataFrame(
        {
            "rep": people["rep"],
            "begin": (people["start"] - first).dt.days,
            "end": (people["end"] - first).dt.days,
        }
    )
    exported = FOLDER / "data/quickstart/opportunities.csv"
    deals = pd.read_csv(exported, dtype={"id": str}, parse_dates=["entered"])
    deals = deals[deals["stage"].isin(DAYS)].set_index("id")
    deals["entered"] = (deals["entered"] - first).dt.days
    reps = pd.read_csv(FOLDER / "data/quickstart/reps.csv")
    region = dict(zip(reps["id"], reps["region"], strict=True))
    opened = deals[["rep", "stage", "entered", "amount"]]
    return Year(first, float((last - first).days), region, tuple(DAYS), opened, VALUE, presence, 6, DAYS)


def table(results: Results, name: str) -> pd.DataFrame:
    return next(one.frame for one in results.tables if one.name == name)


def same(found: dict[str, float], expected: Any, what: object) -> None:
    told = {name: value for name, value in found.items() if name in expected.index}
    assert told == pytest.approx(expected[list(told)].to_dict(), rel=1e-6, abs=1e-9, nan_ok=True), what


def test_key_figures_of_the_whole_are_those_of_the_log(ran: tuple[Results, list[Log]]) -> None:
    results, logs = ran
    found = mean_of([figures(log, "total", "") for log in logs])
    expected = table(results, "kpis").set_index("kpi")["mean"]
    assert set(found) <= set(expected.index)
    assert found["moved"] > 0
    same(found, expected, "total")


@pytest.mark.parametrize("by", ["region", "rep", "segment", "period"])
def test_key_figures_of_every_group_are_those_of_the_log(ran: tuple[Results, list[Log]], by: str) -> None:
    results, logs = ran
    expected = table(results, "kpis_by_group").query("by == @by")
    groups = list(dict.fromkeys(expected["group"]))
    assert len(groups) == {"region": 2, "rep": 6, "segment": 2, "period": 12}[by]
    for group in groups:
        found = mean_of([figures(log, by, group) for log in logs])
        same(found, expected[expected["group"] == group].set_index("kpi")["mean"], (by, group))


@pytest.mark.parametrize("segment", [None, "Enterprise", "Mid-market"])
def test_stages_are_those_of_the_log(ran: tuple[Results, list[Log]], segment: str | None) -> None:
    results, logs = ran
    by = "total" if segment is None else "segment"
    told = table(results, "stages").query("by == @by and group == @group", local_dict={
        "by": by, "group": segment or ""}).set_index("stage")  # fmt: skip
    found = [stages(log, segment) for log in logs]
    mean = sum(found[1:], found[0]) / COUNT
    assert mean["recycled"].sum() > 0
    pd.testing.assert_frame_equal(mean, told[mean.columns].rename_axis(None), rtol=1e-6)


def test_what_slips_and_what_covers_the_quota_is_what_the_log_shows(ran: tuple[Results, list[Log]]) -> None:
    results, logs = ran
    found = [slips(log) for log in logs]
    told = table(results, "slippage").set_index("period")
    mean = pd.concat(found, keys=range(COUNT)).groupby(level=1, sort=False).mean()
    pd.testing.assert_frame_equal(mean, told[mean.columns].rename_axis(None), rtol=1e-6)
    coverage = table(results, "coverage").query("by == 'company'").set_index("period")
    quotas = table(results, "quotas").groupby("period")["quota"].sum() / 100
    ratio = mean["expected_value"] / quotas
    assert coverage["coverage"].to_dict() == pytest.approx(ratio.to_dict(), rel=1e-6)
    won, closed = (
        sum(log.deals["outcome"].isin(names).sum() for log in logs) for names in (["won"], ["won", "lost"])
    )
    assert coverage["needed"].iloc[0] == pytest.approx(closed / won)


def test_resources_are_used_and_waited_for_as_in_the_log(ran: tuple[Results, list[Log]]) -> None:
    results, logs = ran
    told = table(results, "resources").query("period == ''").iloc[0]
    waits, use, asked = [], [], []
    for log in logs:
        steps = {name: log.events[log.events["what"] == f"{name} engineers"] for name in
                 ("asked for", "was granted", "gave back")}  # fmt: skip
        moments = {
            name: frame.assign(visit=frame.groupby("deal").cumcount()).set_index(["deal", "visit"])["time"]
            for name, frame in steps.items()
        }
        wait = (moments["was granted"] - moments["asked for"]).dropna()
        held = moments["gave back"].reindex(moments["was granted"].index).fillna(log.year.end)
        waits.append(wait.mean())
        use.append((held - moments["was granted"]).sum() / log.year.end)
        asked.append(len(steps["asked for"]))
    assert told["requests"] == sum(asked) / COUNT
    assert told["mean_wait"] == pytest.approx(sum(waits) / COUNT, rel=1e-6)
    assert told["in_use"] == pytest.approx(sum(use) / COUNT, rel=1e-6)
    assert told["utilisation"] == pytest.approx(sum(use) / COUNT / 3, rel=1e-6)


def test_retention_is_that_of_the_contracts(ran: tuple[Results, list[Log]]) -> None:
    results, logs = ran
    contracts = pd.read_csv(FOLDER / "data/renewals/contracts.csv", parse_dates=["renews"])
    contracts["amount"] *= 100
    found = [retention(log.year, log.trace, contracts) for log in logs]
    kpis = table(results, "kpis").set_index("kpi")["mean"]
    net, gross = (sum(values) / COUNT for values in zip(*found, strict=True))
    assert 0 < gross < 1 < net / gross
    assert kpis["nrr"] == pytest.approx(net, rel=1e-6)
    assert kpis["grr"] == pytest.approx(gross, rel=1e-6)


def test_the_lifetime_value_of_a_yearly_contract_is_a_geometric_series(
    ran: tuple[Results, list[Log]],
) -> None:
    results, _ = ran
    contracts = pd.read_csv(FOLDER / "data/renewals/contracts.csv")
    worth = 0.0
    for amount, months in zip(contracts["amount"], contracts["months"], strict=True):
        years = months / 12
        kept = 0.75 * 1.03 * 2.718281828459045 ** (0.8 * years * 0.2) / 1.1**years
        worth += sum(amount * 0.7 * kept**term for term in range(2000))
    told = table(results, "lifetime_value").set_index("segment")["lifetime_value"]
    assert told["total"] == pytest.approx(worth / len(contracts), rel=2e-3)
