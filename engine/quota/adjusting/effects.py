"""Effects: what each adjustment does to everybody, one after another in the order of the files.

The effect of an entry is the quotas with it and all before it, less those with all before it alone; so the effects of
all entries add up to what they do together. What one does alone, or last, may be another amount where bounds are near.
An entry after which there are no quotas is told together with those that follow, up to one after which there are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.adjusted import Adjusted
from engine.inputs import IntArray

ENTRIES = 12
"""Entries that are told one by one; those beyond are one entry, as each takes a solve."""


@dataclass(frozen=True)
class Entry:
    """Rows of a file with one reason; without a reason, those of one seat or node."""

    rows: tuple[int, ...]
    effect: IntArray | None
    """What it moved at each seat, minor units, shape (rep,); None where there are no quotas without it."""


def told(
    adjusted: Adjusted,
    before: IntArray | None,
    after: IntArray,
    settled: Callable[[Adjusted], IntArray | None],
) -> list[Entry]:
    """Return every entry with its effect.

    Args:
        adjusted: what is set.
        before: quota of each seat without any of it, minor units, shape (rep,); None where there are no such quotas.
        after: the same with all of it.
        settled: the same with some of it; None where there are no such quotas.

    """
    found, rows, so_far, last = list[Entry](), list[int](), list[int](), before
    groups = grouped(adjusted)
    for index, group in enumerate(groups):
        rows, so_far = rows + group, so_far + group
        now = after if index == len(groups) - 1 else settled(only(adjusted, so_far))
        if now is not None:
            found.append(Entry(tuple(rows), None if last is None else now - last))
            rows, last = [], now
    return found


def grouped(adjusted: Adjusted) -> list[list[int]]:
    """Return the rows of each entry, in the order of the files."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for row in range(len(adjusted)):
        reason = adjusted.reason[row]
        found.setdefault((adjusted.file[row], reason, "" if reason else adjusted.name[row]), []).append(row)
    groups = list(found.values())
    rest = sorted(row for group in groups[ENTRIES - 1 :] for row in group)
    return groups if len(groups) <= ENTRIES else [*groups[: ENTRIES - 1], rest]


def only(adjusted: Adjusted, rows: list[int]) -> Adjusted:
    """Return some rows of what is set, in their order."""
    at = sorted(rows)
    words = {
        name: tuple(getattr(adjusted, name)[row] for row in at)
        for name in ("file", "name", "product", "period", "place", "reason")
    }
    return Adjusted(amount=adjusted.amount[at], **words)
