"""Balances from before the plan in a simulation: a year that is settled in two halves pays what the whole one pays."""

from dataclasses import replace

import numpy as np
import pytest

from engine import comp
from engine.calendar import CalendarSpec, calendar
from engine.comp.exact import Rows
from engine.errors import BadInput
from engine.owed import Owed
from engine.pay.balances import carried
from tests.comp.worlds import bookings, quotas, spec
from tests.data.company import FILES, company
from tests.data.company import faults as refused
from tests.data.test_frames import assert_same, through_parquet
from tests.worlds import with_spells, world

MONTHLY = {
    "kind": "commission", "tiers_on": "credit", "rates": "of_credit", "mode": "marginal", "closed": "left",
    "accumulate": "period", "tiers": [{"start": 0, "rate": "10%"}, {"start": 60_000, "rate": "12.5%"}],
}  # fmt: skip
DRAW = {"kind": "draw", "type": "recoverable", "form": "floor", "per": "period", "amount": 4_500, "until": 9}
HOLDBACK = {"kind": "holdback", "share": "12.5%", "after": 3, "leavers": "paid"}
LIMIT = {
    "kind": "limit", "per": "period", "most": {"amount": 6_000}, "carry": "carried_forward", "of": ["commission"],
}  # fmt: skip
DEALS = {**MONTHLY, "accumulate": "transaction"}


def year(months, start="2027-01-01"):
    """Two people, one of whom comes in May, and a calendar."""
    base = with_spells(world(reps=2), start=np.array(["2026-11-01", "2027-05-01"], dtype="datetime64[D]"))
    return replace(base, calendar=calendar(CalendarSpec(start=start, length=months)))


def credits(replications=4):
    """Credits of years, some months empty; none for the second person before they come."""
    cells = np.random.default_rng(3).lognormal(15.2, 0.7, (replications, 2, 12))
    cells *= np.random.default_rng(4).random(cells.shape) > 0.2
    cells[:, 1, :4] = 0
    return np.rint(cells).astype(np.int64)


def simulated(inputs, cube, rules):
    """What variable pay costs by period, in minor units; the audit of a settlement pays it again with the balances."""
    none = quotas(np.zeros((2, inputs.calendar.periods), dtype=np.int64))
    return comp.settle(inputs, bookings(cube[None]), none, rules).variable[0, :, 0]


def owed(frame):
    due = frame["due_in"].fillna(0).to_numpy(np.int64)
    amount = frame["amount"].to_numpy(np.int64)
    return Owed(
        tuple(frame["person"]), tuple(frame["component"]), amount, due, np.arange(due.size) + 2, "carried.csv"
    )


@pytest.mark.parametrize(
    "parts",
    [
        (MONTHLY, DRAW),
        (MONTHLY, {**DRAW, "form": "advance"}),
        (MONTHLY, {**DRAW, "per": "quarter", "form": "advance"}),
        (MONTHLY, HOLDBACK),
        (MONTHLY, LIMIT),
        (MONTHLY, LIMIT, HOLDBACK, DRAW),
    ],
    ids=["draw", "advance", "advance by quarter", "holdback", "limit", "all"],
)
def test_two_halves_of_a_year_pay_what_the_whole_pays(parts):
    pay = {"pay": "quarterly"} if parts[-1].get("per") == "quarter" else {}
    rules = spec({**parts[0], **pay}, *parts[1:])
    first, second = year(6), year(6, "2027-07-01")
    moved = False
    for cube in credits():
        whole = simulated(year(12), cube, rules)
        spell, period = (index.ravel() for index in np.indices((2, 6)))
        half = comp.pay(
            first,
            np.zeros((2, 6), dtype=np.int64),
            rules,
            Rows(spell, period, {"bookings": cube[:, :6].ravel()}),
        )
        before = owed(carried(half.balances, {}, rules, first, 6))
        assert simulated(first, cube[:, :6], rules).tolist() == whole[:6].tolist()
        later = simulated(replace(second, owed=before), cube[:, 6:], rules)
        assert later.tolist() == whole[6:].tolist()
        moved |= simulated(second, cube[:, 6:], rules).tolist() != later.tolist()
    assert moved


def one(component, amount, due=0, person="P0"):
    row = np.array([amount]), np.array([due]), np.array([2])
    return Owed((person,), (component,), *row, "carried.csv")


def test_a_draw_of_last_year_is_recovered_where_single_deals_are_made_again():
    from tests.comp.dealing import simulated as sold
    from tests.comp.dealing import staffed

    inputs, rules = staffed(), spec(DEALS, {**DRAW, "amount": 100}, carry="spell")
    found = sold()
    none = quotas(np.zeros((3, 12), dtype=np.int64))
    without = comp.settle(inputs, found, none, rules).variable
    with_it = comp.settle(replace(inputs, owed=one("draw", 50_000)), found, none, rules).variable
    assert (without.sum(axis=(1, 2)) - with_it.sum(axis=(1, 2))).max() == 50_000
    assert (without - with_it).sum(axis=(1, 2)).min() >= 0


@pytest.mark.parametrize(
    ("rows", "field", "says"),
    [
        (one("drow", 5), "component", "no plan of P0 has a component 'drow'"),
        (one("commission", 5), "component", "commission carries nothing from year to year"),
        (one("holdback", 5), "due_in", "holdback does not say in which period it is released"),
        (one("draw", 5, 2), "due_in", "draw is no holdback, and has a period of release"),
    ],
)
def test_balances_that_the_plans_do_not_keep_are_refused_with_their_row(rows, field, says):
    inputs = replace(year(12), owed=rows)
    for refused_by in (
        lambda: simulated(inputs, credits()[0], spec(MONTHLY, HOLDBACK, DRAW)),
        lambda: comp.check(spec(MONTHLY, HOLDBACK, DRAW), inputs),
    ):
        with pytest.raises(BadInput) as caught:
            refused_by()
        (fault,) = caught.value.faults
        assert (fault.file, fault.line, fault.field) == ("carried.csv", 2, field)
        assert says in fault.message


BALANCES = "person,component,amount,due_in\nR1,draw,1200.50,\nR2,holdback,300,2\nGone,draw,7,\n"


def test_a_table_of_balances_is_read_and_kept_in_a_run(tmp_path):
    inputs = company(tmp_path, {**FILES, "balances": BALANCES}, {"balances": {}})
    found = inputs.owed
    assert found is not None
    assert list(
        zip(found.person, found.component, found.amount.tolist(), found.due_in.tolist(), strict=True)
    ) == [
        ("R1", "draw", 120_050, 0),
        ("R2", "holdback", 30_000, 2),
    ]
    assert ("balances", "a person who is not in the plan") in {(f.table, f.what) for f in inputs.findings}
    assert_same(inputs, through_parquet(inputs))


def test_faults_of_a_table_of_balances_are_told_at_once(tmp_path):
    rows = "person,component,amount,due_in\nR1,,5,\nR2,holdback,,2\nR2,holdback,5,0\nR1,draw,x,\n"
    faults = refused(tmp_path, {**FILES, "balances": rows}, {"balances": {}})
    assert sorted((fault.file, fault.line) for fault in faults) == [("balances.csv", k) for k in (2, 3, 4, 5)]
