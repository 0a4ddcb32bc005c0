"""The kernel: runs a program over replications, a spell at a time.

Credits are taken over in tiles of LANES replications of one spell, periods first, so that each operation is a loop
over neighbouring cells, in the first cache and in vector instructions. Without fast math: every cell
comes out as `Fast` works it out.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.comp.tape.ops import (
    BOTH,
    COLLECTED,
    EITHER,
    HALF_EVEN,
    HALF_UP,
    LAST,
    LATER,
    LEAST,
    LOWEST,
    MINUS,
    MOST,
    NOT,
    ON,
    OVER,
    PASSES,
    PAY,
    PLUS,
    REACHES,
    RUNNING,
    SHARE,
    STEPS,
    TIMES,
    TOTAL,
    WHERE,
)
from engine.comp.tape.program import PIECES, Program
from engine.inputs import BoolArray, FloatArray, IntArray
from solvers.compiled import compiled

LANES = 64
"""Replications of a tile."""
TILES = 2
"""Tiles for which known amounts are spread once."""
SPELLS = 16
"""Spells whose credit is taken over together, so that memory is read in longer runs."""


@compiled
def divided(numerator: int, denominator: int, even: bool) -> int:
    """Return numerator / denominator in whole numbers, half to even or away from zero."""
    if not even:
        size = (2 * abs(numerator) + denominator) // (2 * denominator)
        return -size if numerator < 0 else size
    quotient = numerator // denominator
    twice = 2 * (numerator - quotient * denominator)
    up = twice > denominator or (twice == denominator and quotient % 2 == 1)
    return quotient + 1 if up else quotient


@compiled
def table_at(z: FloatArray, x: FloatArray, base: FloatArray, tables: FloatArray, at: int) -> None:
    """Write base x g(x / base); 0 where the base is not above 0."""
    knots, closed = int(tables[at]), tables[at + 1] > 0
    first, slope, by = tables[at + 2], tables[at + 3], tables[at + 4]
    for i in range(z.size):
        z[i] = first * base[i] + slope * x[i]
    for k in range(0, knots - knots % 2, 2):
        two = tables[at + PIECES + 3 * k : at + PIECES + 3 * k + 6]
        k0, m0, s0, k1, m1, s1 = two[0], two[1], two[2], two[3], two[4], two[5]
        if closed:
            for i in range(z.size):
                level, unit = x[i] * by, base[i]
                low, high = m0 * unit + s0 * x[i], m1 * unit + s1 * x[i]
                z[i] = z[i] + (low if level >= k0 * unit else 0.0) + (high if level >= k1 * unit else 0.0)
        else:
            for i in range(z.size):
                level, unit = x[i] * by, base[i]
                low, high = m0 * unit + s0 * x[i], m1 * unit + s1 * x[i]
                z[i] = z[i] + (low if level > k0 * unit else 0.0) + (high if level > k1 * unit else 0.0)
    if knots % 2:
        end = at + PIECES + 3 * knots
        knot, more, rise = tables[end - 3], tables[end - 2], tables[end - 1]
        for i in range(z.size):
            level, reach, extra = x[i] * by, knot * base[i], more * base[i] + rise * x[i]
            z[i] += extra if level > reach or (closed and level == reach) else 0.0
    scale, inverse = tables[at + 5], tables[at + 6]
    if inverse > 0:
        for i in range(z.size):
            value = z[i]
            z[i] = (value if base[i] > 0 else 0.0) * inverse
    else:
        for i in range(z.size):
            value = z[i]
            z[i] = (value if base[i] > 0 else 0.0) / scale


@compiled
def cellwise(
    op: int, z: FloatArray, a: FloatArray, b: FloatArray, c: FloatArray, above: float, below: float
) -> None:
    """Work out an operation that looks at one cell."""
    n = z.size
    if op == PLUS:
        for i in range(n):
            z[i] = a[i] + b[i]
    elif op == MINUS:
        for i in range(n):
            z[i] = a[i] - b[i]
    elif op == TIMES:
        for i in range(n):
            z[i] = a[i] * above
    elif op == OVER:
        for i in range(n):
            z[i] = a[i] * above / below
    elif op == SHARE:
        for i in range(n):
            there = b[i] > 0
            z[i] = (a[i] * c[i] if there else 0.0) / (b[i] if there else 1.0)
    elif op == LEAST:
        for i in range(n):
            z[i] = a[i] if a[i] < b[i] else b[i]
    elif op == MOST:
        for i in range(n):
            z[i] = a[i] if a[i] > b[i] else b[i]
    elif op == REACHES:
        for i in range(n):
            z[i] = 1.0 if a[i] >= b[i] else 0.0
    elif op == PASSES:
        for i in range(n):
            z[i] = 1.0 if a[i] > b[i] else 0.0
    elif op == BOTH:
        for i in range(n):
            z[i] = a[i] * b[i]
    elif op == EITHER:
        for i in range(n):
            z[i] = a[i] if a[i] > b[i] else b[i]
    elif op == NOT:
        for i in range(n):
            z[i] = 1.0 - a[i]
    elif op == WHERE:
        for i in range(n):
            mine, others = b[i], c[i]
            z[i] = mine if a[i] > 0 else others
    elif op == HALF_EVEN:
        for i in range(n):
            z[i] = np.rint(a[i])
    elif op == HALF_UP:
        for i in range(n):
            z[i] = np.copysign(np.floor(np.abs(a[i]) + 0.5), a[i])


@compiled
def along(op: int, z: FloatArray, a: FloatArray, starts: BoolArray) -> None:
    """Work out an operation that runs along the periods of groups; arrays of shape (period, lane)."""
    periods = starts.size
    if op == LAST:
        for p in range(periods):
            ends = p == periods - 1 or starts[p + 1]
            for i in range(LANES):
                z[p, i] = a[p, i] if ends else 0.0
        return
    for p in range(periods):
        fresh = starts[p]
        if op in (RUNNING, TOTAL, COLLECTED):
            if fresh:
                for i in range(LANES):
                    z[p, i] = a[p, i]
            else:
                for i in range(LANES):
                    z[p, i] = z[p - 1, i] + a[p, i]
        elif op == STEPS:
            if fresh:
                for i in range(LANES):
                    z[p, i] = a[p, i]
            else:
                for i in range(LANES):
                    z[p, i] = a[p, i] - a[p - 1, i]
        elif op == LOWEST:
            if fresh:
                for i in range(LANES):
                    z[p, i] = a[p, i]
            else:
                for i in range(LANES):
                    z[p, i] = a[p, i] if a[p, i] < z[p - 1, i] else z[p - 1, i]
    if op == TOTAL:
        for p in range(periods - 2, -1, -1):
            if not starts[p + 1]:
                for i in range(LANES):
                    z[p, i] = z[p + 1, i]
    elif op == COLLECTED:
        for p in range(periods - 1):
            if not starts[p + 1]:
                for i in range(LANES):
                    z[p, i] = 0.0


@compiled
def later(z: FloatArray, a: FloatArray, periods: int) -> None:
    """Write values so many periods later; arrays of shape (period, lane)."""
    for p in range(z.shape[0]):
        for i in range(LANES):
            z[p, i] = a[p - periods, i] if p >= periods else 0.0


class Credit(NamedTuple):
    """Simulated credit, and who gets it."""

    cube: IntArray
    """Shape (replication, seat, period, measure)."""
    measures: IntArray
    """Measures that are credited, by their place in the cube."""
    starts: IntArray
    """First source of each spell, and the number of all: shape (spell + 1,). A spell gets the sum of its sources."""
    seats: IntArray
    """Seat of each source."""
    first: IntArray
    """Days of the period that had passed when the person came, shape (source, period)."""
    last: IntArray
    """Days of the period that had passed when the person left, same shape."""
    length: IntArray
    """Days of each period."""
    even: bool
    """Whether ties of cut credit go to the even neighbour, or away from zero."""


@compiled
def take_over(rows: FloatArray, of: Credit, spell: int, spells: int, begin: int, end: int) -> None:
    """Write credit of some spells and replications into rows, one for each (tile, spell, measure).

    Credit is cut by days where a source covers part of a period.
    """
    periods, count = of.length.size, of.measures.size
    for t in range((end - begin + LANES - 1) // LANES):
        some = of.cube[begin + t * LANES : min(begin + (t + 1) * LANES, end)]
        for s in range(spells):
            start, stop = of.starts[spell + s], of.starts[spell + s + 1]
            for m in range(count):
                row, measure = rows[(t * spells + s) * count + m], of.measures[m]
                if some.shape[0] < LANES or start == stop:
                    row[:] = 0.0
                for source in range(start, stop):
                    seat = of.seats[source]
                    for p in range(periods):
                        first, last, length = of.first[source, p], of.last[source, p], of.length[p]
                        if last - first == length and source == start:
                            for lane in range(some.shape[0]):
                                row[p, lane] = some[lane, seat, p, measure]
                        else:
                            for lane in range(some.shape[0]):
                                whole = some[lane, seat, p, measure]
                                gone = divided(whole * first, length, of.even)
                                part = divided(whole * last, length, of.even) - gone
                                row[p, lane] = part + (row[p, lane] if source > start else 0.0)


class Tile(NamedTuple):
    """One spell in some replications next to each other."""

    spell: int
    start: int
    """First replication."""
    size: int
    """Replications, at most LANES."""
    shift: int
    """Rows from the credits of the first tile to those of this one."""


@compiled
def perform(pay: Program, rows: FloatArray, tile: Tile, lines: FloatArray) -> None:
    """Run the program on one tile; what its components pay adds up in row 0, and goes to `lines` where they exist."""
    flat, credited = rows.reshape(rows.shape[0], rows.shape[1] * LANES), pay.rows + pay.constants.shape[0]
    flat[0] = 0.0
    for k in range(pay.code.shape[0]):
        op, z, a, b, c = pay.code[k, 0], pay.code[k, 1], pay.code[k, 2], pay.code[k, 3], pay.code[k, 4]
        more = pay.code[k, 5]
        a += tile.shift if a >= credited else 0
        b += tile.shift if b >= credited else 0
        c += tile.shift if c >= credited else 0
        if op < ON:
            cellwise(op, flat[z], flat[a], flat[b], flat[c], pay.numbers[k, 0], pay.numbers[k, 1])
        elif op == ON:
            table_at(flat[z], flat[a], flat[b], pay.tables, more)
        elif op == LATER:
            later(rows[z], rows[a], more)
        elif op < PAY:
            along(op, rows[z], rows[a], pay.starts[more])
        else:
            for i in range(flat.shape[1]):
                flat[0, i] += flat[a, i]
            if lines.size:
                for p in range(rows.shape[1]):
                    for i in range(tile.size):
                        lines[more, tile.spell, p, tile.start + i] = rows[a, p, i]


@compiled
def run(
    pay: Program, of: Credit, cells: IntArray, begin: int, end: int, sums: FloatArray, lines: FloatArray
) -> None:
    """Pay some spells in some replications.

    Args:
        pay: what they are paid.
        of: what they are credited.
        cells: cell of `sums` that each spell belongs to.
        begin: first replication.
        end: the one after the last.
        sums: pay is added here, shape (cell, period, replication).
        lines: pay of each component is written here, shape (component, spell, period, replication); empty where nobody
            asks.

    """
    periods, known, count = of.length.size, pay.constants.shape[0], of.measures.size
    credited = pay.rows + known
    rows = np.empty((credited + TILES * SPELLS * count, periods, LANES))
    for r in range(begin, end, TILES * LANES):
        until = min(r + TILES * LANES, end)
        for s in range(0, cells.size, SPELLS):
            spells = min(SPELLS, cells.size - s)
            take_over(rows[credited:], of, s, spells, r, until)
            for g in range(spells):
                for u in range(known):
                    for p in range(periods):
                        rows[pay.rows + u, p] = pay.constants[u, s + g, p]
                for t in range((until - r + LANES - 1) // LANES):
                    start = r + t * LANES
                    tile = Tile(s + g, start, min(LANES, until - start), (t * spells + g) * count)
                    perform(pay, rows, tile, lines)
                    for p in range(periods):
                        for i in range(tile.size):
                            sums[cells[s + g], p, start + i] += rows[0, p, i]
