"""The kernel: runs a program over replications, a spell at a time.

Credits are taken over in tiles of LANES replications of one spell, periods first, so that each operation is a loop
over neighbouring cells, in the first cache and in vector instructions. Without fast math: every cell
comes out as `Fast` works it out.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.comp.held import NONE, WHOLE
from engine.comp.tape.cells import LANES, along, cellwise, later, table_at
from engine.comp.tape.ops import LATER, ON, PAY
from engine.comp.tape.program import Program
from engine.inputs import FloatArray, IntArray
from solvers.compiled import compiled

TILES = 2
"""Tiles for which known amounts are spread once."""
SPELLS = 16
"""Spells whose credit is taken over together, so that memory is read in longer runs."""


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
    place: IntArray
    """Where its credit is found, shape (source, period): that of the seat, nothing, or a place in `parts` (see
    `engine.comp.held`)."""
    parts: IntArray
    """Credit of periods that are held in part, shape (replication, place, measure)."""


@compiled
def take_over(rows: FloatArray, of: Credit, spell: int, spells: int, begin: int, end: int) -> None:
    """Write credit of some spells and replications into rows, one for each (tile, spell, measure)."""
    periods, count = of.place.shape[1], of.measures.size
    for t in range((end - begin + LANES - 1) // LANES):
        first, last = begin + t * LANES, min(begin + (t + 1) * LANES, end)
        some, parts = of.cube[first:last], of.parts[first:last]
        for s in range(spells):
            start, stop = of.starts[spell + s], of.starts[spell + s + 1]
            for m in range(count):
                row, measure = rows[(t * spells + s) * count + m], of.measures[m]
                if some.shape[0] < LANES or start == stop:
                    row[:] = 0.0
                for source in range(start, stop):
                    seat = of.seats[source]
                    for p in range(periods):
                        place = of.place[source, p]
                        if place == WHOLE and source == start:
                            for lane in range(some.shape[0]):
                                row[p, lane] = some[lane, seat, p, measure]
                        else:
                            for lane in range(some.shape[0]):
                                credit = 0
                                if place == WHOLE:
                                    credit = some[lane, seat, p, measure]
                                elif place != NONE:
                                    credit = parts[lane, place, measure]
                                row[p, lane] = credit + (row[p, lane] if source > start else 0.0)


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
    periods, known, count = of.place.shape[1], pay.constants.shape[0], of.measures.size
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
