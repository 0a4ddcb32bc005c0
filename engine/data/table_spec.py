"""TableSpec: what a scenario says of any table, and how it is read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal
from zoneinfo import available_timezones

from pydantic import BeforeValidator, Field, model_validator

from engine.blocks import Block
from engine.data.dictionary import READ
from engine.errors import did_you_mean
from engine.fields import FilePath, Text, refuse

DateOrder = Literal["YYYY-MM-DD", "MM/DD/YYYY", "DD/MM/YYYY", "DD.MM.YYYY"]


def _cell(value: Any) -> Any:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return format(Decimal(value), "f")
    if isinstance(value, str) and value:
        return str(value)
    raise refuse("E_TYPE", "must be the text of a cell", "Write it as it would stand in the table.")


Cell = Annotated[str, BeforeValidator(_cell, json_schema_input_type=str | int | float)]


def _zone(value: Any) -> Any:
    if isinstance(value, str) and value and value not in available_timezones():
        names = sorted(available_timezones())
        raise refuse("E_REFERENCE", f"there is no time zone '{value}'", did_you_mean(value, names))
    return value


TimeZone = Annotated[str, BeforeValidator(_zone)]


def _known(given: Iterable[str], known: Iterable[str], where: str) -> None:
    names = list(known)
    for name in given:
        if name not in names:
            raise refuse("E_UNKNOWN_KEY", f"{where}: no column is called '{name}'", did_you_mean(name, names))


class TableSpec(Block):
    """A table: its file, how its columns are called there, and what becomes of rows that do not fit.

    A table may also be given as its path alone: `accounts: data/accounts.csv`.
    """

    path: FilePath
    """CSV, Parquet or Excel file (.csv, .parquet, .xlsx), relative to the file that names it."""
    sheet: Text = ""
    """Sheet of an Excel file; its first sheet unless given."""
    columns: Mapping[Text, Text] = Field(default_factory=dict)
    """Our name of a column: its name in the file. A column not named here is looked up under our name; columns of the
    file that nobody asks for are not read."""
    defaults: Mapping[Text, Cell] = Field(default_factory=dict)
    """Value of a column that the file does not have, or whose cell is blank, as it would stand in the table."""
    aliases: Mapping[Text, Text | Mapping[Text, Text]] = Field(default_factory=dict)
    """Text in the file: what it stands for, such as `GTXPro: GTX Pro`. Applies to columns that name something (ids of
    others, segments, stages, levels, plans); under the name of a column, `product: {GTXPro: GTX Pro}`, to it alone."""
    exclude: tuple[Text, ...] = ()
    """Ids of rows that are left out, as if they were not in the file."""
    unmatched: Literal["refuse", "drop", "blank"] = "refuse"
    """Rows that name what does not exist: `refuse` the input (the default), `drop` the row, or take the name as
    `blank` where the column may be blank."""
    faulty: Literal["refuse", "set_aside"] = "refuse"
    """Rows that contradict themselves or cannot be read: `refuse` the input (the default), or `set_aside` the row."""
    duplicates: Literal["refuse", "first"] = "refuse"
    """Rows that are exactly doubled: `refuse` the input (the default), or keep the `first`."""
    dates: DateOrder = "YYYY-MM-DD"
    """How the file writes dates; YYYY-MM-DD unless given."""
    time_zone: TimeZone = ""
    """IANA name of the time zone in which moments (`2027-01-31T18:05:00Z`, `01/31/2027 6:05 PM`) fall on a day, such as
    America/New_York; moments are refused unless given."""

    table: ClassVar[str] = ""

    @model_validator(mode="before")
    @classmethod
    def _path_alone(cls, value: Any) -> Any:
        return {"path": value} if isinstance(value, str) else value

    def names(self) -> tuple[str, ...]:
        """Our names of the columns that may be read."""
        return tuple(column.name for column in READ[self.table])

    @model_validator(mode="after")
    def _columns_exist(self) -> TableSpec:
        _known(self.columns, self.names(), "columns")
        _known(self.defaults, self.names(), "defaults")
        if self.sheet and not self.path.lower().endswith(".xlsx"):
            raise refuse(
                "E_CONFLICT", f"{self.path} has no sheets", "Only an Excel file has; leave `sheet` out."
            )
        nested = [name for name, alias in self.aliases.items() if not isinstance(alias, str)]
        _known(nested, self.names(), "aliases")
        return self

    def aliases_of(self, column: str) -> dict[str, str]:
        """Return the aliases that hold in a column: its own, and those without a column."""
        own = self.aliases.get(column, {})
        flat = {name: alias for name, alias in self.aliases.items() if isinstance(alias, str)}
        return flat | (dict(own) if not isinstance(own, str) else {})
