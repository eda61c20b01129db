"""The register: every public item (Item) with its editions, attachments, relations, citations and change notes."""
