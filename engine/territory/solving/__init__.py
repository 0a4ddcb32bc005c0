"""How a problem is solved: models, routes, bounds and local search."""
