"""Names of files for people."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote

_PLAIN = re.compile(r"[^\W_][\w ',.\-]{0,49}")
"""Letters and digits of any script, at most 200 bytes of them."""
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")


def file_names(people: Iterable[str]) -> dict[str, str]:
    """Return the stem of each person's file: the name itself where that is safe, else with its characters encoded.

    No two are equal, also where a system takes upper and lower case for the same.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for person in sorted(set(people)):
        safe = (
            _PLAIN.fullmatch(person)
            and unicodedata.is_normalized("NFC", person)
            and not _RESERVED.fullmatch(person)
            and not person.endswith((".", " "))
        )
        stem = person if safe else "%" + quote(person, safe="").replace(".", "%2E")[:180]
        number, name = 1, stem
        while name.casefold() in taken:
            number += 1
            name = f"{stem}~{number}"
        taken.add(name.casefold())
        found[person] = name
    return found
