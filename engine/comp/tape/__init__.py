"""The tape: a plan's rules recorded once, and run by one compiled kernel over every replication."""
