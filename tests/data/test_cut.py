"""What was known on a day: later deals are gone, later closes are open, and their amounts are not known."""

import numpy as np

from tests.data.company import OPPORTUNITIES, company, found


def test_history_is_closed_and_the_pipeline_open_on_the_eve_of_the_plan(tmp_path):
    inputs = company(tmp_path)
    assert inputs.history.id == ("O1", "O2", "O3", "O6")
    assert inputs.history.outcome.tolist() == [1, 0, 1, 1]
    assert inputs.history.amount.tolist() == [100_000, -1, 500_025, 70_000]
    assert inputs.pipeline.id == ("O4", "O5")
    assert inputs.pipeline.account.tolist() == [0, -1]
    assert inputs.pipeline.rep.tolist() == [0, -1]
    assert inputs.pipeline.product.tolist() == [0, -1]
    assert inputs.pipeline.amount.tolist() == [90_000, -1]


def test_the_expected_close_of_an_open_deal_is_not_read(tmp_path):
    pipeline = company(tmp_path).pipeline
    assert np.isnat(pipeline.closed).all()
    assert pipeline.entered.astype(str).tolist() == ["2026-12-01", "2026-12-20"]


def test_what_happened_after_the_day_is_taken_back(tmp_path):
    block = {"known_at": "2026-11-30", "stage_at_cut": "Qualify"}
    inputs = company(tmp_path, {}, {"opportunities": block})
    assert inputs.history.id == ("O1", "O2", "O3")
    assert inputs.pipeline.id == ("O4", "O6")
    assert inputs.pipeline.stage == ("Qualify", "Qualify")
    assert inputs.pipeline.outcome.tolist() == [-1, -1]
    assert inputs.pipeline.amount.tolist() == [90_000, -1]
    assert inputs.pipeline.entered.astype(str).tolist() == ["2026-11-05", "2026-06-01"]
    assert np.isnat(inputs.pipeline.closed).all()
    assert found(inputs, "created after 2026-11-30").examples == ("row 6: O5",)
    assert found(inputs, "closed after 2026-11-30").rows == 1
    assert found(inputs, "moved after 2026-11-30").rows == 1


def test_the_day_itself_is_known(tmp_path):
    block = {"known_at": "2026-03-01", "stage_at_cut": "Qualify"}
    inputs = company(tmp_path, {}, {"opportunities": block})
    assert inputs.history.id == ("O1", "O3")
    assert inputs.pipeline.id == ("O2",)


def test_open_deals_without_a_date_are_kept_while_nothing_later_is_told(tmp_path):
    undated = OPPORTUNITIES.replace("2026-12-20,,,", ",,,")
    inputs = company(tmp_path, {"opportunities": undated})
    assert "O5" in inputs.pipeline.id
    assert np.isnat(inputs.pipeline.created[inputs.pipeline.id.index("O5")])
    early = company(
        tmp_path,
        {"opportunities": undated},
        {"opportunities": {"known_at": "2026-11-30", "stage_at_cut": "Qualify"}},
    )
    assert "O5" not in early.pipeline.id
    assert found(early, "no created date, in a file that goes on").rows == 1


def test_open_deals_of_their_own_table_replace_the_others(tmp_path):
    files = {
        "open_deals": "id,account,product,stage,created\nD1,A3,P2,Won,2026-11-01\nD2,A3,P2,Propose,2027-02-01\n"
    }
    inputs = company(tmp_path, files, {"open_deals": {}})
    assert inputs.history.id == ("O1", "O2", "O3", "O6")
    assert inputs.pipeline.id == ("D1",)
    assert inputs.pipeline.outcome.tolist() == [-1]
    assert found(inputs, "there is a table of open deals").rows == 2
    assert found(inputs, "created after").table == "open_deals"


def test_the_scenario_names_what_won_and_lost_mean(tmp_path):
    files = {"opportunities": OPPORTUNITIES.replace("Won", "Gewonnen").replace("Lost", "Verloren")}
    block = {"outcomes": {"Gewonnen": "won", "Verloren": "lost"}}
    assert company(tmp_path, files, {"opportunities": block}).history.outcome.tolist() == [1, 0, 1, 1]
