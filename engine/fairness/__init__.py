"""Fairness: tests of any quota set against what was simulated for it, or against what happened in a past year.

Nothing heavy is imported before a function is called.
"""
