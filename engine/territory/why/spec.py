"""ExplainSpec: what a scenario says under `territories: explain:`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from engine.blocks import Block
from engine.fields import Text, Whole, refuse

WORDS = ("all", "moved", "none")


class ExplainSpec(Block):
    """Why the accounts sit where they sit, what each band costs, and what each lock costs."""

    accounts: Text | tuple[Text, ...] = "moved"
    """Accounts to explain: `moved` (those that leave their incumbent, the default), `all`, `none`, or a list of
    ids. `apportion why RUN ACCOUNT` explains any account afterwards."""
    next: Whole = Field(default=3, ge=1, le=100)
    """Next best territories shown for each account; 3 unless given."""
    locks: Whole = Field(default=0, ge=0)
    """Locks whose saving is found by solving again without them, the most expensive first; 0 unless given. Every
    lock has an estimate all the same."""

    @field_validator("accounts")
    @classmethod
    def _known_word(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        if isinstance(value, str) and value not in WORDS:
            hint = f"Give one of {', '.join(WORDS)}, or a list: [{value}]."
            raise refuse("E_CHOICE", f"'{value}' says not which accounts", hint)
        return value

    @property
    def which(self) -> Literal["all", "moved", "none", "named"]:
        """Return how the accounts are chosen."""
        if not isinstance(self.accounts, str):
            return "named"
        return "all" if self.accounts == "all" else "none" if self.accounts == "none" else "moved"
