"""Reasons: what every rule says when it refuses or warns.

A refusal is never a bare ``False``: it is a list of :class:`Reason`, each with a stable code for programs, a Chinese
sentence naming the remedy for people, and the article it rests on. A form shows all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a refusal or a warning."""

    code: str
    """Stable English identifier, e.g. ``self_approval``."""
    message: str
    """Chinese sentence for the reader: what is wrong and what to do about it."""
    article: str = ""
    """The rule it rests on, e.g. ``《条例》§17``; empty when it is a convention of the product."""
    field: str = ""
    """Name of the form field the reason belongs to; empty when it concerns the whole object."""

    def __str__(self) -> str:
        """The sentence, followed by its article in brackets when there is one."""
        return f"{self.message}（{self.article}）" if self.article else self.message


class Refused(Exception):
    """Raised by actions when a rule refuses; carries every reason at once."""

    def __init__(self, reasons: Iterable[Reason]) -> None:
        """Keep ``reasons`` in order; raises ``ValueError`` when there is none, for a refusal must be explained."""
        self.reasons: tuple[Reason, ...] = tuple(reasons)
        if not self.reasons:
            raise ValueError("a refusal needs at least one reason")
        super().__init__("；".join(reason.message.rstrip("。") for reason in self.reasons))

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all reasons, in order."""
        return tuple(reason.code for reason in self.reasons)

    def __reduce__(self) -> tuple[type[Refused], tuple[tuple[Reason, ...]]]:
        """Pickle by reasons, so that a background worker can hand the refusal back."""
        return type(self), (self.reasons,)
