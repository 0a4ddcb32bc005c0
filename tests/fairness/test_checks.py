"""Each test of fairness on books small enough to reckon by hand."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from engine.estimates import Estimate
from engine.fairness.finding import between, larger, percent, points, verdict
from engine.fairness.run import checks, definitions, judge, table, untested
from engine.fairness.spec import FairnessSpec
from tests.fairness.books import SPEC, found, past, simulated

NAN = float("nan")
RNG = np.random.default_rng(7)
SIZES = np.array([1.0, 2, 4, 8, 16, 32, 64, 128, 3, 6])


@pytest.mark.parametrize(
    ("ends", "limits", "said"),
    [
        ((0.1, 0.05, 0.15), (0, 0.2), "pass"),
        ((0.1, 0.05, 0.25), (0, 0.2), "unclear"),
        ((0.3, 0.25, 0.35), (0, 0.2), "fail"),
        ((-0.3, -0.35, -0.25), (0, 0.2), "fail"),
        ((0.1, NAN, NAN), (0, 0.2), "pass"),
        ((0.3, NAN, NAN), (0, 0.2), "fail"),
        ((NAN, NAN, NAN), (0, 0.2), "unclear"),
    ],
)
def test_a_verdict_looks_at_the_whole_interval(ends, limits, said):
    assert verdict(Estimate(*ends), *limits) == said


def test_figures_are_told_in_words():
    assert percent(-0.001) == "0 %"
    assert points(Estimate(-0.123, -0.13, -0.116)) == "12.3 points (-13.0 to -11.6)"
    assert between(Estimate(0.5, 0.42, 0.61)) == " (42 % to 61 %)"
    assert between(Estimate(0.5, 0.499, 0.501)) == ""
    assert (larger(1.0), larger(0.1)) == ("twice the", "10 % more")


def test_every_test_defines_itself_and_has_a_case():
    names = {name for name, _, _ in definitions()}
    assert names == set(checks())
    assert len(names) >= 9
    text = inspect.getsource(inspect.getmodule(test_every_test_defines_itself_and_has_a_case))
    for name, title, words in definitions():
        assert title
        assert words.endswith(".")
        assert f'found("{name}"' in text, f"no case of {name}"


def test_size_neutrality_finds_that_large_seats_attain_less():
    attained = 1.2 - 0.1 * np.log2(SIZES)
    book = past(SIZES, SIZES * attained, potential=SIZES)
    one = found("size_neutrality", book)["effect of potential"]
    assert one.found.value == pytest.approx(-0.1)
    assert one.verdict == "fail"
    assert one.sentence.startswith("A seat with twice the potential attains 10.0 points")
    assert one.sentence.endswith("quotas are too high for large seats.")


def test_size_neutrality_passes_equal_attainment_and_needs_sizes():
    credit = SIZES * RNG.lognormal(0, 0.1, size=(4000, 10))
    assert (
        found("size_neutrality", simulated(SIZES, credit, volume=SIZES))["effect of volume"].verdict == "pass"
    )
    bare = simulated(SIZES, credit)
    assert found("size_neutrality", bare) == {}
    assert any(line.startswith("Size neutrality: not tested; it needs potential") for line in untested(bare))


def test_growth_neutrality_finds_growth_asked_of_those_who_cannot():
    volume = np.full(10, 100.0)
    quota = 100 * SIZES**0.5
    one = found("growth_neutrality", past(quota, np.full(10, 150.0), volume=volume))
    assert one["effect of growth asked"].found.value < -0.1


def test_growth_neutrality_wants_growth_to_pay():
    volume, grown = np.full(30, 100.0), np.linspace(0.5, 1.5, 30)
    pays = found("growth_neutrality", past(volume, 100 * grown, volume=volume))["growth and attainment"]
    assert (pays.found.value, pays.verdict) == (pytest.approx(1.0), "pass")
    punished = past(volume * grown**2, 100 * grown, volume=volume)
    assert found("growth_neutrality", punished)["growth and attainment"].verdict == "fail"


def test_bands_count_seats_and_hold_the_share_at_quota_to_its_limits():
    book = past([100] * 10, [79, 80, 90, 99, 100, 100, 110, 119, 120, 200])
    bands = found("bands", book)
    shares = [bands[name].found.value for name in ("at 80 %", "at 100 %", "at 120 %", "between the bands")]
    assert shares == pytest.approx([0.9, 0.6, 0.2, 0.8])
    # Wilson's interval of 6 of 10.
    assert bands["at 100 %"].found[1:] == pytest.approx((0.3127, 0.8318), abs=1e-4)
    assert bands["at 100 %"].verdict == "unclear"
    assert bands["at 120 %"].verdict == "told"
    narrow = FairnessSpec(bands=["90%", "100%"], at_quota={"min": "90%", "max": "100%"})
    assert found("bands", book, narrow)["at 100 %"].verdict == "fail"


def test_bands_of_simulated_years_vary_from_year_to_year():
    credit = np.repeat([[50.0], [150.0]], 20, axis=0) * np.ones((1, 8))  # all make it, or nobody does
    share = found("bands", simulated([100] * 8, credit))["at 100 %"].found
    assert share.value == 0.5
    assert share.half_width == pytest.approx(2.0227 * 0.50637 / np.sqrt(40), rel=1e-4)


def test_equal_groups_compares_each_with_the_others():
    groups = {"region": ("East",) * 6 + ("West",) * 6, "role": ("A",) * 11 + ("B",)}
    book = simulated([100] * 12, np.tile([200.0] * 6 + [50.0] * 6, (20, 1)), groups)
    one = found("equal_groups", book)
    assert set(one) == {"at quota against others East", "at quota against others West"}  # one B is too few
    assert one["at quota against others East"].found.value == 1.0
    assert one["at quota against others West"].verdict == "fail"
    observed = past([100] * 12, [200.0] * 6 + [50.0] * 6, groups)
    assert found("equal_groups", observed)["at quota against others East"].found.low > 0


def test_difficulty_tells_the_easiest_and_the_hardest_seat():
    credit = np.where(RNG.random((4000, 4)) < [0.2, 0.5, 0.5, 0.8], 200.0, 0.0)
    one = found("difficulty", simulated([100] * 4, credit))["spread of chances"]
    assert one.found.value == pytest.approx(np.std([0.2, 0.5, 0.5, 0.8]), abs=0.02)
    assert one.verdict == "fail"
    assert "(S0) to" in one.sentence
    assert "(S3)" in one.sentence
    assert found("difficulty", past([100] * 4, [1, 2, 3, 4])) == {}


def test_gini_of_equal_attainment_is_nothing():
    same = found("gini", past([100, 200, 300], [50, 100, 150]))["Gini coefficient"]
    assert (same.found.value, same.verdict) == (pytest.approx(0, abs=1e-12), "pass")
    apart = simulated([100] * 4, np.tile([0.0, 0.0, 0.0, 400.0], (10, 1)))
    assert found("gini", apart)["Gini coefficient"].found.value == pytest.approx(0.75)
    assert found("gini", past([1, 1, 1], [0, 0, 0])) == {}


def test_back_test_says_how_much_quota_lay_wrong():
    quota, credit = [60.0, 40, 100, 100], [50.0, 50, 100, 100]
    one = found("back_test", past(quota, credit))["misplaced quota"]
    assert one.found.value == pytest.approx(1 / 30)
    assert (
        one.sentence.endswith("by what came: the quota sat where the business was.")
        or "limit" in one.sentence
    )
    years = simulated(quota, np.tile(credit, (5, 1)))
    assert found("back_test", years)["misplaced quota"].verdict == "pass"


def test_ratchet_finds_how_much_of_a_good_year_comes_back():
    last_quota, x = np.full(21, 100.0), np.linspace(-0.5, 0.5, 21)
    volume = last_quota * np.exp(x)
    quota = last_quota * np.exp(0.8 * np.maximum(x, 0) + 0.2 * np.minimum(x, 0))
    one = found("ratchet", past(quota, quota, volume=volume, last_quota=last_quota))
    assert one["ratchet up"].found == pytest.approx((0.8, 0.8, 0.8), abs=1e-6)
    assert one["ratchet up"].verdict == "fail"
    assert one["ratchet one way"].found.value == pytest.approx(0.6, abs=1e-6)
    assert "rise after good years more" in one["ratchet one way"].sentence
    by_potential = past(last_quota, quota, volume=volume, potential=last_quota)
    assert found("ratchet", by_potential)["ratchet up"].verdict == "pass"
    assert found("ratchet", past(last_quota, quota, volume=volume)) == {}


def test_feasibility_finds_quotas_that_cannot_be_carried():
    credit = np.tile([100.0, 100, 100, 10], (200, 1))
    book = simulated([100.0] * 4, credit, potential=[300, 300, 300, 90], pipeline=[50] * 4, win_rate=0.5)
    one = found("feasibility", book)
    assert one["beyond potential"].found.value == 0.25
    assert one["beyond potential"].sentence == "1 of 4 seats carry more than the potential of their accounts."
    assert one["pipeline"].found.value == pytest.approx(0.25)
    assert (one["capacity"].found.value, one["capacity"].verdict) == (pytest.approx(0.775), "fail")
    assert (one["out of reach"].found.value, one["out of reach"].verdict) == (0.25, "fail")


def test_a_book_is_judged_as_a_whole_and_by_group_without_seats_that_carry_nothing():
    groups = {"region": ("East",) * 6 + ("West",) * 5}
    book = past([100] * 10 + [0], [100] * 11, groups)
    rows = judge(book, SPEC)
    assert {(row.by, row.group, row.seats) for row in rows} == {
        ("all", "", 10), ("region", "East", 6)
    }  # fmt: skip
    assert untested(book)[-1] == "Left out: 1 of 11 seats, which carry no quota."
    frame = table(rows).frame
    east = frame[frame["group"] == "East"]
    assert east["sentence"].str.startswith("East: ").all()


def test_figures_do_not_depend_on_the_unit_of_money_or_the_order_of_seats():
    credit = 100 * RNG.lognormal(0, 0.3, size=(50, 10)) * SIZES
    groups = {"region": tuple("EW" * 5)}
    one = simulated(100 * SIZES, credit, groups, volume=80 * SIZES**0.9, potential=300 * SIZES)
    scaled = simulated(
        10_000 * SIZES, 100 * credit, groups, volume=8_000 * SIZES**0.9, potential=30_000 * SIZES
    )
    order = np.arange(10)[::-1]
    turned = simulated(
        100 * SIZES[order],
        credit[:, order],
        {"region": tuple("EW" * 5)[::-1]},
        volume=(80 * SIZES**0.9)[order],
        potential=300 * SIZES[order],
    )
    frames = [table(judge(each, SPEC)).frame[["value", "low", "high"]] for each in (one, scaled, turned)]
    for other in frames[1:]:
        np.testing.assert_allclose(other, frames[0], rtol=1e-9, atol=1e-9)
