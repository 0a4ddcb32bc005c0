"""What `apportion new` writes: the quickstart, with its tables beside it."""

from __future__ import annotations

from pathlib import Path

from making import quickstart

QUICKSTART = Path(__file__).resolve().parents[2] / "quickstart.yaml"
_CHANGES = {
    "# Run it with `apportion run scenarios/quickstart.yaml`, then open runs/quickstart/report.html.": (
        "# Run it with `apportion run plan.yaml`, then open runs/plan/report.html."
    ),
    "Quickstart: 60 accounts": "A first plan: 60 accounts",
    "data/quickstart/": "tables/",
}


def make(folder: Path) -> None:
    """Write plan.yaml and tables/ below a folder."""
    quickstart.make(folder / "tables")
    text = QUICKSTART.read_text(encoding="utf-8")
    for old, new in _CHANGES.items():
        if old not in text:
            raise ValueError(f"quickstart.yaml does not say {old!r}")
        text = text.replace(old, new)
    (folder / "plan.yaml").write_text(text, encoding="utf-8", newline="\n")
