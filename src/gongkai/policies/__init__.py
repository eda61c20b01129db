"""The policy library: validity of documents, the registers made from it, and what search knows of each item."""
