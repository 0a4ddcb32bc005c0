"""Crediting: who is credited with which deals, in one currency and to the minor unit."""
