from dataclasses import replace

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


def test_long_words_are_cut_at_eighty_columns_and_control_characters_do_not_reach_the_terminal() -> None:
    nasty = "plan\x1b[31m\n\u202eERROR " + "x" * 200
    report = replace(
        run(), title=nasty, solves=tuple(solve("territories", nasty, 10, 9, "USD") for _ in range(9))
    )
    text = summary(report)
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "and 8 more solves" in text


def test_what_was_not_run_is_named_and_not_shown() -> None:
    report = without(run(), "bookings", "goals", "quotas", "cost", stages=("inputs", "territories"))
    text = summary(report)
    assert "not run       pipeline, quotas, comp" in text
    assert "reserve" not in text


def test_a_count_does_not_read_as_money_where_one_person_is_paid() -> None:
    text = summary(replace(run(), people_by_plan={"AE": 1}))
    assert "not shown: fewer than five people are paid" in text
    assert "reserve" not in text
