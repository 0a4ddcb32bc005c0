"""One file per kind of constraint; a file dropped in here is valid in a scenario."""
