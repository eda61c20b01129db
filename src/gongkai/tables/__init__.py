"""Subsidy tables (惠民惠农、涉农补贴): from an uploaded workbook, which never leaves the office, to a masked table that the public can use.

A table belongs to an edition by its id, like what the review found; the writes that need the register are in `disclosure.tables`.
"""
