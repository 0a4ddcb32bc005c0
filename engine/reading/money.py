"""Amounts of a scenario held to the decimals of its currency, before anything is run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, get_args

from pydantic import BaseModel

from engine.amounts import AmountError, to_minor
from engine.errors import Fault
from engine.fields import MONEY


def money_faults(block: BaseModel, currency: str) -> list[Fault]:
    """Return a fault for every amount with more decimals than the currency has."""
    faults = []
    for path, amount in _amounts(block, ""):
        try:
            to_minor(amount, currency)
        except AmountError as error:
            faults.append(Fault(error.code, str(error), error.hint, field=path))
    return faults


def _amounts(block: BaseModel, path: str) -> Iterator[tuple[str, Decimal]]:
    for name, field in type(block).model_fields.items():
        is_money = MONEY in field.metadata or _mentions_money(field.annotation)
        yield from _below(getattr(block, name), f"{path}.{name}" if path else name, is_money)


def _below(value: Any, path: str, is_money: bool) -> Iterator[tuple[str, Decimal]]:
    if isinstance(value, BaseModel):
        yield from _amounts(value, path)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _below(item, f"{path}.{key}", is_money)
    elif isinstance(value, tuple | list):
        for index, item in enumerate(value):
            yield from _below(item, f"{path}[{index}]", is_money)
    elif is_money and isinstance(value, Decimal):
        yield path, value


def _mentions_money(annotation: Any) -> bool:
    if MONEY in getattr(annotation, "__metadata__", ()):
        return True
    return any(_mentions_money(argument) for argument in get_args(annotation))
