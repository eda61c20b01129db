"""Chinese text, in pure Python: normalising, segmenting, highlighting, reading files, finding facts and citations.

Import from the module that does the work (`gongkai.text.analysis`, `gongkai.text.highlight`, …): some of them load a
dictionary or a library of tens of megabytes, and a process that does not need it should not pay for it.
"""
