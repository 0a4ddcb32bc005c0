"""Quotas that people set by hand: read from files, held, re-balanced around, and told with their effect."""
