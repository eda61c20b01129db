"""Looking into files before publication, and making the copy that the public gets.

`inspect_file` reads everything that is in a file, also what a reader does not see, and says what is wrong with the file itself.
`strip` writes the copy without properties, comments, tracked changes and hidden content. Nothing is executed and nothing is fetched.
《保密法实施条例》§42 (先审查、后公开), 《个人信息保护法》§25.
"""

from gongkai.text.inspection.draft import Inspection
from gongkai.text.inspection.reading import inspect_file
from gongkai.text.inspection.strip_package import Unstrippable
from gongkai.text.inspection.stripping import strip

__all__ = ["Inspection", "Unstrippable", "inspect_file", "strip"]
