"""Disclosure catalogues (公开目录): the tree of what is owed, with the ten statutory columns, and who owes it."""
