"""The claims of history with shrinking, index, pipeline and accounts."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from engine.errors import BadInput
from engine.inputs import Inputs, Opportunities
from engine.quota.method import Basis
from engine.quota.shrinkage import dispersion, shrunk
from tests.quota.setting import by_seat, quotas, seats, spec, table

START = np.datetime64("2027-01-01", "D")


def deals(rep: list[int], amount: list[int], days_before: int | None = 100) -> Opportunities:
    """Won deals that closed so many days before the plan; open ones for None. Currency units, -1 unknown."""
    count = len(rep)
    closed = np.datetime64("NaT", "D") if days_before is None else START - np.timedelta64(days_before, "D")
    return Opportunities(
        tuple(f"D{k}" for k in range(count)), np.full(count, -1), np.array(rep), np.zeros(count, np.int64),
        ("",) * count, np.full(count, -1 if days_before is None else 1, np.int8),
        np.full(count, START - np.timedelta64(200, "D")), np.full(count, START - np.timedelta64(200, "D")),
        np.full(count, closed), np.array([a if a < 0 else a * 100 for a in amount], dtype=np.int64),
    )  # fmt: skip


def history(**fields: Any) -> Any:
    return [{"kind": "history", **fields}]


def test_bookings_keep_the_share_of_their_distance_that_is_not_luck() -> None:
    """Two seats of equal potential, 50 % above and below their mean, luck 30 %: B = (0.5^2 - 0.3^2) / 0.5^2 = 0.64."""
    inputs = seats([1000, 1000], history=[150, 50])
    found = quotas(inputs, spec("200", methods=history(shrink={"luck": "30%"})))
    assert by_seat(found) == [132, 68]
    rows = table(found, "quota_shrinkage")
    assert rows["weight"].tolist() == pytest.approx([0.64, 0.64])
    assert rows["mean"].tolist() == [10_000, 10_000]
    assert rows["raw"].tolist() == [15_000, 5_000]
    assert rows["shrunk"].tolist() == [13_200, 6_800]
    assert rows["moved"].tolist() == pytest.approx([-0.12, 0.36])


def test_where_luck_explains_all_of_it_potential_is_what_is_left() -> None:
    inputs = seats([1000, 3000], history=[150, 250])
    found = quotas(inputs, spec("400", methods=history(shrink={"luck": "90%"})))
    assert by_seat(found) == [100, 300]
    assert table(found, "quota_shrinkage")["weight"].tolist() == [0, 0]
    kept = quotas(inputs, spec("400", methods=history(shrink={"luck": "0.1%"})))
    assert by_seat(kept) == pytest.approx([150, 250], abs=0.01)


def test_peers_are_the_seats_of_a_node_and_growth_comes_after() -> None:
    inputs = seats([1000] * 4, history=[150, 50, 30, 10], district=["N", "N", "S", "S"])
    method = history(shrink={"peers": "district", "luck": "90%"}, growth={"S": "100%"})
    found = quotas(inputs, spec("280", methods=method))
    assert by_seat(found) == [100, 100, 40, 40]
    assert table(found, "quota_shrinkage")["peers"].tolist() == ["N", "N", "S", "S"]


def test_a_new_seat_is_expected_to_book_what_its_peers_would() -> None:
    inputs = seats([1000, 1000, 500], history=[150, 50, 0])
    found = quotas(inputs, spec("250", methods=history(shrink={"luck": "30%"})))
    assert by_seat(found) == [132, 68, 50]
    assert table(found, "quota_shrinkage")["weight"].tolist()[2] == 0


def test_luck_is_that_of_a_sum_of_deals() -> None:
    """Deals of 10 and 30: phi = (100 + 900) / 40 = 25 currency units; older deals do not count."""
    inputs = replace(seats([1000, 1000], history=[150, 50]), history=deals([0, 1], [10, 30]))
    assert dispersion(inputs) == pytest.approx(2500)
    older = replace(inputs, history=deals([0, 1], [10, 30], days_before=400))
    assert dispersion(older) is None
    # s^2 = phi m / E = 25 x 0.1 / 1000 = 0.0025, distance^2 = 0.05^2 = 0.0025: all of it is luck
    found = quotas(inputs, spec("200", methods=history(shrink={})))
    assert table(found, "quota_shrinkage")["weight"].tolist() == [0, 0]


def test_shrunk_bookings_foretell_the_next_year_better_than_those_of_the_last() -> None:
    """Rates with tau = 0.1, luck with s^2 = 0.02 a year: better than the last year alone, and than the mean alone.

    Squared errors are 2 s^2, s^2 + tau^2 and (1 + B) s^2 with B = 1 / 3, plus what tau is known badly by.
    """
    errors = np.zeros(3)
    for seed in range(100):
        stream = np.random.Generator(np.random.Philox(seed))
        potential = stream.integers(500_000, 2_000_000, 40)
        rate = 0.5 * stream.gamma(25, 1 / 25, 40)
        size = 50_000
        last, following = (stream.poisson(potential * rate / size) * size for _ in range(2))
        inputs = seats(potential.tolist(), history=last.tolist())
        inputs = replace(inputs, history=deals([0], [size]))
        basis = Basis(
            inputs, potential * 100, np.zeros((1, 40), np.int64), inputs.accounts.owner, Fraction(0)
        )
        guess = np.array([float(seat.amount) / 100 for seat in shrunk(basis, None)])
        mean = potential * (last.sum() / potential.sum())
        errors += [((one - following) ** 2).sum() for one in (guess, last, mean)]
    assert errors[0] / errors[1] == pytest.approx(0.69, abs=0.04)
    assert errors[2] / errors[1] == pytest.approx(0.77, abs=0.04)


def test_an_index_adds_shares_so_that_units_do_not_matter() -> None:
    inputs = seats([100, 300], history=[30, 10])
    inputs = replace(
        inputs,
        accounts=replace(inputs.accounts, extra={"sites": np.array([4, 1])}),
        reps=replace(inputs.reps, extra={"desks": np.array([1.0, 1.0])}),
    )
    columns = {"potential": "40%", "history": "30%", "sites": "20%", "desks": "10%"}
    found = quotas(inputs, spec("1000", methods=[{"kind": "index", "columns": columns}]))
    shares = [
        0.4 * 0.25 + 0.3 * 0.75 + 0.2 * 0.8 + 0.1 * 0.5,
        0.4 * 0.75 + 0.3 * 0.25 + 0.2 * 0.2 + 0.1 * 0.5,
    ]
    assert by_seat(found) == pytest.approx([1000 * share for share in shares])


def test_an_index_of_one_figure_is_its_method() -> None:
    inputs = seats([130, 220, 370])
    index = quotas(inputs, spec("1000", methods=[{"kind": "index", "columns": {"potential": "1"}}]))
    assert by_seat(index) == by_seat(quotas(inputs, spec("1000")))
    number = quotas(inputs, spec("900", methods=[{"kind": "index", "columns": {"accounts": "1"}}]))
    assert by_seat(number) == [300, 300, 300]


def test_open_deals_are_claimed_by_those_who_hold_them() -> None:
    inputs = replace(seats([1, 1, 1]), pipeline=deals([0, 0, 1, 1, -1], [100, 200, 500, -1, 900], None))
    found = quotas(inputs, spec("1225", methods=[{"kind": "pipeline"}]))
    # The mean of the known amounts (100, 200, 500, 900) stands in for the unknown one.
    assert by_seat(found) == [300, 925, 0]


def test_targets_of_accounts_add_up_to_claims() -> None:
    inputs = seats([1, 1])
    target = np.array([60_000, 20_000])
    inputs = replace(inputs, accounts=replace(inputs.accounts, extra={"target": target}))
    found = quotas(inputs, spec("1000", methods=[{"kind": "accounts", "column": "target"}]))
    assert by_seat(found) == [750, 250]


def refused(inputs: Inputs, *methods: Any) -> dict[str, str]:
    with pytest.raises(BadInput) as caught:
        quotas(inputs, spec("1000", methods=list(methods)))
    return {fault.field: fault.message for fault in caught.value.faults}


def test_what_methods_cannot_find_is_told_all_at_once() -> None:
    inputs = seats([1, 1], history=[5, 5], district=["N", "S"])
    extra = {
        "target": np.array([-1, 5]),
        "zero": np.array([0, 0]),
        "words": np.array(["a", "b"], dtype=object),
    }
    inputs = replace(inputs, accounts=replace(inputs.accounts, extra=extra))
    said = refused(
        inputs,
        {"kind": "accounts", "column": "targte"},
        {"kind": "accounts", "column": "target"},
        {"kind": "accounts", "column": "zero"},
        {"kind": "accounts", "column": "words"},
        {"kind": "pipeline"},
        {"kind": "index", "columns": {"worklaod": "1", "words": "1", "zero": "1", "target": "1"}},
        {"kind": "history", "shrink": {"peers": "distrikt"}},
    )
    assert said["quotas.methods[0].column"] == "the accounts have no further column 'targte'"
    assert said["quotas.methods[1].column"] == "account A0 has a target below 0 in 'target'"
    assert said["quotas.methods[2].column"] == "no account has a target in 'zero'"
    assert said["quotas.methods[3].column"] == "column 'words' of the accounts holds no amounts"
    assert said["quotas.methods[4]"] == "no seat has an open deal"
    assert said["quotas.methods[5].columns.worklaod"] == "neither seats nor accounts have a figure 'worklaod'"
    assert said["quotas.methods[5].columns.words"] == "column 'words' holds no numbers, or not in every row"
    assert said["quotas.methods[5].columns.zero"] == "figure 'zero' is 0 everywhere"
    assert said["quotas.methods[5].columns.target"] == "figure 'target' is below 0 somewhere"
    assert said["quotas.methods[6].shrink.peers"] == "there is no level 'distrikt'"
    assert "how much of the bookings is luck" in said["quotas.methods[6].shrink.luck"]


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ({"kind": "index", "columns": {"potential": "0"}}, "sum to 0"),
        ({"kind": "index", "columns": {"potential": "-1"}}, "negative"),
        ({"kind": "index", "columns": {}}, "at least 1 item"),
        ({"kind": "target_share", "share": "100%"}, "less than 1"),
    ],
)
def test_fields_of_methods_are_held_to_their_range(method: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        spec("1000", methods=[method])
