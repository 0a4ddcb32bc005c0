"""A resolved scenario back to YAML: everything said and every default, in a text that reads back the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import yaml
from pydantic import BaseModel


class _Dumper(yaml.SafeDumper):
    """Quotes all text, so that no reader can take it for something else."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists below their key."""
        super().increase_indent(flow, False)


class _Plain(str):
    """A scalar to be written without quotes."""


_Dumper.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
)
_Dumper.add_representer(_Plain, lambda dumper, text: dumper.represent_scalar(_tag(dumper, text), str(text)))


def _tag(dumper: Any, text: str) -> str:
    """Return the tag that YAML itself would give a plain scalar, so that none is written."""
    return str(dumper.resolve(yaml.ScalarNode, str(text), (True, False)))


def to_yaml(block: BaseModel, *, empty: bool = True) -> str:
    """Return a block as YAML; reading it again gives an equal block.

    Args:
        block: what is written.
        empty: whether empty lists and mappings, which are defaults, are written as well.

    """
    value = block.model_dump(exclude_none=True)
    return yaml.dump(
        _plain(value if empty else _filled(value)),
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=110,
    )


def _filled(value: Any) -> Any:
    """Return a value without the empty lists and mappings in it."""
    if isinstance(value, Mapping):
        kept = {key: _filled(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in ((), [], {})}
    if isinstance(value, list | tuple):
        return [_filled(item) for item in value]
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return _Plain(str(value).lower())
    if isinstance(value, int | Decimal):
        return _Plain(format(value, "f") if isinstance(value, Decimal) else str(value))
    if isinstance(value, float):
        return _Plain(format(Decimal(repr(value)), "f"))
    if isinstance(value, dt.date):
        return _Plain(value.isoformat())
    if isinstance(value, Mapping):
        return {_key(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return [_plain(item) for item in sorted(value)]
    return str(value)


def _key(key: str) -> str:
    return (
        _Plain(key)
        if key.isidentifier() and key.lower() not in {"yes", "no", "on", "off", "true", "false", "null"}
        else key
    )
