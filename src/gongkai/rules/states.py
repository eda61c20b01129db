"""The states of an edition. A module of its own so that access and publication can both name them."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where an edition stands between writing and withdrawal."""

    DRAFT = "draft"
    REVIEW = "review"
    SIGN_OFF = "sign_off"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The Chinese word shown in the office."""
        return _LABELS[self]

    @property
    def public(self) -> bool:
        """Whether the public can read the content in this state (superseded editions stay readable as history)."""
        return self in (State.PUBLISHED, State.SUPERSEDED)


_LABELS = {
    State.DRAFT: "草稿",
    State.REVIEW: "审核中",
    State.SIGN_OFF: "待签发",
    State.SCHEDULED: "待发布",
    State.PUBLISHED: "已发布",
    State.SUPERSEDED: "已被替代",
    State.WITHDRAWN: "已撤回",
}
