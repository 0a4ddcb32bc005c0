"""Money and ratios as a statement writes them."""

from __future__ import annotations

from engine.amounts import decimals


def money(minor: int, currency: str) -> str:
    """Return an amount with thousands separators: 123456 is `1,234.56` in USD."""
    places = decimals(currency)
    whole, part = divmod(abs(int(minor)), 10**places)
    return f"{'-' if minor < 0 else ''}{whole:,}" + (f".{part:0{places}d}" if places else "")


def percent(above: float, below: float) -> str:
    """Return a ratio to two decimals of a percent, `none` where nothing stands below the line: `87.5%`."""
    return f"{100 * above / below:.2f}".rstrip("0").rstrip(".") + "%" if below > 0 else "none"
