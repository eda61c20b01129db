"""What is wrong with a password of this person, in our words, and which were used before. The rules are in `gongkai.rules.passwords`."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from gongkai.organisations.models import FormerPassword, Membership, User
from gongkai.rules.passwords import RULES, Owner, password_reasons
from gongkai.text.pinyin import readings

MESSAGES = {"password_too_common": "该密码在公开的常见密码之列，容易被猜中，请更换。"}
_LETTERS = "abcdefghjkmnpqrstuvwxyz"
_CAPITALS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DIGITS = "23456789"
_SIGNS = "-+=@#"


class RulesValidator:
    """The rules, as one of the framework's validators, so that no way of setting a password goes around them."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` with every rule that is broken."""
        if reasons := password_reasons(password, _owner(user) if isinstance(user, User) else None):
            raise ValidationError([ValidationError(reason.message, code=reason.code) for reason in reasons])

    def get_help_text(self) -> str:
        """The rules in a sentence."""
        return RULES


class HistoryValidator:
    """Not the present password, and none of the last `GONGKAI_PASSWORD_HISTORY`."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` when it was used before."""
        if not isinstance(user, User) or not user.pk or not settings.GONGKAI_PASSWORD_HISTORY:
            return
        used = [user.__class__.objects.values_list("password", flat=True).get(pk=user.pk), *_former(user)]
        if any(check_password(password, encoded) for encoded in dict.fromkeys(used) if encoded):
            raise ValidationError(
                f"不能使用最近{settings.GONGKAI_PASSWORD_HISTORY}次用过的密码，请另设一个。", code="password_used"
            )

    def get_help_text(self) -> str:
        """The rule in a sentence."""
        return f"不能与最近{settings.GONGKAI_PASSWORD_HISTORY}次用过的密码相同。"


def password_problems(password: str, user: User | None = None) -> list[str]:
    """Every reason why `password` must not be used (by `user`), as sentences; empty when it may."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [MESSAGES.get(one.code or "", str(one.message)) for one in error.error_list]
    return []


def remember_password(user: User) -> None:
    """Keep the hash of the password just set among the last ones, and no more than those."""
    FormerPassword.objects.create(user=user, encoded=user.password)
    kept = list(
        FormerPassword.objects.filter(user=user)
        .order_by("-id")[: settings.GONGKAI_PASSWORD_HISTORY]
        .values_list("pk", flat=True)
    )
    FormerPassword.objects.filter(user=user).exclude(pk__in=kept).delete()


def make_password_up() -> str:
    """A password for somebody to sign in with once: random, three groups that can be read out over the telephone."""
    groups = [
        "".join(secrets.choice(letters) for letters in (_CAPITALS, _LETTERS, _LETTERS, _DIGITS)) for _ in range(3)
    ]
    return secrets.choice(_SIGNS).join(groups)


def _former(user: User) -> list[str]:
    found = FormerPassword.objects.filter(user=user).order_by("-id").values_list("encoded", flat=True)
    return list(found[: settings.GONGKAI_PASSWORD_HISTORY])


def _owner(user: User) -> Owner:
    """What somebody who knows the person would try: names in characters, in pinyin, the body's too."""
    bodies: list[str] = []
    if user.pk:
        held = Membership.objects.filter(user=user).values_list(
            "organisation__name", "organisation__short_name", "organisation__code"
        )
        bodies = [text for row in held for text in row]
    name = user.display_name
    spelled, initials = _spelled(name)
    return Owner(
        user.username,
        tuple(filter(None, (name, spelled, _spelled(name[1:])[0]))),
        (initials,) if len(initials) > 1 else (),
        tuple(dict.fromkeys([*bodies, *filter(None, (_spelled(text)[0] for text in bodies))])),
    )


def _spelled(text: str) -> tuple[str, str]:
    """Pinyin of the characters of `text`, the likeliest reading of each, and their first letters."""
    syllables = [found[0] for char in text if (found := readings(char))]
    return "".join(syllables), "".join(syllable[0] for syllable in syllables)
