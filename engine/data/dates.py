"""Columns of text into days: dates as the table writes them, and moments by the time zone that it names."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.amounts import AmountError
from engine.data.numbers import Parsed, by_text

DATES = {
    "YYYY-MM-DD": re.compile(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})"),
    "MM/DD/YYYY": re.compile(r"(?P<m>[0-9]{1,2})/(?P<d>[0-9]{1,2})/(?P<y>[0-9]{4})"),
    "DD/MM/YYYY": re.compile(r"(?P<d>[0-9]{1,2})/(?P<m>[0-9]{1,2})/(?P<y>[0-9]{4})"),
    "DD.MM.YYYY": re.compile(r"(?P<d>[0-9]{1,2})\.(?P<m>[0-9]{1,2})\.(?P<y>[0-9]{4})"),
}
_MOMENT = re.compile(
    r"(?P<day>[^ T,]+)(?:T|,? +)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]{1,9})?)?"
    r" ?(?P<half>[AaPp][Mm])? ?(?P<offset>Z|UTC|[+-][0-9]{2}:?[0-9]{2})?"
)
_YEARS = (1900, 2200)
_EPOCH = dt.date(1970, 1, 1).toordinal()


def days(cells: pa.Array, order: str, zone: str = "") -> Parsed:
    """Read dates into datetime64[D], NaT where a cell is blank or wrong.

    Args:
        cells: the text.
        order: one of the ways of writing dates, a key of `DATES`.
        zone: IANA name of the time zone in which moments fall on a day. A moment without an offset is of that zone
            already. Without a zone a moment is wrong: nobody says on which day it falls.

    """
    place = ZoneInfo(zone) if zone else None

    def exact(text: str) -> int:
        moment = _MOMENT.fullmatch(text)
        if moment is None:
            return _within(_date(text, order), text)
        if place is None:
            hint = "Say in which time zone its day is meant, such as time_zone: America/New_York."
            raise AmountError("E_DATE", f"'{text[:40]}' has a clock time", hint)
        return _within(_local(moment, order, place), text)

    parsed = by_text(cells, None, None, exact, np.int64)
    values = parsed.values.astype("datetime64[D]")
    wrong = np.zeros(len(cells), dtype=bool)
    wrong[list(parsed.wrong)] = True
    values[np.asarray(pc.equal(cells, "")) | wrong] = np.datetime64("NaT", "D")
    return Parsed(values, parsed.wrong)


def _date(text: str, order: str) -> dt.date:
    match = DATES[order].fullmatch(text)
    try:
        if match is None:
            raise ValueError
        return dt.date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError:
        others = [name for name, pattern in DATES.items() if name != order and pattern.fullmatch(text)]
        hint = f"Dates here are {order}."
        if others:
            hint += f" If the file writes them so, say dates: {' or dates: '.join(others)}."
        raise AmountError("E_DATE", f"'{text[:40]}' is no date", hint) from None


def _local(moment: re.Match[str], order: str, place: ZoneInfo) -> dt.date:
    """Return the day of a moment in a time zone."""
    day = _date(moment["day"], order)
    try:
        hour = int(moment["hour"])
        if moment["half"]:
            if not 1 <= hour <= 12:
                raise ValueError
            hour = hour % 12 + (12 if moment["half"].lower() == "pm" else 0)
        clock = dt.time(hour, int(moment["minute"]), int(moment["second"] or 0))
        if not moment["offset"]:
            return day
        return dt.datetime.combine(day, clock, _offset(moment["offset"])).astimezone(place).date()
    except (ValueError, OverflowError):
        message = f"'{moment[0][:40]}' is no moment"
        raise AmountError("E_DATE", message, "Moments are written as 2027-01-31T18:05:00Z.") from None


def _offset(text: str) -> dt.timezone:
    if text in ("Z", "UTC"):
        return dt.UTC
    ahead = dt.timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return dt.timezone(ahead if text[0] == "+" else -ahead)


def _within(day: dt.date, text: str) -> int:
    if not _YEARS[0] <= day.year <= _YEARS[1]:
        message = f"'{text[:40]}' lies before {_YEARS[0]} or after {_YEARS[1]}"
        raise AmountError("E_DATE", message, "Check the year.")
    return day.toordinal() - _EPOCH
