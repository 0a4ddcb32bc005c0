"""The frontier: the least of one thing for each limit on another."""
