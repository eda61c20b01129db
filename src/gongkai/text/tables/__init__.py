"""Subsidy tables: reading a workbook row by row, telling what its columns are, checking each row, masking what is personal.

`reading` streams the rows of a file, `headers` finds the head and proposes a column for each name, `values` reads single cells, `checking`
judges rows, `masking` makes what the public sees. All is pure: no database, no files but the one that is read.
"""
