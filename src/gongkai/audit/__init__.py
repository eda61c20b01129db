"""The append-only, hash-chained log of every write, and the generation counter of public content."""
