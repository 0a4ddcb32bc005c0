"""What lies beside the checkout, and which tests need it: real data and hostile inputs that are not ours to ship.

A fresh clone has none of it, so that these tests are skipped there, and say so.
"""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
MAVEN = SHARED / "data" / "crm" / "maven"
CORPUS = SHARED / "badinput" / "cases.yaml"


def needs(path: Path) -> pytest.MarkDecorator:
    """Skip where a file or folder is missing, with the reason."""
    name = path.relative_to(SHARED.parent).as_posix()
    return pytest.mark.skipif(
        not path.exists(), reason=f"no {name} beside the checkout: a fresh clone has none"
    )
