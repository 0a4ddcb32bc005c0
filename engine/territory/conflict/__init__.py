"""Rules that no alignment keeps together: proved, named and relaxed."""
