"""What Ctrl-C leaves of the territory stage."""

from __future__ import annotations

from engine.territory.alignment import Alignment


class DesignInterrupted(KeyboardInterrupt):
    """The user interrupted the search; `alignment` is the best plan that passed every check, or None."""

    def __init__(self, alignment: Alignment | None) -> None:
        super().__init__("interrupted while territories were designed")
        self.alignment = alignment
