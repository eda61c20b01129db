"""Stored files: content-addressed, checked on the way in, never changed afterwards."""
