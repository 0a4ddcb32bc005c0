"""Ops: what the kernel can do, one number each."""

from __future__ import annotations

(
    PLUS,
    MINUS,
    TIMES,
    OVER,
    SHARE,
    LEAST,
    MOST,
    REACHES,
    PASSES,
    BOTH,
    EITHER,
    NOT,
    WHERE,
    HALF_EVEN,
    HALF_UP,
    ON,
    LATER,
    RUNNING,
    STEPS,
    LOWEST,
    TOTAL,
    COLLECTED,
    LAST,
    PAY,
) = range(24)
"""PLUS to HALF_UP look at one cell; ON reads a table; LATER to LAST look along periods; PAY hands over what a
component pays."""
