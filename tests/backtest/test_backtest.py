"""The whole back-test of a company whose law is known, from tables to folder."""

from __future__ import annotations

from math import sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from engine.backtest import Backtested, backtest
from engine.errors import BadInput, VerificationFailed
from engine.store.manifest import digests
from engine.verification import verify
from tests.backtest.company import SCENARIO, deals, load

pytestmark = pytest.mark.slow

CANDIDATES = (
    "backtest.candidates={followed: {estimate: {stage: Working}}, "
    "decided: {estimate: {leads_from: closes, uncertainty: true}}}"
)


@pytest.fixture(scope="module")
def tested(tmp_path_factory: pytest.TempPathFactory) -> Backtested:
    folder = tmp_path_factory.mktemp("company")
    return backtest(load(folder, deals(5), CANDIDATES), folder / "out", workers=1)


def rows(tested: Backtested, by: str, horizon: str) -> pd.DataFrame:
    frame = tested.table("forecasts")
    return frame[(frame["by"] == by) & (frame["horizon"] == horizon)].reset_index(drop=True)


def test_every_origin_horizon_and_slice_is_asked_once(tested: Backtested) -> None:
    frame = tested.table("forecasts")
    assert not frame.duplicated(["origin", "horizon", "by", "slice"]).any()
    # At the end of August and November the next month ends its quarter: the same question.
    assert len(rows(tested, "total", "month")) == 6
    assert [str(day)[:10] for day in rows(tested, "total", "quarter")["end"]] == [
        "2026-09-30", "2026-09-30", "2026-12-31", "2026-12-31",
    ]  # fmt: skip
    assert set(frame["slice"]) == {"total", "Core", "Plus", "ENT", "SMB"}


def test_what_came_is_what_the_export_says(tested: Backtested) -> None:
    export = pd.DataFrame(
        [row.split(",") for row in deals(5)],
        columns=["id", "account", "rep", "product", "stage", "created", "closed", "amount"],
    )
    won = export[export["stage"] == "Won"]
    money = won["amount"].astype(int).groupby([won["closed"].str[:7], won["product"]]).sum() * 100
    for horizon, months in (("month", ["2026-10"]), ("quarter", ["2026-10", "2026-11", "2026-12"])):
        asked = rows(tested, "product", horizon)
        asked = asked[asked["origin"] == pd.Timestamp("2026-09-30")].set_index("slice")["came"]
        for product in ("Core", "Plus"):
            assert asked[product] == sum(money[month, product] for month in months)


@pytest.mark.parametrize("by", ["product", "segment"])
def test_parts_add_up_to_the_total(tested: Backtested, by: str) -> None:
    parts = rows(tested, by, "month").groupby("origin")[["came", "mean"]].sum()
    whole = rows(tested, "total", "month").set_index("origin")[["came", "mean"]]
    assert (parts["came"] == whole["came"]).all()
    assert (parts["mean"] - whole["mean"]).abs().max() <= 2


def test_the_law_of_the_company_is_chosen_and_beats_both_baselines(tested: Backtested) -> None:
    """Deals are decided by month of the quarter alone, so the way that estimates just that must win."""
    assert set(tested.table("forecasts")["estimate"]) == {"decided"}
    scores = tested.table("scores").set_index(["by", "horizon"])
    assert scores.loc[("all", "all"), "better"]
    assert scores.loc[("total", "month"), "better"]
    held = scores.loc[("all", "all")]
    assert held["in80_low"] <= held["in80"] <= held["in80_high"]


def test_the_scores_of_every_group_are_means_of_its_forecasts(tested: Backtested) -> None:
    frame, scores = tested.table("forecasts"), tested.table("scores").set_index(["by", "horizon"])
    mine = frame[(frame["by"] == "segment") & (frame["horizon"] == "month")]
    row = scores.loc[("segment", "month")]
    assert row["forecasts"] == len(mine) == 12
    assert row["crps"] == pytest.approx(mine["crps"].mean(), abs=1)
    assert row["in95"] == mine["in95"].mean()
    gain = (mine["crps_trailing"] - mine["crps"]).groupby(mine["origin"]).mean()
    assert row["gain_trailing"] == pytest.approx(gain.mean(), abs=1)
    # Student's 97.5 % point with five degrees of freedom.
    half = 2.5706 * gain.std() / sqrt(6)
    assert row["gain_trailing_high"] - row["gain_trailing"] == pytest.approx(half, rel=1e-3)


def test_every_slice_has_its_own_scores(tested: Backtested) -> None:
    slices, frame = tested.table("slices").set_index("slice"), tested.table("forecasts")
    assert slices["forecasts"].tolist() == [10] * 5
    core = frame[frame["slice"] == "Core"]
    assert slices.loc["Core", "crps_trailing"] == pytest.approx(core["crps_trailing"].mean(), abs=1)
    assert slices.loc["Core", "bias"] == pytest.approx(core["mean"].sum() / core["came"].sum() - 1, abs=1e-6)


def test_the_folder_verifies_and_a_changed_score_does_not(tested: Backtested, tmp_path: Path) -> None:
    assert any("follow from the forecasts" in said for said in verify(tested.folder))
    from engine.verification.backtests import backtest_faults

    (tmp_path / "tables").mkdir()
    for name in ("forecasts", "scores", "slices"):
        tested.table(name).to_parquet(tmp_path / "tables" / f"{name}.parquet")
    assert backtest_faults(tmp_path) == []
    better = tested.table("scores").assign(crps=lambda frame: frame["crps"] // 2)
    better.to_parquet(tmp_path / "tables" / "scores.parquet")
    assert len(backtest_faults(tmp_path)) == len(better)
    held = tested.table("forecasts").assign(in80=True)
    held.to_parquet(tmp_path / "tables" / "forecasts.parquet")
    assert any("in80" in fault.message for fault in backtest_faults(tmp_path))
    (tested.folder / "tables" / "scores.csv").write_text("by\n", encoding="utf-8")
    with pytest.raises(VerificationFailed, match="not what the run wrote"):
        verify(tested.folder)


def test_the_bytes_depend_on_the_seed_alone(tmp_path: Path) -> None:
    few = ("backtest.origins.first=2026-10-31", "pipeline.replications=40")
    scenario = load(tmp_path, deals(5), *few)
    one = backtest(scenario, tmp_path / "one", workers=1)
    two = backtest(scenario, tmp_path / "two", workers=2)
    assert digests(one.folder) == digests(two.folder)


def test_right_forecasts_fill_the_levels_evenly(tmp_path: Path) -> None:
    """Totals of separate quarters in many companies of one law: nearly independent, so their PIT is uniform."""
    levels = []
    for seed in range(24):
        (tmp_path / str(seed)).mkdir()
        sets = (
            "backtest.by=[]", "backtest.horizons=[quarter]", "pipeline.replications=200",
            "backtest.origins={first: 2026-09-30, last: 2026-09-30}",
        )  # fmt: skip
        tested = backtest(load(tmp_path / str(seed), deals(100 + seed), *sets), tmp_path / f"out{seed}")
        levels += tested.table("forecasts")["pit"].tolist()
    values = np.sort(levels)
    steps = np.arange(len(values) + 1) / len(values)
    distance = max(float((steps[1:] - values).max()), float((values - steps[:-1]).max()))
    # 2.28 belongs to |z| = 4 on both sides.
    assert sqrt(len(values)) * distance < 2.28
    z = (np.mean(values) - 0.5) * sqrt(12 * len(values))
    assert abs(z) <= 4


def test_without_its_block_nothing_is_forecast(tmp_path: Path) -> None:
    from engine.scenario import Scenario
    from tests.backtest.company import write

    path = write(tmp_path, deals(5), SCENARIO.partition("backtest:")[0])
    with pytest.raises(BadInput, match="from which days to forecast"):
        backtest(Scenario.load(path), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_page_tells_where_it_falls_short(tested: Backtested) -> None:
    text = (tested.folder / "report.html").read_text(encoding="utf-8")
    assert "Mean CRPS of" in text
    assert "https://" not in text.partition("<script")[0]
    for words in ("Candidates", "What the estimates rest on", "Calibration"):
        assert words in text
