"""Headcount: how many territories and where, each number of them with a plan and a bound from below."""
