"""The query language: what people type, read into `gongkai.search.parsed.ParsedText`.

`reader.read` goes over the text once for each thing it may hold (addresses, quoted phrases, exclusions, numbers, dates …). What
was read is blanked out in the text, so that later steps do not see it and places still are those of the text as typed. The table of
what is read how: docs/domain/search-language.md.
"""

from gongkai.search.language.reader import LONGEST_TEXT, read

__all__ = ["LONGEST_TEXT", "read"]
