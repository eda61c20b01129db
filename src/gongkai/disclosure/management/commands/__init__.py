"""`gongkai rescan`."""
