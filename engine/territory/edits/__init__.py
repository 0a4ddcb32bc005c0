"""What people fixed in files, and the plan to start from."""
