"""YAML text to a tree of nodes, each with its place; nothing is typed here and nothing is guessed.

PyYAML's loaders read `NO` as False and `1:30` as 90, keep the last of two equal keys, and die on deep
nesting. So we walk its event stream (the fast C parser), keep every scalar as text, and stop at the limits.
Anchors, aliases, merge keys and tags are refused: `extends` covers reuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from engine.errors import BadInput, Fault
from engine.fields import YAML_TYPED, Scalar

MAX_BYTES = 1_048_576
MAX_DEPTH = 32
MAX_NODES = 100_000
MAX_SCALAR = 10_000

_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True)
class Place:
    """Where a node stands."""

    file: str
    line: int = 0
    column: int = 0


@dataclass
class Node:
    """A mapping, a sequence, a scalar or null, with the place of its key (or of itself) in the file."""

    place: Place
    value: dict[str, Node] | list[Node] | Scalar | None = field(default=None)

    def plain(self) -> Any:
        """Return the tree as dicts, lists, `Scalar` texts and None."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value


def strange_character(text: str) -> str | None:
    """Return `U+202E` for the first control, bidi or invisible character of a text."""
    match = _FORBIDDEN.search(text)
    return f"U+{ord(match[0]):04X}" if match else None


def decode(data: bytes, file: str) -> str:
    """Return the text of a scenario file.

    Raises:
        BadInput: not UTF-8, larger than 1 MiB, or with control or bidi characters.

    """
    if len(data) > MAX_BYTES:
        raise _bad("E_LIMIT_FILE", f"the file has more than {MAX_BYTES} bytes", Place(file))
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _bad("E_ENCODING", "the file is UTF-16", Place(file), "Save it as UTF-8.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _bad("E_ENCODING", "the file is not UTF-8", Place(file, line), "Save it as UTF-8.") from None
    strange = _FORBIDDEN.search(text)
    if strange:
        line = text.count("\n", 0, strange.start()) + 1
        column = strange.start() - text.rfind("\n", 0, strange.start())
        raise _bad(
            "E_TEXT",
            f"the file holds U+{ord(strange[0]):04X}",
            Place(file, line, column),
            "Remove the character.",
        )
    return text


def parse(text: str, file: str) -> Node:
    """Build the node tree of one YAML document.

    Raises:
        BadInput: syntax, limits, duplicate keys, anchors, tags, several documents; all that can be found at once.

    """
    try:
        return _Builder(file, text).document()
    except yaml.YAMLError as error:
        raise _syntax(error, text, file) from None


class _Builder:
    """Walks the event stream once."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.count = 0
        self.events: Iterator[Any] = iter(
            yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        )

    def document(self) -> Node:
        root: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    place = self.place(event)
                    raise _bad(
                        "E_YAML_MULTIDOC",
                        f"a second document begins at line {place.line}",
                        place,
                        "Keep one scenario in a file.",
                    )
                root = self.node(next(self.events), 1, "")
        root = root or Node(Place(self.file, 1, 1))
        if self.faults:
            raise BadInput(self.faults)
        return root

    def place(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def fault(self, code: str, message: str, event: Any, hint: str = "", path: str = "") -> None:
        place = self.place(event)
        self.faults.append(Fault(code, message, hint, place.file, place.line, place.column, path))

    def node(self, event: Any, depth: int, path: str) -> Node:
        place = self.place(event)
        self.count += 1
        if depth > MAX_DEPTH:
            raise _bad("E_LIMIT_DEPTH", f"nested deeper than {MAX_DEPTH} levels", place)
        if self.count > MAX_NODES:
            raise _bad("E_LIMIT_NODES", f"more than {MAX_NODES} values", place)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self.fault(
                "E_YAML_ALIAS",
                "anchors and aliases are not allowed",
                event,
                "Use `extends:` for reuse.",
                path,
            )
            if isinstance(event, yaml.AliasEvent):
                return Node(place)
        if event.tag is not None and event.tag != "!":
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self.fault("E_YAML_TAG", f"the tag {tag} is not allowed", event, "Write the plain value.", path)
        if isinstance(event, yaml.MappingStartEvent):
            return Node(place, self.mapping(depth, path))
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(place, self.sequence(depth, path))
        return Node(place, self.scalar(event, path))

    def mapping(self, depth: int, path: str) -> dict[str, Node]:
        result: dict[str, Node] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.key(event, depth, path)
            inner = f"{path}.{key}" if path else key
            child = self.node(next(self.events), depth + 1, inner)
            child.place = self.place(event)
            if key in result:
                first = result[key].place.line
                self.fault(
                    "E_YAML_DUPLICATE_KEY",
                    f"'{key}' is given twice, first defined at line {first}",
                    event,
                    "Keep one of them.",
                    inner,
                )
            else:
                result[key] = child
        return result

    def key(self, event: Any, depth: int, path: str) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self.fault("E_YAML_KEY_TYPE", "keys must be text, not a list or a mapping", event, path=path)
            self.node(event, depth + 1, path)
            return ""
        if event.value == "<<":
            self.fault("E_YAML_ALIAS", "merge keys are not allowed", event, "Use `extends:` for reuse.", path)
        plain = not event.style
        if plain and (YAML_TYPED.fullmatch(event.value) or event.value == ""):
            self.fault(
                "E_YAML_KEY_TYPE",
                f"the key {event.value} reads as something else: keys must be text",
                event,
                f'To mean the text, quote it: "{event.value}".',
                path,
            )
        return str(self.scalar(event, path) or "")

    def sequence(self, depth: int, path: str) -> list[Node]:
        result: list[Node] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            result.append(self.node(event, depth + 1, f"{path}[{len(result)}]"))
        return result

    def scalar(self, event: Any, path: str) -> Scalar | None:
        plain = not event.style
        if len(event.value) > MAX_SCALAR:
            self.fault("E_LIMIT_SCALAR", f"a value of more than {MAX_SCALAR} characters", event, path=path)
            return None
        strange = strange_character(event.value)
        if strange:
            self.fault("E_TEXT", f"the text holds {strange}", event, "Remove the character.", path)
        return None if plain and event.value in _NULLS else Scalar(event.value, plain)


def _bad(code: str, message: str, place: Place, hint: str = "") -> BadInput:
    return BadInput([Fault(code, message, hint, place.file, place.line, place.column)])


def _syntax(error: yaml.YAMLError, text: str, file: str) -> BadInput:
    mark = getattr(error, "problem_mark", None)
    place = Place(file, mark.line + 1, mark.column + 1) if mark is not None else Place(file)
    lines = text.split("\n")
    line = lines[place.line - 1] if 0 < place.line <= len(lines) else ""
    escape = re.search(r"\\u(d[89a-f][0-9a-f]{2})", line, re.IGNORECASE)
    if escape:
        name = line.split(":")[0].strip()
        return BadInput(
            [
                Fault(
                    "E_TEXT",
                    f"the text holds U+{escape[1].upper()}",
                    "Remove it.",
                    file,
                    place.line,
                    place.column,
                    name,
                )
            ]
        )
    problem = getattr(error, "problem", None) or str(error)
    hint = (
        "It looks like a merge conflict."
        if re.search(r"^(<<<<<<<|>>>>>>>)", text, re.MULTILINE)
        else "Check the indentation and quotes."
    )
    return _bad("E_YAML_SYNTAX", f"not valid YAML: {problem}", place, hint)
