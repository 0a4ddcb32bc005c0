"""Processes, one file each; `kinds` finds them."""
