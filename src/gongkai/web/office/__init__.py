"""The back office of the publishing bodies."""
