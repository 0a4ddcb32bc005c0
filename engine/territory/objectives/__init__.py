"""One file per kind of objective; a file dropped in here is valid in a scenario."""
