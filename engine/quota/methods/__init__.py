"""One file per way of sharing out a goal; a file dropped in here is valid in a scenario."""
