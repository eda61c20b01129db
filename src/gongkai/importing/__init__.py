"""Bringing in what exists: lists, pages and files become items of the register, with every fact's origin kept."""
