"""Review before publication: the gate that looks at text and files, what it found, and the secrecy review (《保密法实施条例》§42).

Knows nothing of the register: it is given a `Content` and says what is wrong with it. Who may settle a finding, and what follows
from it, is decided above, in `gongkai.disclosure`.
"""
