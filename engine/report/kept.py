"""What was kept of the quotas in force, in words."""

from __future__ import annotations

from engine.report import numbers
from engine.report.view import View

KEPT = "quota_kept"


def kept(view: View) -> str:
    """Return how many quotas stay as they were in force, and what became of the others, in words."""
    frame = view.frame(KEPT)
    counts = frame["outcome"].value_counts()
    moved = frame[frame["outcome"] == "moved"]
    words = [f"{int(counts.get('kept', 0)):,} of {numbers.count(len(frame), 'quota')} stay"]
    if len(moved):
        amount = numbers.money(float(moved["change"].abs().sum()), view.currency)
        words.append(f"{len(moved):,} moved by {amount} in all")
    words += [
        f"{int(counts[name]):,} {said}"
        for name, said in (("anew", "set anew by the methods"), ("fixed", "fixed by a rule"))
        if name in counts
    ]
    return ", ".join(words)
