"""What the law and the standards say, as plain functions on plain data.

No Django, no I/O beyond the data files beside this package, no clock: every day a rule needs is an argument.
Each module is one term of art and names the article it implements.
"""
