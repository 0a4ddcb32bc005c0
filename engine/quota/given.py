"""Given: goals, shares and seasons as a scenario writes them, read into exact numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import PlainValidator, TypeAdapter, ValidationError, WithJsonSchema

from engine.fields import MONEY, Money, Ratio, Text, refuse

NONE = "none"
"""How a scenario writes that there is no quota; a null there takes away what an extended file says."""
BY_PRODUCT = "by"
"""Key of the short form `{by: product, from: history}`."""
EVERY_PRODUCT = "from"
PRODUCT_WORDS = ("none", "history")
SEASON_WORDS = ("even", "days", "history", "simulated")

_MONEY: TypeAdapter[Any] = TypeAdapter(Money)
_RATIO: TypeAdapter[Any] = TypeAdapter(Ratio)
_TEXT: TypeAdapter[Any] = TypeAdapter(Text)


def _read(adapter: TypeAdapter[Any], value: Any, where: str = "") -> Any:
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        detail = error.errors()[0]
        context = detail.get("ctx") or {}
        words = f"{where}: " if where else ""
        raise refuse(
            context.get("code", "E_TYPE"),
            words + context.get("message", detail["msg"]),
            context.get("hint", ""),
        ) from None


def nothing(value: Any) -> bool:
    """Whether a value says that there is no quota at all, which is not a quota of 0: `none` in YAML."""
    return value is None or value == NONE


def amount_or_none(value: Any, where: str = "") -> Decimal | None:
    """Read an amount, or `none`."""
    return None if nothing(value) else _read(_MONEY, value, where)


def _goal(value: Any) -> Any:
    if value is None:
        return None  # a table gives it
    if isinstance(value, Mapping):
        read: Any = {}
        for key, part in value.items():
            name = _read(_TEXT, key)
            read[name] = (
                {
                    _read(_TEXT, inner): amount_or_none(amount, f"{name}.{inner}")
                    for inner, amount in part.items()
                }
                if isinstance(part, Mapping)
                else amount_or_none(part, name)
            )
    else:
        read = _read(_MONEY, value)
    for name, amount in amounts(read):
        if amount is not None and amount < 0:
            words = f"{name}: " if name else ""
            raise refuse(
                "E_RANGE", f"{words}a goal of {amount:f} is negative", "Give an amount of at least 0."
            )
    if sum(amount or 0 for _, amount in amounts(read)) <= 0:
        raise refuse("E_RANGE", "the goal is 0", "Give an amount above 0.")
    return read


def amounts(goal: Any) -> Iterator[tuple[str, Decimal | None]]:
    """Yield every amount of a goal with its key: '' for a single one, `GTX.Q1` for one by product and period."""
    if not isinstance(goal, Mapping):
        yield "", goal
        return
    for name, part in goal.items():
        if isinstance(part, Mapping):
            yield from ((f"{name}.{inner}", amount) for inner, amount in part.items())
        else:
            yield name, part


def _weights(value: Any, words: tuple[str, ...], where: str = "") -> Any:
    ahead = f"{where}: " if where else ""
    if isinstance(value, Mapping):
        weights: Any = {
            _read(_TEXT, key): _read(_RATIO, weight, f"{ahead}{key}") for key, weight in value.items()
        }
        numbers = list(weights.values())
    elif isinstance(value, list | tuple):
        numbers = [_read(_RATIO, weight, f"{ahead}[{index}]") for index, weight in enumerate(value)]
        weights = tuple(numbers)
    elif value in words:
        return str(value)
    else:
        raise refuse(
            "E_CHOICE", f"{ahead}'{value}' is no choice here", f"Use weights, or one of {', '.join(words)}."
        )
    if any(weight < 0 for weight in numbers):
        raise refuse("E_RANGE", f"{ahead}a weight is negative", "Weights are at least 0.")
    if sum(numbers) == 0:
        raise refuse("E_RANGE", f"{ahead}the weights sum to 0", "Give at least one weight above 0.")
    return weights


def _products(value: Any) -> Any:
    return _weights(value, PRODUCT_WORDS)


def _seasons(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return _weights(value, SEASON_WORDS)
    if set(map(str, value)) == {BY_PRODUCT, EVERY_PRODUCT}:
        if value[BY_PRODUCT] != "product":
            raise refuse("E_CHOICE", f"by: '{value[BY_PRODUCT]}' is no choice here", "Write `by: product`.")
        if isinstance(value[EVERY_PRODUCT], Mapping | list | tuple) or value[EVERY_PRODUCT] != "history":
            hint = "Write `from: history`, or give the weights of each product under its id."
            raise refuse("E_CHOICE", "seasons by product can come from history alone", hint)
        return {BY_PRODUCT: "product", EVERY_PRODUCT: "history"}
    if any(isinstance(part, Mapping | list | tuple) or part in SEASON_WORDS for part in value.values()):
        return {_read(_TEXT, key): _weights(part, SEASON_WORDS, str(key)) for key, part in value.items()}
    return _weights(value, SEASON_WORDS)


def season_of(given: Any, product: str | None) -> Any:
    """Return the seasonality of one product: a word, weights in order, or weights by period; None if not given.

    With `product` None, or where one seasonality holds for all products, that of all.
    """
    if not by_product(given):
        return given
    if set(given) == {BY_PRODUCT, EVERY_PRODUCT}:
        return given[EVERY_PRODUCT]
    return given.get(product)


def by_product(seasonality: Any) -> bool:
    """Whether every product has a seasonality of its own."""
    return isinstance(seasonality, Mapping) and any(
        isinstance(part, str | tuple | Mapping) for part in seasonality.values()
    )


_NUMBER: dict[str, Any] = {"anyOf": [{"type": "number"}, {"type": "string"}]}
_NULLABLE: dict[str, Any] = {"anyOf": [*_NUMBER["anyOf"], {"type": "null"}]}
_BY_NAME: dict[str, Any] = {"type": "object", "additionalProperties": _NUMBER}
_AMOUNTS: dict[str, Any] = {"type": "object", "additionalProperties": _NULLABLE}
_GOAL = {
    "anyOf": [
        *_NUMBER["anyOf"],
        {"type": "object", "additionalProperties": {"anyOf": [*_NULLABLE["anyOf"], _AMOUNTS]}},
    ]
}
_PRODUCTS = {"anyOf": [{"enum": list(PRODUCT_WORDS)}, _BY_NAME]}
_LIST: dict[str, Any] = {"type": "array", "items": _NUMBER}
_SEASON: list[dict[str, Any]] = [{"enum": list(SEASON_WORDS)}, _LIST, _BY_NAME]
_SEASONS = {"anyOf": [*_SEASON, {"type": "object", "additionalProperties": {"anyOf": _SEASON}}]}

Goal = Annotated[Any, PlainValidator(_goal), WithJsonSchema(_GOAL), MONEY]
ProductShares = Annotated[Any, PlainValidator(_products), WithJsonSchema(_PRODUCTS)]
Seasonality = Annotated[Any, PlainValidator(_seasons), WithJsonSchema(_SEASONS)]
MaybeMoney = Annotated[Any, PlainValidator(amount_or_none), WithJsonSchema(_NULLABLE), MONEY]
"""An amount, or `none`."""
