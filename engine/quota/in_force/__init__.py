"""Quotas in force: those of an earlier run, what of them stands, what changed and why, and relief."""
