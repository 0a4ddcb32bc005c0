"""Characters that have no place in a name or an id: they hide, reorder, or break lines."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

MAX_CELL = 10_000
"""Characters in a cell."""

_CONTROL = ((0x00, 0x1F), (0x7F, 0x9F))
_FORMAT = ((0x61C, 0x61C), (0x200B, 0x200F), (0x2028, 0x202E), (0x2060, 0x2069), (0xFEFF, 0xFEFF))
_RANGES = _CONTROL + _FORMAT
_WHITE = (0x09, 0x0A, 0x0D)
FORBIDDEN = re.compile("[" + "".join(f"\\U{a:08x}-\\U{b:08x}" for a, b in _RANGES) + "]")
"""Control, bidirectional and zero-width characters, line breaks and tabs included."""
_FORBIDDEN_RE2 = "[" + "".join(f"\\x{{{a:x}}}-\\x{{{b:x}}}" for a, b in _RANGES) + "]"


def forbidden(cells: pa.Array) -> pa.Array:
    """Return which cells hold a forbidden character."""
    return pc.match_substring_regex(cells, _FORBIDDEN_RE2)


def first_in(text: str) -> str:
    """Name the first forbidden character of a text, such as `U+0000`."""
    match = FORBIDDEN.search(text)
    return f"U+{ord(match[0]):04X}" if match else ""


def first_outside_cells(text: str) -> tuple[int, str] | None:
    """Return line and name of the first forbidden character that is no line break or tab, anywhere in a file."""
    for match in FORBIDDEN.finditer(text):
        if ord(match[0]) not in _WHITE:
            return text.count("\n", 0, match.start()) + 1, f"U+{ord(match[0]):04X}"
    return None
