"""Explain: a page of plain text on a block of a scenario, made from its docstrings and those of its fields."""

from __future__ import annotations

import datetime as dt
import inspect
import textwrap
from collections.abc import Container, Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from engine.blocks import Block
from engine.fields import Money, Ratio

WIDTH = 80
_MARKED = {"amount": get_args(Money)[1], "ratio": get_args(Ratio)[1]}
"""What marks the types of fields that read numbers of a sort."""
_WORDS = {
    int: "whole number",
    float: "number",
    Decimal: "number",
    str: "text",
    bool: "true or false",
    dt.date: "day",
}


def block_page(cls: type[Block]) -> Iterator[str]:
    """Yield the paragraphs of a block: its module's docstring, its own, and its fields."""
    module = inspect.getmodule(cls)
    yield from paragraphs(inspect.getdoc(module) or "")
    yield from paragraphs(inspect.getdoc(cls) or "")
    yield "Fields"
    yield from fields(cls)


def paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs of a docstring, filled to the width; formulas and lists stay as they are."""
    for paragraph in text.strip().split("\n\n"):
        lines = paragraph.splitlines()
        is_set = any(line.startswith((" ", "-", "*")) for line in lines)
        yield paragraph if is_set else textwrap.fill(" ".join(lines), WIDTH, break_on_hyphens=False)


def fields(cls: type[Block], above: str = "", leave_out: Container[str] = ()) -> Iterator[str]:
    """Yield a paragraph for every field of a block, and of the blocks below it: name, whether required, meaning."""
    for name, field in cls.model_fields.items():
        if name in leave_out:
            continue
        path = f"{above}{name}"
        need = "required" if name == "kind" else _need(field)
        head = f"  {path}: {need}; {_type(field.annotation, field.metadata)}"
        meaning = " ".join((field.description or "").split())
        body = textwrap.fill(
            meaning, WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6, break_on_hyphens=False
        )
        yield textwrap.fill(head, WIDTH, subsequent_indent=" " * 6) + ("\n" + body if meaning else "")
        for below in blocks_of(field.annotation):
            yield from fields(below, f"{path}{_many(field.annotation)}.")


def blocks_of(annotation: Any) -> list[type[Block]]:
    """Return the blocks that a type names, but for those told apart by `kind`, which have pages of their own."""
    if isinstance(annotation, type) and issubclass(annotation, Block):
        return [] if "kind" in annotation.model_fields else [annotation]
    found: list[type[Block]] = []
    for argument in get_args(annotation):
        found += [one for one in blocks_of(argument) if one not in found]
    return found


def _need(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if "equired" in (field.description or ""):
        return "required where the text says so"
    if (
        field.default_factory is not None
        or field.default in (None, "", ())
        or isinstance(field.default, Block)
    ):
        return "optional"
    return f"optional, {field.default} unless given"


def _type(annotation: Any, metadata: Any = ()) -> str:
    for word, mark in _MARKED.items():
        if any(one is mark for one in metadata):
            return word
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(arguments[0], arguments[1:])
    if origin is Literal:
        return " or ".join(str(value) for value in arguments)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return f"by name, {_type(arguments[1])}"
    if origin is tuple:
        return f"list of {_type(arguments[0])}"
    if isinstance(annotation, type):
        return "block" if issubclass(annotation, Block) else _WORDS.get(annotation, annotation.__name__)
    kinds = dict.fromkeys(_type(one) for one in arguments if one is not type(None))
    return " or ".join(kinds)


def _many(annotation: Any) -> str:
    """Return how one of several is written in a path: `[]` of a list, `.NAME` of a mapping; nothing of a single one."""
    origin = get_origin(annotation)
    if origin is tuple:
        return "[]"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return ".NAME"
    return next((mark for one in get_args(annotation) if (mark := _many(one))), "")
