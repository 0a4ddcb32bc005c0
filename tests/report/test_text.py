from dataclasses import replace

import pandas as pd

from engine.columns import Table
from engine.quota.adjusting.table import ADJUSTMENTS, EFFECT
from engine.report import summary
from tests.report.synthetic import run, solve
from tests.report.test_html import without


def test_the_summary_fits_eighty_columns_and_says_the_main_figures() -> None:
    report = run()
    text = summary(report)
    assert max(map(len, text.splitlines())) <= 80
    assert len(text.splitlines()) <= 24
    for words in (
        "gap 0.576 %",
        "P(goal) 57 %",
        "of 60 accounts",
        "all 12 cells tie out",
        "(P90 less P50)",
        "1 warning, 2 findings",
        "report.html",
    ):
        assert words in text


def test_what_was_set_by_hand_is_told_with_what_it_moved() -> None:
    report = run()
    seats = pd.DataFrame(
        {
            "rep": ["A", "B", "C"],
            "before": [100_000_00, 50_000_00, 60_000_00],
            "quota": [90_000_00, 57_000_00, 60_000_00],
            "change": [-10_000_00, 7_000_00, 0],
            "change_ratio": [-0.1, 0.14, 0.0],
            "set": [True, False, False],
        }
    )
    entry = pd.DataFrame([dict.fromkeys(column.name for column in ADJUSTMENTS)])
    tables = (
        Table("quota_adjustments", ADJUSTMENTS, entry, "Set."),
        Table("quota_effect", EFFECT, seats, "Moved."),
    )
    text = summary(replace(report, tables=(*report.tables, *tables)))
    assert "set by hand   1 quota; 1 other seat moved, the most by USD 7K" in text


def test_long_words_are_broken_at_eighty_columns_and_control_characters_do_not_reach_the_terminal() -> None:
    nasty = "plan\x1b[31m\n\u202eERROR " + "x" * 200
    report = replace(
        run(), title=nasty, solves=tuple(solve("territories", nasty, 10, 9, "USD") for _ in range(9))
    )
    text = summary(report)
    assert max(map(len, text.splitlines())) <= 80
    assert "..." not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "and 8 more solves" in text


def test_what_is_longer_than_a_line_goes_on_below_its_words() -> None:
    text = summary(replace(run(), solves=(solve("territories", "word " * 30, 10, 9, "USD"),)))
    first = text[text.index("territories") :].splitlines()
    assert first[1].startswith(" " * 14 + "word")
    assert sum(line.count("word") for line in first) == 30


def test_a_deviation_is_told_in_percent() -> None:
    told = solve("quotas", "worst deviation", 0.000217, 0.000217, "ratio of the target")
    assert "worst deviation 0.0217 %, bound 0.0217 %" in summary(replace(run(), solves=(told,)))


def test_what_was_not_run_is_named_and_not_shown() -> None:
    report = without(run(), "bookings", "goals", "quotas", "cost", stages=("inputs", "territories"))
    text = summary(report)
    assert "not run       pipeline, quotas, comp" in text
    assert "reserve" not in text


def test_a_count_does_not_read_as_money_where_one_person_is_paid() -> None:
    text = summary(replace(run(), people_by_plan={"AE": 1}))
    assert "not shown: fewer than five people are paid" in text
    assert "reserve" not in text
