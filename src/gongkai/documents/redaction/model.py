"""The facts of redaction: pages, characters with their places, boxes, proposals, and the finished file.

Places are fractions of the page as it is shown (turned, cropped), 0 to 1, x to the right and y downwards from the upper left
corner. Pages are counted from 1, as people do.
"""

from __future__ import annotations

from dataclasses import dataclass

MARK = "〔遮盖〕"
"""Stands in the text for whatever was hidden, however long it was."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in fractions of the page."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        """Nothing for a rectangle without extent."""
        return max(self.width, 0.0) * max(self.height, 0.0)

    @property
    def middle(self) -> tuple[float, float]:
        """The point halfway."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def touches(self, other: Rect) -> bool:
        """Whether the two have a point in common, edges included."""
        return self.x0 <= other.x1 and other.x0 <= self.x1 and self.y0 <= other.y1 and other.y0 <= self.y1

    def holds(self, point: tuple[float, float]) -> bool:
        """Whether a point lies in it."""
        return self.x0 <= point[0] <= self.x1 and self.y0 <= point[1] <= self.y1

    def shared(self, other: Rect) -> float:
        """The area the two have in common."""
        across = min(self.x1, other.x1) - max(self.x0, other.x0)
        down = min(self.y1, other.y1) - max(self.y0, other.y0)
        return max(across, 0.0) * max(down, 0.0)

    def grown(self, across: float, down: float) -> Rect:
        """Larger by so much on each side."""
        return Rect(self.x0 - across, self.y0 - down, self.x1 + across, self.y1 + down)


def around(rects: list[Rect]) -> Rect:
    """The smallest rectangle that holds all of `rects`, of which there is at least one."""
    return Rect(
        min(one.x0 for one in rects), min(one.y0 for one in rects),
        max(one.x1 for one in rects), max(one.y1 for one in rects),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageSize:
    """A page as it is shown, in points (1/72 inch)."""

    number: int
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Character:
    """One character of a page.

    `ink` is the box of its shape, `frame` that of its line height and advance. `line` counts the lines of the page in the order of
    the file. `recognised`: read from a picture, so character and place are only likely. A blank has no ink.
    """

    text: str
    ink: Rect
    frame: Rect
    line: int
    recognised: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether it leaves no trace on paper."""
        return self.text.isspace()


@dataclass(frozen=True, slots=True)
class RedactionBox:
    """One place to be hidden, and on what ground: a code of the caller's, whose short label goes onto the box (《条例》§37)."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    ground: str

    @property
    def rect(self) -> Rect:
        """The place alone."""
        return Rect(self.x0, self.y0, self.x1, self.y1)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A text found on a page: one rectangle for each line it runs over."""

    page: int
    text: str
    rects: tuple[Rect, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A place that our detectors would hide, for a person to accept or refuse.

    `rule`, `label` and `article` are those of `review_rules.toml`: what was found and which article protects it. `certain` is False
    where the rule only warns.
    """

    page: int
    text: str
    rects: tuple[Rect, ...]
    rule: str
    label: str
    article: str
    certain: bool
    recognised: bool
    """Read from a picture: the place should be looked at."""


@dataclass(frozen=True, slots=True)
class Painted:
    """A rectangle painted black on the picture of a page, in pixels: left and top belong to it, right and bottom do not."""

    left: int
    top: int
    right: int
    bottom: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class BurntPage:
    """What was done to one page: size of its picture in pixels, what was painted on it."""

    width: int
    height: int
    painted: tuple[Painted, ...]


@dataclass(frozen=True, slots=True)
class Burnt:
    """A finished redacted PDF.

    `hidden_characters` counts what was taken out of the text (blanks not counted); `unseen_characters` what was not taken over
    because no reader sees it (under something, white on white, beyond the edge). `still_visible` are texts that were
    hidden in one place and stand open in another: the caller should show them to a person before anything is handed out.
    """

    content: bytes
    pages: tuple[BurntPage, ...]
    hidden_characters: int
    unseen_characters: int
    still_visible: tuple[str, ...]
