"""From tables and rules to an alignment, whatever is planned."""
