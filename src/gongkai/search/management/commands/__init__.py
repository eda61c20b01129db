"""`gongkai index` and `gongkai reindex`."""
