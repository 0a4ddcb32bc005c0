"""A trace: what happened in one replication, in words that process-mining tools know."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.inputs import Contracts, Inputs
from engine.measures import Measure
from engine.pipeline.build import build
from engine.pipeline.event_log import About, Trace, told
from tests.pipeline.settings import spec, with_open
from tests.worlds import world

MEASURES = {
    "bookings": Measure(),
    "deals": Measure(quantity="count", kinds=("new",)),
    "kept": Measure(kinds=("renewal", "expansion")),
    "small": Measure(products=("S0",), segments=("SMB",)),
}
PROCESSES: list[dict[str, Any]] = [
    {"kind": "resource", "name": "Legal", "units": 1, "stages": {"Close": {"share": "50%"}}},
    {"kind": "renewals", "churn": "20%", "expansions": 1, "expansion": {"kind": "fixed", "value": 0.1}},
    {"kind": "attrition", "rates": [{"from_month": 0, "rate": 1}]},
    {"kind": "reassignment", "deals": "reassign", "handover_days": 3},
]


def with_contracts(inputs: Inputs) -> Inputs:
    """The same world with three contracts that renew in the plan."""
    day = np.array(["2027-03-01", "2027-07-01", "2028-02-01"], dtype="datetime64[D]")
    return replace(
        inputs,
        contracts=Contracts(
            ("C1", "C2", "C3"), np.array([0, 1, 2]), np.full(3, -1), np.array([0, 1, 0]),
            np.array([100_000, 250_000, 70_000]), day, np.array([12, 12, 12]),
        ),
    )  # fmt: skip


@pytest.fixture(scope="module")
def found() -> Trace:
    """A year of everything: open deals, a shared resource, people who quit, contracts that renew."""
    rows = [
        {"id": f"O{place}", "account": place, "rep": place % 3, "stage": "Close", "created": -30 - place}
        for place in range(5)
    ]
    inputs = with_contracts(with_open(world(), rows))
    block = spec(arrivals={"leads": 200}, processes=PROCESSES)
    built = build(inputs, inputs.accounts.owner, block, MEASURES)
    about = About(tuple(stage.name for stage in block.stages), tuple(MEASURES))
    return told(inputs, built, about, 7, 12)


def test_the_log_reads_as_an_event_log(found: Trace) -> None:
    log = found.events.frame
    assert {"case:concept:name", "concept:name", "time:timestamp", "org:resource"} <= set(log.columns)
    times = pd.to_datetime(log["time:timestamp"], format="ISO8601")
    assert times.is_monotonic_increasing
    assert times.min() >= pd.Timestamp("2027-01-01")
    assert times.max() < pd.Timestamp("2028-01-01")
    activities = set(log["concept:name"])
    assert {"arrived", "started", "entered Qualify", "left Qualify", "won", "lost", "moved"} <= activities
    assert {"asked for Legal", "was granted Legal", "expanded", "renewed"} <= activities
    assert set(log.loc[log["concept:name"] == "was granted Legal", "stage"]) == {"Close"}


def test_every_deal_tells_a_whole_story(found: Trace) -> None:
    log, deals = found.events.frame, found.deals.frame
    last = log.groupby("case:concept:name")["concept:name"].last()
    first = log.groupby("case:concept:name")["concept:name"].first()
    for deal, outcome in zip(deals["deal"], deals["outcome"], strict=True):
        if outcome in ("won", "lost"):
            assert last[deal] == outcome
        if deal.startswith("lead-"):
            assert first[deal] == "arrived"
    closed = deals[deals["outcome"].isin(["won", "lost"])]
    ends = log[log["concept:name"].isin(["won", "lost"])]
    assert dict(zip(closed["deal"], closed["end"], strict=True)) == dict(
        zip(ends["case:concept:name"], ends["time:timestamp"], strict=True)
    )
    started = log[log["concept:name"] == "started"]
    assert len(started) == (deals["start"].notna() & deals["deal"].str.startswith("lead-")).sum()
    assert {"O0", "O1", "O2", "O3", "O4"} <= set(deals["deal"])


def test_a_row_tells_when_that_began_which_it_ends(found: Trace) -> None:
    log = found.events.frame
    assert set(log["lifecycle:transition"]) == {"schedule", "start", "complete", "reassign"}
    began = pd.to_datetime(log["since"], format="ISO8601")
    days = (pd.to_datetime(log["time:timestamp"], format="ISO8601") - began).dt.total_seconds() / 86_400
    assert (days >= 0).all()
    what = log["concept:name"]
    for first, then, stage in (
        ("arrived", "started", False), ("entered Close", "won", True), ("asked for Legal", "was granted Legal", True),
        ("was granted Legal", "gave back Legal", True), ("entered Qualify", "left Qualify", True),
    ):  # fmt: skip
        before = log[what == first].drop_duplicates("case:concept:name", keep="last")
        at = before.set_index("case:concept:name")["time:timestamp"]
        rows = log[(what == then) & log["case:concept:name"].isin(at.index)]
        assert len(rows) > 3
        assert rows["since"].tolist() == at[rows["case:concept:name"]].tolist()
        assert not stage or rows["stage"].notna().all()
    known = log[log["case:concept:name"].isin([f"O{place}" for place in range(5)]) & (what == "won")]
    assert len(known) > 0
    for deal, since in zip(known["case:concept:name"], known["since"], strict=True):
        assert since == str(
            np.datetime64("2027-01-01T00:00:00.000000") - np.timedelta64(30 + int(deal[1:]), "D")
        )


def test_bookings_add_up_to_the_cube_the_deals_and_the_log(found: Trace) -> None:
    booked, log, deals = found.bookings.frame, found.events.frame, found.deals.frame
    total = found.totals
    assert booked["amount"].sum() == log["amount"].sum() == total["booked: bookings"]
    assert booked.loc[booked["kind"] != "new", "amount"].sum() == total["booked: kept"] > 0
    assert deals.loc[deals["outcome"] == "won", "amount"].sum() == (
        total["booked: bookings"] - total["booked: kept"]
    )
    assert (deals["outcome"] == "won").sum() == total["won"] == total["booked: deals"]
    small = (booked["product"] == "S0") & (booked["segment"] == "SMB")
    assert booked.loc[small, "amount"].sum() == total["booked: small"] > 0
    by_seat = booked.groupby("rep")["amount"].sum().to_dict()
    assert by_seat == {
        f"R{seat}": amount for seat, amount in enumerate(found.cube[..., 0].sum(axis=1)) if amount
    }
    months = pd.to_datetime(booked["time"], format="ISO8601").dt.month
    assert booked.groupby(months)["amount"].sum().to_dict() == {
        month + 1: amount for month, amount in enumerate(found.cube[..., 0].sum(axis=0)) if amount
    }
    assert sum(total[name] for name in ("won", "lost", "open", "waiting", "dropped")) == len(deals)
