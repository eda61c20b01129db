"""The letters of 依申请公开: from the facts of a case to a document for Word, PDF and text.

The words of the letters are data (`rules/data/letter_types.toml`); what a clerk or an applicant wrote is only ever put into their blanks, as
text and never as markup. Nothing here knows the database.
"""

from gongkai.foi.letters.composing import compose
from gongkai.foi.letters.facts import AgencyFacts, FeeFacts, LetterFacts
from gongkai.foi.letters.reasons import letter_reasons
from gongkai.foi.letters.remedy import letter_remedy

__all__ = ["AgencyFacts", "FeeFacts", "LetterFacts", "compose", "letter_reasons", "letter_remedy"]
