"""Pay of few people, in a plan or in a period, stands in nothing that everybody may see."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.pay.run import Paid
from engine.pay.spans import ALL, spans
from tests.pay.company import Company, flat, plans
from tests.planted import differences, in_text, shown

SEATS = "id,manager,person,plan\n" + "".join(f"S{k},,Person {k},AE\n" for k in range(8))
LEADS = "X,,Xena,Lead\nY,,Yuri,Lead\n"


def deals(sellers: int) -> str:
    """January and April are busy; in February one sells alone, in March a lead does besides; both leads in May."""
    rows = [(1, k) for k in range(sellers)] + [(2, 1), (3, 2), (3, "X")] + [(4, k) for k in range(sellers)]
    rows += [(5, "X"), (5, "Y"), *((5, k) for k in range(sellers))]
    amounts = (
        (
            f"D{i}",
            f"S{seat % sellers}" if isinstance(seat, int) else seat,
            month,
            170_003.7 + 31_117.13 * i**1.5,
        )
        for i, (month, seat) in enumerate(rows)
    )
    return "id,rep,date,amount\n" + "".join(
        f"{name},{seat},2026-{month:02d}-11,{amount:.2f}\n" for name, seat, month, amount in amounts
    )


@pytest.fixture(params=[8, 2], ids=["a company", "a small one"])
def paid(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Paid, Path]:
    seats = "\n".join(SEATS.splitlines()[: request.param + 1]) + "\n" + LEADS
    made = Company(tmp_path, deals(request.param), reps=seats)
    made.says(comp=plans(AE=flat(), Lead=flat("3%")), comp_b=plans(AE=flat("12%"), Lead=flat("4%")))
    return made.pay(), tmp_path / "out"


def secrets(paid: Paid) -> dict[int, str]:
    """What each person, the small plan and a period of few are paid, under both sets of plans."""
    frames = {table.name: table.frame for table in paid.tables}
    ours = frames["ledger"].assign(b=0)
    theirs = frames["plan_b_people"]
    theirs = theirs[theirs["period"] != "year"].assign(earned=0, paid=0)
    rows = pd.concat([ours, theirs])
    secret = {}
    for by in (["person"], ["person", "period"]):
        for key, figures in rows.groupby(by)[["earned", "paid", "b"]].sum().iterrows():
            secret |= {int(amount): str(key) for amount in figures}
    for by in ("plan", "period"):
        for key, mine in rows.groupby(by):
            if mine["person"].nunique() < 5:
                secret |= {int(mine[figure].sum()): str(key) for figure in ("earned", "paid", "b")}
    return {amount: who for amount, who in secret.items() if amount > 10_000}


def test_no_pay_of_few_stands_in_what_everybody_may_see(paid: tuple[Paid, Path]) -> None:
    result, folder = paid
    secret, seen = secrets(result), shown(folder)
    assert "2026-02" in secret.values() or len(result.ledger["person"].unique()) < 5
    assert {who: seen[amount] for amount, who in secret.items() if amount in seen} == {}
    assert not secret.keys() & in_text(result.summary)


def test_no_difference_of_what_is_told_is_the_pay_of_few(paid: tuple[Paid, Path]) -> None:
    result, _ = paid
    for name, figures in (("accruals", ["earned", "paid"]), ("plan_b", ["a", "b"])):
        frame = next(table.frame for table in result.tables if table.name == name)
        told = set(frame[figures].to_numpy().ravel().tolist())
        assert not secrets(result).keys() & (told | differences(told))


def test_the_total_is_told_where_enough_are_paid(paid: tuple[Paid, Path]) -> None:
    result, _ = paid
    accruals = next(table.frame for table in result.tables if table.name == "accruals")
    few = result.ledger["person"].nunique() < 5
    assert accruals["earned"].sum() == (0 if few else result.ledger["earned"].sum())
    assert ("fewer than 5 people are paid" in result.summary) == few
    if not few:
        assert accruals["period"].tolist() == ["2026-01", "2026-02 to 2026-04", "2026-05"]


PEOPLE = [f"P{k}" for k in range(9)]
rows = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE), st.sampled_from(["A", "B", "C"]), st.sampled_from("1234"), st.integers(0, 9)
    ),
    max_size=60,
)


@settings(max_examples=200, deadline=None)
@given(rows, rows)
def test_each_figure_of_each_span_is_of_nobody_or_of_five(one, other):
    figures = [pd.DataFrame(facts, columns=["person", "plan", "period", "amount"]) for facts in (one, other)]
    told = (ALL, "A")
    over = spans(figures, [(period,) for period in "1234"], told)
    told_of = [period for span in over for period in span.periods]
    assert told_of == sorted(set(told_of))
    if over:
        assert {period for frame in figures for period in frame[frame["amount"] != 0]["period"]} <= set(
            told_of
        )
    for span in over:
        for frame in figures:
            here = frame[frame["period"].isin(span.periods) & (frame["amount"] != 0)]
            for mine in (here[here["plan"] == "A"], here[here["plan"] != "A"]):
                assert mine["person"].nunique() in {0, *range(5, 10)}
