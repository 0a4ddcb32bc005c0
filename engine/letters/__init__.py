"""Quota letters: one page for each person in a seat, and one table for upload to a CRM."""
