"""Places: distances, adjacency, connectedness."""
