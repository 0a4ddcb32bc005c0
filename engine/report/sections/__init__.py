"""The sections of the page, one file each.

A new section is one file here with `section(view) -> Section`, one line in `html.QUESTIONS`, which holds
the order they are read in, and its table in `view.MADE_BY`. A section whose table is missing returns a sentence.
"""
