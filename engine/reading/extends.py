"""A scenario from its file, the files it extends, and `--set`: one node tree.

An extending file states only what differs: mappings merge key by key, everything else replaces, and a null
removes what was inherited. Paths of files and folders stay relative to the file in which they are written: each text
remembers the way to its file (`Scalar.folder`), and a field of type `FilePath` follows it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from engine.errors import BadInput, Fault
from engine.fields import Scalar
from engine.paths import allowed
from engine.reading.nodes import MAX_BYTES, Node, Place, decode, parse

MAX_EXTENDS = 8


def assemble(path: Path, shown: str, sets: Sequence[str], roots: Sequence[Path]) -> Node:
    """Return the merged tree of a scenario file.

    Args:
        path: real path of the scenario.
        shown: the path as the user wrote it, for messages.
        sets: `key=value` overrides, applied last.
        roots: folders granted beside the scenario's own.

    Raises:
        BadInput: a file is unreadable, extends itself, or is no mapping; an override names nothing.

    """
    root = _file(path, shown, roots, ())
    for text in sets:
        _apply(root, text)
    _drop_nulls(root, "")
    return root


def _file(path: Path, shown: str, roots: Sequence[Path], chain: tuple[Path, ...]) -> Node:
    if path in chain:
        raise BadInput(
            [Fault("E_EXTENDS_CYCLE", f"{path.name} extends itself", "Break the circle.", file=shown)]
        )
    if len(chain) >= MAX_EXTENDS:
        raise BadInput(
            [Fault("E_LIMIT_EXTENDS", f"more than {MAX_EXTENDS} files extend one another", file=shown)]
        )
    if path.stat().st_size > MAX_BYTES:
        raise BadInput([Fault("E_LIMIT_FILE", f"the file has more than {MAX_BYTES} bytes", file=shown)])
    node = parse(decode(path.read_bytes(), shown), shown)
    if not isinstance(node.value, dict):
        raise BadInput(
            [
                Fault(
                    "E_TYPE",
                    "a scenario must be a mapping of keys to values",
                    "Begin with `calendar:`.",
                    file=shown,
                    line=node.place.line,
                )
            ]
        )
    if chain:
        _remember(node, os.path.relpath(path.parent, chain[0].parent))
    parent = node.value.pop("extends", None)
    if parent is None:
        return node
    if not isinstance(parent.value, str):
        raise BadInput(
            [
                Fault(
                    "E_TYPE",
                    "extends must name one file",
                    "Write `extends: ./base.yaml`.",
                    parent.place.file,
                    parent.place.line,
                    parent.place.column,
                    "extends",
                )
            ]
        )
    real = allowed(parent.value, path.parent, roots, field="extends", file=shown)
    inherited = _file(real, os.path.join(os.path.dirname(shown), parent.value), roots, (*chain, path))
    _merge(inherited, node)
    return inherited


def _merge(below: Node, above: Node) -> None:
    """Lay `above` over `below`, in place."""
    if not (isinstance(below.value, dict) and isinstance(above.value, dict)):
        below.value = above.value
        below.place = above.place
        return
    kind_before, kind_after = (side.value.get("kind") for side in (below, above))  # type: ignore[union-attr]
    if kind_before and kind_after and kind_before.value != kind_after.value:
        below.value = above.value  # another kind has other keys: nothing of the old one is meant
        return
    for key, child in above.value.items():
        if key in below.value:
            _merge(below.value[key], child)
        else:
            below.value[key] = child


def _remember(root: Node, folder: str) -> None:
    """Tell every text of an inherited file the way to its folder."""
    for node in _walk(root):
        if isinstance(node.value, Scalar):
            node.value.folder = "" if folder == os.curdir else folder


def _apply(root: Node, text: str) -> None:
    key, equals, value = text.partition("=")
    shown = f"--set {text}"

    def bad(message: str, hint: str) -> BadInput:
        return BadInput([Fault("E_SET", message, hint, file=shown)])

    steps = re.findall(r"[^.\[\]]+", key)
    if not equals or not steps:
        raise bad(
            "must read key=value",
            "For example --set quotas.goal=12M or --set territories.constraints[0].within=15%.",
        )
    if not value.strip():
        raise bad("has no value", "Write key=value; key=null removes what the file says.")
    new = parse(value, shown)
    for node in _walk(new):
        node.place = Place(shown)
    here = root
    for step in steps[:-1]:
        here = _step(here, step, bad)
    if isinstance(here.value, list):
        target = _step(here, steps[-1], bad)
        target.value, target.place = new.value, new.place
    elif isinstance(here.value, dict):
        here.value[steps[-1]] = new
    else:
        raise bad(f"'{steps[-1]}' cannot be set inside a plain value", "Check the path.")


def _step(node: Node, step: str, bad: object) -> Node:
    assert callable(bad)
    if isinstance(node.value, list):
        if not step.isdigit() or int(step) >= len(node.value):
            raise bad(f"there is no item {step}: the list has {len(node.value)}", "Items count from 0.")
        return node.value[int(step)]
    if node.value is None:
        node.value = {}
    if isinstance(node.value, dict):
        return node.value.setdefault(step, Node(node.place, {}))
    raise bad(f"'{step}' lies inside a plain value", "Check the path.")


def _walk(node: Node) -> list[Node]:
    children = (
        node.value.values()
        if isinstance(node.value, dict)
        else node.value
        if isinstance(node.value, list)
        else []
    )
    return [node, *(deep for child in children for deep in _walk(child))]


def _drop_nulls(node: Node, path: str) -> None:
    """Remove keys without a value: what is required is then missed by name, what was inherited is gone."""
    if isinstance(node.value, dict):
        for key in [key for key, child in node.value.items() if child.value is None]:
            del node.value[key]
        for key, child in node.value.items():
            _drop_nulls(child, f"{path}.{key}")
    elif isinstance(node.value, list):
        for child in node.value:
            _drop_nulls(child, path)
