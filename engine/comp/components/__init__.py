"""Components of a comp plan, one file per kind."""
