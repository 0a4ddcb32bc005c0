"""Six months of the Maven export, forecast from the end of each month before, and held to what came.

Facts of the export: closes follow the month of the quarter and hardly anything else, while open deals pile up from
1,185 at the start of March to 2,604 at that of November. So a pipeline that is followed from creation, and a weighted
open pipeline even more, expects more and more that never comes; the one that is estimated from closes does not. Which
of them is used is decided at each origin by what had happened until then.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from engine.backtest import Backtested, backtest
from engine.scenario import Scenario
from tests.beside import MAVEN, needs

SCENARIO = Path(__file__).with_name("backtest.yaml")

pytestmark = [pytest.mark.slow, needs(MAVEN)]


@pytest.fixture(scope="module")
def tested(tmp_path_factory: pytest.TempPathFactory) -> Backtested:
    scenario = Scenario.load(SCENARIO, "pipeline.replications=500", roots=[MAVEN])
    return backtest(scenario, tmp_path_factory.mktemp("maven") / "out", workers=2)


@pytest.fixture(scope="module")
def scores(tested: Backtested) -> pd.DataFrame:
    return tested.table("scores").set_index(["by", "horizon"])


def test_what_came_are_the_bookings_of_the_export(tested: Backtested) -> None:
    frame = tested.table("forecasts")
    total = frame[frame["by"] == "total"].set_index(["origin", "horizon"])["came"]
    assert total[pd.Timestamp("2017-09-30"), "quarter"] == 280_249_600
    assert total[pd.Timestamp("2017-06-30"), "quarter"] == 298_225_500
    assert len(total) == 10
    assert len(frame) == 80


def test_the_forecasts_are_better_than_both_baselines(scores: pd.DataFrame) -> None:
    assert scores["better"].all()
    whole = scores.loc[("all", "all")]
    assert whole["gain_pipeline_low"] > 0
    assert whole["gain_trailing"] > 0


def test_the_intervals_hold_about_what_they_say(scores: pd.DataFrame) -> None:
    held = scores["in80"]
    for by in ("all", "product"):
        assert 0.65 <= held[by, "all"] <= 0.95, by
    # Of the total alone there are ten forecasts: six or seven are held, as the seed falls, and 80 % is not ruled out.
    total = scores.loc[("total", "all")]
    assert 0.55 <= total["in80"] <= 0.95
    assert total["in80_low"] <= 0.8 <= total["in80_high"]
    assert total["in95"] == 1


def test_the_total_is_missed_in_the_fourth_quarter_alone_and_from_above(tested: Backtested) -> None:
    """It closed 3 % less than the quarters before, won 2 % less of that, and each deal brought 3 % less."""
    frame = tested.table("forecasts")
    missed = frame[(frame["by"] == "total") & ~frame["in80"]]
    assert (missed["origin"] >= pd.Timestamp("2017-09-30")).all()
    assert (missed["mean"] > missed["came"]).all()
    quarter = frame[(frame["by"] == "total") & (frame["horizon"] == "quarter")].set_index("origin")
    row = quarter.loc[pd.Timestamp("2017-09-30")]
    assert row["deals_came"] == 1196
    assert 1.02 < row["deals_mean"] / row["deals_came"] < 1.09


def test_only_what_had_happened_by_then_chooses(tested: Backtested) -> None:
    candidates = tested.table("candidates")
    first = candidates[candidates["origin"] == pd.Timestamp("2017-06-30")]
    # Known by the end of June: May, and June twice, from the ends of April and of May; eight slices each.
    assert set(first["forecasts"]) == {24}
    assert set(candidates[candidates["used"]]["candidate"]) == {"decided"}
