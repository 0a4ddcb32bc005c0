"""What a bound rests on, in a sentence a planner understands; from the words that a solve says of its proof."""

from __future__ import annotations

import re

UNCHECKED = " Nobody checks that again; another solver may confirm it."
CONFIRMED = " {} went through it again by itself."
_SENTENCES = (
    (r"multipliers evaluated on all ([\d,]+) pairs; branch and bound over the cheapest",
     "A sum over all {} pairs of account and seat leaves a few that can matter; the solver went through those."
     + UNCHECKED),
    (r"multipliers evaluated on all ([\d,]+) pairs",
     "A sum over all {} pairs of account and seat, at prices that turn each rule into a cost. Any prices give a bound,"
     " so no search need be trusted."),
    (r"multipliers of all levels in one, evaluated on all pairs",
     "A sum over all pairs of account and seat, at prices that turn each rule into a cost. Any prices give a bound, so"
     " no search need be trusted."),
    (r"branch and bound over all ([\d,]+) pairs \(([^)]+)\)",
     "The solver {1} went through all {0} pairs of account and seat." + UNCHECKED),
    (r"branch and bound \(([^)]+)\)", "The solver {} went through every case." + UNCHECKED),
    (r"sum of (\d+) parts", "The bounds of {} parts, added up: no account can cross from one part to another."),
    (r"bound of the (.+?)s alone", "The bound of the {}s alone: whatever lies below them can only cost more."),
    (r"each account at its cheapest seat", "Every account at its cheapest seat, as if there were no other rule."),
    (r"there are no accounts", "There are no accounts, so there is nothing to search."),
)  # fmt: skip
_CUTS = " That territories are of one piece was demanded wherever a plan came in pieces."


def rests_on(proof: str, second: str = "") -> str:
    """Return the sentence for a proof as `Solve.proof` words it; unknown words are returned as they are.

    `second` is the solver that confirmed it, where one did.
    """
    for pattern, sentence in _SENTENCES:
        found = re.match(pattern, proof)
        if found:
            words = sentence.format(*found.groups())
            words = words.replace(UNCHECKED, CONFIRMED.format(second)) if second else words
            return words + (_CUTS if "cuts for contiguity" in proof else "")
    return f"{proof[:1].upper()}{proof[1:]}." if proof else "Nothing is said of it."
