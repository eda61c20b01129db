"""Measures of GB/T 9704-2012 in points, used by every renderer (mm where the standard says mm)."""

MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
MARGIN_TOP, MARGIN_BOTTOM, MARGIN_LEFT, MARGIN_RIGHT = 37 * MM, 35 * MM, 28 * MM, 26 * MM
TEXT_WIDTH, TEXT_HEIGHT = 156 * MM, 225 * MM
"""版心 156 mm × 225 mm (5.2.1)."""

LINES, CHARACTERS = 22, 28
"""Lines on a page and characters in a line (5.2.3)."""

LINE_PITCH = TEXT_HEIGHT / LINES
"""28.99 pt from one baseline to the next."""

TITLE_SIZE, BODY_SIZE, NUMBER_SIZE, NOTE_SIZE = 22.0, 16.0, 14.0, 9.0
"""2号 for the title, 3号 for the text, 4号 for page numbers and 版记, 小五 for the footer facts."""

TITLE_PITCH = 34.0
CHARACTER_PITCH = TEXT_WIDTH / CHARACTERS
"""28 characters of 16 pt are 5.8 pt too wide for the line, so each gives way by a fifth of a point."""

TRACKING = CHARACTER_PITCH - BODY_SIZE - 0.005
TITLE_CHARACTERS = TEXT_WIDTH / TITLE_SIZE

RED = "C00000"
RED_HEAD_DROP = 35 * MM
"""发文机关标志: its upper edge is 35 mm below that of the 版心 (7.2.4)."""

RED_HEAD_LARGEST = 44.0
TABLE_SIZES = ((14.0, False), (12.0, False), (10.5, False), (12.0, True), (10.5, True), (9.0, True))
"""Type size of tables and whether the page is turned, in order of preference."""

CELL_PADDING = 0.35
"""Blank at either side of a cell's text, in em."""
