"""Laws of durations and deal sizes, one file per kind."""
