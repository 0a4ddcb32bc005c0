"""Days survive every way of writing them; moments fall on the day of the zone that the table names."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data import dates
from engine.data.table_spec import TableSpec
from tests.data.company import company, faults


def column(*texts: str) -> pa.Array:
    return pa.array(texts, pa.string())


@given(st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31)))
def test_days_survive_every_way_of_writing_them(day: dt.date) -> None:
    ways = {
        "YYYY-MM-DD": "%Y-%m-%d",
        "MM/DD/YYYY": "%m/%d/%Y",
        "DD/MM/YYYY": "%d/%m/%Y",
        "DD.MM.YYYY": "%d.%m.%Y",
    }
    for order, form in ways.items():
        assert dates.days(column(day.strftime(form)), order).values.tolist() == [day]


def test_days_that_are_none() -> None:
    parsed = dates.days(column("2026-02-29", "", "2026-1-1", "1/2/2026", "2026-01-01T00:00"), "YYYY-MM-DD")
    assert sorted(parsed.wrong) == [0, 2, 3, 4]
    assert np.isnat(parsed.values).all()


ZONES = ("UTC", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "America/St_Johns")


@given(st.datetimes(dt.datetime(1971, 1, 1), dt.datetime(2037, 1, 1)), st.sampled_from(ZONES))
def test_moments_fall_on_the_day_of_the_zone(moment: dt.datetime, zone: str) -> None:
    stamp = moment.replace(microsecond=0, tzinfo=dt.UTC)
    local = stamp.astimezone(ZoneInfo(zone))
    expected = local.date()
    written = [
        stamp.strftime("%Y-%m-%dT%H:%M:%SZ"),
        stamp.strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
        stamp.astimezone(ZoneInfo("Asia/Kolkata")).strftime("%Y-%m-%d %H:%M:%S+05:30"),
        local.strftime("%Y-%m-%d %H:%M"),
    ]
    if ZoneInfo("Asia/Kolkata").utcoffset(stamp) != dt.timedelta(hours=5.5):
        del written[2]
    found = dates.days(column(*written), "YYYY-MM-DD", zone)
    assert not found.wrong
    assert found.values.tolist() == [expected] * len(written)
    american = dates.days(column(local.strftime("%m/%d/%Y, %I:%M %p")), "MM/DD/YYYY", zone)
    assert american.values.tolist() == [expected]


def test_midnight_and_noon_of_twelve_hours() -> None:
    texts = ("01/31/2027 12:05 AM +0000", "01/31/2027 12:05 pm +0000")
    assert dates.days(column(*texts), "MM/DD/YYYY", "America/New_York").values.tolist() == [
        dt.date(2027, 1, 30),
        dt.date(2027, 1, 31),
    ]


def test_a_moment_without_a_zone_is_refused_with_what_to_say() -> None:
    parsed = dates.days(column("2027-01-31T18:05:00Z", "2027-01-31"), "YYYY-MM-DD")
    assert list(parsed.wrong) == [0]
    assert "time_zone: America/New_York" in parsed.wrong[0].hint


@pytest.mark.parametrize(
    "text",
    ["2027-01-31T25:00Z", "2027-01-31T13:00 PM", "2027-02-30T10:00Z", "0001-01-01T00:00+23:00", "T10:00"],
)
def test_moments_that_are_none(text: str) -> None:
    parsed = dates.days(column(text), "YYYY-MM-DD", "America/New_York")
    assert list(parsed.wrong) == [0]
    assert np.isnat(parsed.values).all()


def test_another_way_of_writing_dates_is_named() -> None:
    american = dates.days(column("1/31/2027"), "YYYY-MM-DD").wrong[0]
    assert (
        american.hint
        == "Dates here are YYYY-MM-DD. If the file writes them so, say dates: MM/DD/YYYY or dates: DD/MM/YYYY."
    )


def test_a_zone_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone 'america/newyork'"):
        TableSpec.model_validate({"path": "a.csv", "time_zone": "america/newyork"})


SALESFORCE = """\
Opportunity ID,Account ID,Opportunity Owner,Product,Stage,Created Date,Close Date,Amount,Amount Currency
006A,A1,R1,P1,Closed Won,2026-01-05T03:30:00.000+0000,2026-03-01,1000.50,USD
006B,A1,R1,P1,Closed Lost,2026-01-05T12:00:00.000+0000,2026-02-01,,USD
"""
HUBSPOT = """\
Record ID,Associated Company,Deal owner,Product,Deal Stage,Create Date,Close Date,Amount
7,A1,R1,P1,closedwon,2026-01-05T03:30:00Z,2026-03-01T23:00:00Z,1000.50
8,A1,R1,P1,closedlost,2026-01-05T12:00:00Z,2026-02-01T04:59:00Z,
"""


@pytest.mark.parametrize(
    ("text", "names", "outcomes", "closed"),
    [
        (
            SALESFORCE,
            ("Opportunity ID", "Account ID", "Opportunity Owner", "Stage", "Created Date", "Amount Currency"),
            {},
            ["2026-03-01", "2026-02-01"],
        ),
        (
            HUBSPOT,
            ("Record ID", "Associated Company", "Deal owner", "Deal Stage", "Create Date"),
            {"outcomes": {"closedwon": "won", "closedlost": "lost"}},
            ["2026-03-01", "2026-01-31"],
        ),
    ],
)
def test_exports_of_common_systems_are_read_by_the_names_of_their_columns(
    tmp_path: Path, text: str, names: tuple[str, ...], outcomes: dict[str, object], closed: list[str]
) -> None:
    ours = ("id", "account", "rep", "stage", "created", "currency")
    columns = dict(zip(ours, names, strict=False)) | {
        "closed": "Close Date",
        "amount": "Amount",
        "product": "Product",
    }
    told = {"columns": columns, "time_zone": "America/New_York", **outcomes}
    history = company(tmp_path, {"opportunities": text}, {"opportunities": told}).history
    assert history.created.astype(str).tolist() == ["2026-01-04", "2026-01-05"]
    assert history.closed.astype(str).tolist() == closed
    assert history.outcome.tolist() == [1, 0]
    assert history.amount[0] == 100_050
    refused = faults(tmp_path, {"opportunities": text}, {"opportunities": {**told, "time_zone": ""}})
    assert {fault.code for fault in refused} == {"E_DATE"}
    assert all("time_zone: America/New_York" in fault.hint for fault in refused)
