"""Benchmarks beside peers: `python -m benchmarks`; one subject per module, each with a `SUBJECT`."""
