"""Cells: what each operation of a program does to a tile of (period, lane).

Each is a loop over neighbouring cells that becomes vector instructions; no result lands in a row that is read.
"""

from __future__ import annotations

import numpy as np

from engine.comp.tape.ops import (
    BOTH,
    COLLECTED,
    EITHER,
    HALF_EVEN,
    HALF_UP,
    LAST,
    LEAST,
    LOWEST,
    MINUS,
    MOST,
    NOT,
    OVER,
    PASSES,
    PLUS,
    REACHES,
    RUNNING,
    SHARE,
    STEPS,
    TIMES,
    TOTAL,
    WHERE,
)
from engine.comp.tape.program import PIECES
from engine.inputs import BoolArray, FloatArray
from solvers.compiled import compiled

LANES = 64
"""Replications of a tile."""


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
