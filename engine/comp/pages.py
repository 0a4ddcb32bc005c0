"""Pages: comp explained in plain text, from the docstrings of its blocks and the cases of its components."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from yaml.emitter import Emitter
from yaml.representer import SafeRepresenter
from yaml.resolver import BaseResolver
from yaml.serializer import Serializer

from engine.blocks import subclasses
from engine.comp import components, faults
from engine.comp.component import Component
from engine.comp.spec import CompSpec
from engine.errors import BadInput, Fault, did_you_mean
from engine.explain import WIDTH, block_page, fields, paragraphs


def known() -> dict[str, type[Component]]:
    """Return every kind of component by its name in a plan."""
    found = subclasses(components, Component)
    return {str(cls.model_fields["kind"].default): cls for cls in found if issubclass(cls, Component)}


def overview() -> str:
    """Return the page on the whole block: its fields, what kinds there are, and what odd input means."""
    kinds = [
        textwrap.fill(f"  {kind:<12} {summary(cls)}", WIDTH, subsequent_indent=" " * 15)
        for kind, cls in known().items()
    ]
    parts = [
        "comp",
        *paragraphs(inspect.getdoc(CompSpec) or ""),
        "Fields",
        *fields(CompSpec),
        "Components (apportion explain comp KIND)",
        "\n".join(kinds),
        "Odd input",
        *list(paragraphs(inspect.getdoc(faults) or ""))[1:],
    ]
    return "\n\n".join(parts)


def page(kind: str) -> str:
    """Return the page on one kind of component.

    Raises:
        BadInput: there is no such kind.

    """
    kinds = known()
    if kind not in kinds:
        raise BadInput([Fault("E_KIND", f"'{kind}' is no component", did_you_mean(kind, kinds))])
    return "\n\n".join([kind, *block_page(kinds[kind]), *_example(kind)])


def summary(cls: type[Component]) -> str:
    """Return the first line of a component's docstring."""
    return (inspect.getdoc(cls) or "").split("\n", 1)[0]


def cases(kind: str) -> list[dict[str, Any]]:
    """Return the worked cases of a kind, every scalar as it is written; none where they were not installed."""
    packed = files(components.__name__.rsplit(".", 1)[0]) / "cases" / f"{kind}.yaml"
    beside = Path(__file__).parents[2] / "tests/cases/comp" / f"{kind}.yaml"
    place = packed if packed.is_file() else beside
    text = place.read_text(encoding="utf-8") if place.is_file() else "[]"
    read: list[dict[str, Any]] = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - it makes text, lists, mappings
    return read


def _example(kind: str) -> Iterator[str]:
    found = cases(kind)
    if not found:
        return
    case = dict(next((case for case in found if "source" in case), found[0]))
    name, source = case.pop("name"), case.pop("source", "")
    yield textwrap.fill(f"Example: {name}", WIDTH) + (f"\n  {source}" if source else "")
    yield textwrap.fill(
        "Amounts are currency units; lists go by period, a month; `pays` is what comes out.", WIDTH
    )
    text = yaml.dump(case, Dumper=_Plain, sort_keys=False, default_flow_style=None, width=WIDTH - 16)
    yield textwrap.indent(text.rstrip(), "  ")


class _Plain(Emitter, Serializer, SafeRepresenter, BaseResolver):
    """Writes every scalar as it was read, without quotes and anchors."""

    def __init__(self, stream: Any, **how: Any) -> None:
        Emitter.__init__(self, stream, width=how["width"])
        Serializer.__init__(self)
        SafeRepresenter.__init__(
            self, default_flow_style=how["default_flow_style"], sort_keys=how["sort_keys"]
        )
        BaseResolver.__init__(self)

    def ignore_aliases(self, data: Any) -> bool:
        """Write what stands twice twice."""
        return True
