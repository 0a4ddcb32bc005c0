"""Quotas in force that are kept: as little as can be is moved, and what has a reason to be."""
