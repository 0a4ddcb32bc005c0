"""The types of scenario fields: each reads text as people write it and refuses what it would have to guess.

The reader keeps every YAML scalar as `Scalar` text with its style; the type of the field decides what it
means. So `NO` is never False, `1e6` never text, and money never a binary float. From Python, real
`int`, `float`, `Decimal` and `date` values are accepted too.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from engine import amounts
from engine.amounts import AmountError

YAML_TYPED = re.compile(
    r"(?i)(?:yes|no|on|off|true|false|null|~|[-+]?[0-9][0-9_,.:]*(?:e[-+]?[0-9]+)?|[-+]?\.(?:inf|nan)|0[xo][0-9a-f]+"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*)"
)


CURRENCY_CODE = "[A-Z]{3}"


class Scalar(str):
    """Text of a YAML scalar; `plain` says that it was written without quotes."""

    __slots__ = ("folder", "plain")
    plain: bool
    folder: str
    """Way from the folder of the scenario to that of the file in which the text stands; empty where they are one."""

    def __new__(cls, text: str, plain: bool = True, folder: str = "") -> Scalar:
        """Make the text, and remember its style and where it stands."""
        scalar = super().__new__(cls, text)
        scalar.plain = plain
        scalar.folder = folder
        return scalar


def refuse(code: str, message: str, hint: str = "", *, at: str = "") -> PydanticCustomError:
    """Return the error that a field raises; the reader turns it into a Fault with its place.

    A validator anywhere in a Block may `raise refuse("E_RANGE", "rate is below 0", "Give ...")`. `at` is the path of
    what is wrong below what the validator sees, such as `tiers[0].rate`.
    """
    return PydanticCustomError(
        "apportion", "{message}", {"code": code, "message": message, "hint": hint, "at": at}
    )


def _text(value: Any) -> Any:
    if isinstance(value, Scalar):
        if value.plain and (YAML_TYPED.fullmatch(value) or value == ""):
            raise refuse("E_TYPE", f"{value!s} is not plain text", f'Quote it: "{value}".')
        return str(value)
    if isinstance(value, str):
        return value
    raise refuse("E_TYPE", "must be text", "Quote it.")


def _path(value: Any) -> str:
    text: str = _text(value)
    folder = value.folder if isinstance(value, Scalar) else ""
    if not folder or not text or os.path.isabs(text) or "://" in text:
        return text
    return os.path.normpath(os.path.join(folder, text))


def _number_text(value: Any, what: str) -> str:
    if isinstance(value, bool):
        raise refuse("E_TYPE", f"must be {what}, not true or false")
    if isinstance(value, int | float | Decimal):
        return format(Decimal(str(value)), "f")
    if isinstance(value, str):
        return str(value)
    raise refuse("E_TYPE", f"must be {what}")


def _reader(read: Any, what: str) -> Any:
    def validate(value: Any) -> Any:
        try:
            return read(_number_text(value, what))
        except AmountError as error:
            raise refuse(error.code, str(error), error.hint) from None

    return validate


def _scaled(text: str) -> Decimal:
    """Read a number, also one with a scale: `150k`, `1.2M`."""
    return amounts.money(text) if text[-1:].isalpha() and text[:1] in "-0123456789" else amounts.decimal(text)


def _whole(text: str) -> int:
    value = _scaled(text)
    if value != value.to_integral_value():
        raise AmountError("E_TYPE", f"{text} must be a whole number (an integer)")
    return int(value)


def _seed(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{1,19}", value):
        raise refuse(
            "E_TYPE",
            f"seed '{value}' must be an integer",
            "Give a whole number from 0 to 9223372036854775807.",
        )
    return _reader(_whole, "an integer")(value)


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in {"true", "false"}:
        return value == "true"
    raise refuse("E_TYPE", f"'{value}' is neither true nor false", "Here use true or false.")


def _day(value: Any) -> dt.date:
    if isinstance(value, dt.datetime):
        raise refuse("E_DATE", "must be a date only, without a time", "Write YYYY-MM-DD.")
    if isinstance(value, dt.date):
        return _in_our_time(value)
    if not isinstance(value, str):
        raise refuse("E_TYPE", "must be a date", "Write YYYY-MM-DD.")
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ].*", value):
        raise refuse("E_DATE", f"'{value}' has a time", "Give the date only: YYYY-MM-DD.")
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise ValueError
        day = dt.date.fromisoformat(value)
    except ValueError:
        raise refuse("E_DATE", f"'{value}' is no date", "Write a day that exists as YYYY-MM-DD.") from None
    return _in_our_time(day)


def _in_our_time(day: dt.date) -> dt.date:
    if not 1900 <= day.year <= 2200:
        raise refuse("E_DATE", f"{day} is out of range", "Give a day from 1900 to 2200.")
    return day


def _name(value: str) -> str:
    reserved = re.fullmatch(r"(?i)con|prn|aux|nul|com[0-9]|lpt[0-9]", value)
    if reserved or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 _.\-]{0,63}", value):
        raise refuse(
            "E_NAME", f"{value!r} cannot be a name", "Use up to 64 letters, digits, spaces, '_', '-' and '.'."
        )
    return value


def _currency(value: str) -> str:
    if not re.fullmatch(CURRENCY_CODE, value):
        raise refuse("E_CURRENCY", f"{value!r} is no ISO code of a currency", "Three capitals, such as EUR.")
    return value


_NUMERIC = {"anyOf": [{"type": "number"}, {"type": "string"}]}

Text = Annotated[str, BeforeValidator(_text, json_schema_input_type=str)]
"""Free text."""
FilePath = Annotated[str, BeforeValidator(_path, json_schema_input_type=str)]
"""Path of a file or folder: relative to the file that says it, and from here on to the scenario's own folder."""
Name = Annotated[Text, AfterValidator(_name)]
"""A name that may become a file name."""
Currency = Annotated[
    Text, AfterValidator(_currency), WithJsonSchema({"type": "string", "pattern": f"^{CURRENCY_CODE}$"})
]
"""ISO code of a currency: three capitals."""
Whole = Annotated[int, BeforeValidator(_reader(_whole, "a whole number")), WithJsonSchema(_NUMERIC)]
"""An integer; `2k` is 2000."""
Seed = Annotated[int, BeforeValidator(_seed), WithJsonSchema({"type": "integer", "minimum": 0})]
"""The seed of all randomness, 0 to 2^63 - 1."""
Exact = Annotated[Decimal, BeforeValidator(_reader(amounts.decimal, "a number")), WithJsonSchema(_NUMERIC)]
"""A number kept exactly as written."""
Real = Annotated[
    float,
    BeforeValidator(_reader(lambda text: float(_scaled(text)), "a number")),
    WithJsonSchema(_NUMERIC),
]
"""A real number, used in simulation and travel; `150k` is 150000."""
Ratio = Annotated[Decimal, BeforeValidator(_reader(amounts.ratio, "a ratio")), WithJsonSchema(_NUMERIC)]
"""A ratio: `0.10` or `10%`; exact."""
MONEY = "money"
"""Marks a type whose numbers are amounts: they are held to the decimals of the currency."""
Money = Annotated[
    Decimal, BeforeValidator(_reader(amounts.money, "an amount")), WithJsonSchema(_NUMERIC), MONEY
]
"""An amount in currency units: `1200000`, `1.2M`, `USD 950k`; exact."""
Day = Annotated[dt.date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A date, YYYY-MM-DD."""
Flag = Annotated[bool, BeforeValidator(_flag), WithJsonSchema({"type": "boolean"})]
"""true or false; nothing else."""


class PathAlone:
    """Tells the JSON schema that what a file is read with may be given as its path alone."""

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, handler(core)]}
