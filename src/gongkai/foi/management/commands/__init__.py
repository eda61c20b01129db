"""Commands of information requests."""
