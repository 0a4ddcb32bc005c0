"""Leads and changes of staff in the order of time."""

from __future__ import annotations

from engine.inputs import IntArray, KeyArray
from engine.pipeline.events.compiling import compiled
from engine.pipeline.layout import Records

_BITS = 10


@compiled
def by_tick(rows: Records, spare: Records, used: tuple[int, int, int], place: IntArray) -> None:
    """Sort the first rows of DUE by tick, equal ones in the order in which they stand (a radix sort).

    `used` is (how many rows, lowest tick there may be, highest); `spare` has as much room, `place` 2^10.
    """
    count, low, high = used
    shift, swapped = 0, False
    while (high - low) >> shift > 0:
        source, target = (spare, rows) if swapped else (rows, spare)
        for digit in range(len(place)):
            place[digit] = 0
        for at in range(count):
            place[((source[at]["tick"] - low) >> shift) & (len(place) - 1)] += 1
        total = 0
        for digit in range(len(place)):
            total, place[digit] = total + place[digit], total
        for at in range(count):
            digit = ((source[at]["tick"] - low) >> shift) & (len(place) - 1)
            target[place[digit]] = source[at]
            place[digit] += 1
        shift, swapped = shift + _BITS, not swapped
    if swapped:
        for at in range(count):
            rows[at] = spare[at]


@compiled
def ties_by_key(rows: Records, count: int, keys: KeyArray) -> None:
    """Put rows of one tick, which stand together, in the order of the keys of what they are about."""
    for right in range(1, count):
        row, at = rows[right]["what"], right
        tick, key = rows[right]["tick"], keys[row]
        while at > 0 and rows[at - 1]["tick"] == tick and keys[rows[at - 1]["what"]] > key:
            rows[at]["what"] = rows[at - 1]["what"]
            at -= 1
        rows[at]["what"] = row
