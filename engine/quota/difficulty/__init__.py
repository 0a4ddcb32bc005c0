"""Difficulty: the chance that a seat's credit reaches its quota, as the simulated replications tell it.

The chance of a seat is the share of replications in which its credit of the plan is at least its quota. Quotas are
equally hard where all chances are the same: sample average approximation of P(credit >= quota).
"""
