"""Pages: the public portal, the office, and what they share."""
