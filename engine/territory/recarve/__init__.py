"""A re-carve in the middle of the year."""
