"""Levers, one file each; `kinds` finds them."""
