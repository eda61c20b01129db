"""`gongkai check`."""
