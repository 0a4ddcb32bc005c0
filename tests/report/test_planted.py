"""A run with two plans of few people whose pay is odd: their amounts stand in nothing that everybody may see."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from engine import Run, Scenario, run
from engine.check import check
from tests.planted import differences, in_text, named, public_files, shown, words_of

ROOT = Path(__file__).parents[2] / "scenarios"
FEW = {"Lead": (7_123_417, 3_391_783), "SE": (6_417_253, 2_871_329)}
"""Salary and target incentive of the plans of few people, cents."""
SEATS = ("W1", "W2", "W3", "E1", "E2", "E3", "N1", "N2", "N3", "N4", "N5")
STAFF = ["AE"] * 6 + ["Lead"] * 3 + ["SE"] * 2


@pytest.fixture(scope="module", params=[STAFF, ["Lead"] * 4], ids=["two small plans", "a small company"])
def planted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Path]:
    folder = tmp_path_factory.mktemp("planted")
    staff: list[str] = request.param
    (folder / "plan.yaml").write_text(json.dumps(_scenario(staff)), encoding="utf-8")
    seats = "".join(
        f"{seat},Seat {seat},{'West' if k % 2 else 'East'},{40 + k % 3},{-100 + k},500000\n"
        for k, seat in enumerate(SEATS[: len(staff)])
    )
    (folder / "reps.csv").write_text(f"id,name,region,latitude,longitude,history\n{seats}", encoding="utf-8")
    people = "".join(
        f"Person {k},{SEATS[k]},2023-03-01,,{plan},{salary / 100 + k:.2f},{target / 100 + 3 * k:.2f}\n"
        for k, plan in enumerate(staff)
        for salary, target in [FEW.get(plan, (8_000_000, 6_000_000))]
    )
    head = "person,rep,start,end,plan,salary,target_incentive\n"
    (folder / "people.csv").write_text(head + people, encoding="utf-8")
    scenario = Scenario.load(folder / "plan.yaml", roots=[ROOT])
    return run(scenario, out=folder / "out", workers=1), folder / "out"


def _scenario(staff: list[str]) -> dict[str, Any]:
    """The quickstart with other people, few replications and no bands."""
    content = yaml.load((ROOT / "quickstart.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    for name in ("accounts", "products", "opportunities"):
        content["data"][name]["path"] = str(ROOT / content["data"][name]["path"])
    for name in ("accounts", "opportunities"):
        content["data"][name]["unmatched"] = "drop"
    content["data"]["reps"]["path"], content["data"]["spells"]["path"] = "reps.csv", "people.csv"
    content["territories"]["constraints"] = [{"kind": "band", "measure": "potential", "within": "60%"}]
    content["pipeline"]["replications"] = "40"
    content["comp"]["on_costs"] = [{"name": "social", "rate": "7.65%", "of": "total", "ceiling": "90k"}]
    plan = content["comp"]["plans"]["AE"]
    cliff = {**plan["components"][1], "mode": "retroactive"}
    few = {**plan, "components": [plan["components"][0], cliff]}
    content["comp"]["plans"] = {name: few if name in FEW else plan for name in dict.fromkeys(staff)}
    return content


def _secrets(folder: Path) -> dict[int, str]:
    """What nobody may read, minor units: terms and expected pay of the few, each alone and a plan's together."""
    terms = pd.read_parquet(folder / "private/inputs/spells.parquet")
    pay = pd.read_parquet(folder / "private/payouts.parquet")
    terms, secret = terms[terms["plan"].isin(list(FEW))], {}
    year = pay[pay["person"].isin(set(terms["person"])) & (pay["period"] == "year")]
    for word in ("salary", "target_incentive"):
        secret |= dict.fromkeys(terms[word].astype(int), word)
        secret |= {int(rows[word].sum()): f"{word} of {plan}" for plan, rows in terms.groupby("plan")}
        secret |= {round(rows[word].mean()): f"mean {word} of {plan}" for plan, rows in terms.groupby("plan")}
    for word in ("mean", "p10", "p50", "p90"):
        secret |= dict.fromkeys(year[word].astype(int), f"{word} of somebody")
    year = year.merge(terms[["person", "plan"]], on="person")
    secret |= {int(rows["mean"].sum()): f"pay of {key}" for key, rows in year.groupby("plan")}
    secret |= {int(rows["mean"].sum()): f"pay of {key}" for key, rows in year.groupby(["plan", "component"])}
    secret |= {int(rows["mean"].sum()): f"pay of {key}" for key, rows in year.groupby("person")}
    return {amount: what for amount, what in secret.items() if amount > 100_000}


def test_the_search_finds_an_amount_where_it_stands(planted: tuple[Run, Path]) -> None:
    _, folder = planted
    goal = 650_000_000
    assert {"quota_levels.csv", "quota_levels.parquet", "workbook.xlsx"} <= shown(folder)[goal]
    assert {path.name for path in public_files(folder)} >= {"report.html", "workbook.xlsx", "manifest.json"}
    assert in_text("cost 1,234.50 USD") >= {123_450}
    assert len(_secrets(folder)) > 25


def test_no_amount_of_few_people_stands_in_what_everybody_may_see(planted: tuple[Run, Path]) -> None:
    result, folder = planted
    secret, seen = _secrets(folder), shown(folder)
    assert {what: seen[amount] for amount, what in secret.items() if amount in seen} == {}
    scenario = Scenario.load(folder.parent / "plan.yaml", roots=[ROOT])
    said = "\n".join([result.summary, *check(scenario)])
    assert not secret.keys() & in_text(said)
    assert not {round(amount / 100) for amount in secret} & named(said + words_of(folder))


def test_no_difference_of_costs_is_an_amount_of_few_people(planted: tuple[Run, Path]) -> None:
    _, folder = planted
    told = [folder / "tables" / f"{name}.parquet" for name in ("cost", "cost_by_group")]
    frames = [frame[frame["period"] == "year"] for frame in map(pd.read_parquet, filter(Path.is_file, told))]
    means = {int(value) for frame in frames for value in frame["mean"]}
    assert not _secrets(folder).keys() & (means | differences(means))
