"""The compiled engine: replications of a model, by events or, where it can do without, one pass over the leads."""
