"""What a password must be: long and mixed, not the person's or the body's name, not one that a guesser tries first.

GB/T 22239-2019 8.1.4.1 a) asks for 复杂度 without a number; GB/T 36627 and common practice of 等保测评 look for eight characters of three
kinds; ten are asked for here. How hard a password is to guess is counted in pieces: a word of the list, a year, digits in order, a
run along the keyboard is one piece however long, everything else one a character.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gongkai.rules.reasons import Reason

SHORTEST, LONGEST = 10, 128
KINDS = 3
"""Of capital letters, small letters, digits and other signs so many must be there."""
FEWEST_PIECES = 6
ARTICLE = "GB/T 22239-2019 8.1.4.1"
DATA = Path(__file__).parent / "data" / "common_passwords.toml"
_LOOK_ALIKES = str.maketrans("@0$13!57", "aosieist")
_ROWS = (
    "`1234567890-=",
    "~!@#$%^&*()_+",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789",
)
_COLUMNS = (
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "!qaz@wsx#edc$rfv%tgb^yhn&ujm*ik(ol)p",
    "zaq1xsw2cde3vfr4bgt5nhy6mju7",
)
RULES = "10至128位，大写字母、小写字母、数字、符号至少有其中三类；不能含有用户名、姓名或者单位名称（包括拼音），不能是容易猜到的常见密码。"
"""The rules in one sentence, for the help beside a field."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose password it is, as far as somebody who guesses would know."""

    username: str = ""
    names: tuple[str, ...] = ()
    """姓名 in characters and, romanised, in pinyin."""
    initials: tuple[str, ...] = ()
    """First letters of the names: as one piece among others they are worth little."""
    bodies: tuple[str, ...] = ()
    """Names and codes of the bodies, in characters and in pinyin."""


def password_reasons(password: str, owner: Owner | None = None) -> list[Reason]:
    """Every rule the password breaks, each with what to do; empty when it may be used."""
    owner = owner or Owner()
    reasons = []
    if len(password) < SHORTEST:
        reasons.append(_reason("short", f"密码太短：现有{len(password)}位，至少需要{SHORTEST}位。"))
    if len(password) > LONGEST:
        reasons.append(_reason("long", f"密码太长：至多{LONGEST}位。"))
    if (there := kinds(password)) and len(there) < KINDS:
        reasons.append(
            _reason("mixture", f"密码只有{'、'.join(there)}；大写字母、小写字母、数字、符号中至少需要有三类。")
        )
    if _holds(password, [owner.username]):
        reasons.append(_reason("username", "密码不能含有用户名，请更换。"))
    if _holds(password, owner.names):
        reasons.append(_reason("own_name", "密码不能含有姓名或者姓名的拼音，请更换。"))
    if _holds(password, owner.bodies):
        reasons.append(_reason("body_name", "密码不能含有单位的名称、代码或者其拼音，请更换。"))
    if not reasons and pieces(password[:LONGEST], (*owner.names, *owner.initials, *owner.bodies)) < FEWEST_PIECES:
        reasons.append(_reason("common", "该密码由常见的词、年份、连续或者重复的字符组成，容易被猜中，请更换。"))
    return reasons


def kinds(password: str) -> list[str]:
    """Which kinds of characters are there, by name."""
    return [
        name
        for name, held in (
            ("大写字母", any(c.isascii() and c.isupper() for c in password)),
            ("小写字母", any(c.isascii() and c.islower() for c in password)),
            ("数字", any(c.isdecimal() for c in password)),
            ("符号", any(not (c.isascii() and c.isalnum()) and not c.isdecimal() for c in password)),
        )
        if held
    ]


def pieces(password: str, known: Iterable[str] = ()) -> int:
    """Of how few pieces the password can be put together; a repeated part counts once."""
    return _fewest(_unit(fold(password)), _words() | {fold(word) for word in known if len(word) > 1})


def fold(text: str) -> str:
    """Lower case, full-width signs as usual ones."""
    return unicodedata.normalize("NFKC", text).lower()


def _fewest(text: str, words: frozenset[str]) -> int:
    """Fewest pieces `text` can be cut into (dynamic programming over the places where a piece may end)."""
    longest = max(map(len, words), default=0)
    best = [0]
    for end in range(1, len(text) + 1):
        fewest = best[end - 1] + (0 if text[end - 1] == text[end - 2] and end > 1 else 1)
        for start in range(max(0, end - max(longest, 40)), end - 1):
            if best[start] + 1 < fewest and _one_piece(text[start:end], words):
                fewest = best[start] + 1
        best.append(fewest)
    return best[-1]


def _one_piece(part: str, words: frozenset[str]) -> bool:
    if part in words or part.translate(_LOOK_ALIKES) in words:
        return True
    if part.isdecimal() and len(part) in (4, 6, 8) and part[:2] in ("19", "20"):
        return True
    return len(part) >= 3 and any(part in run for run in _runs())


def _unit(text: str) -> str:
    """The shortest part whose repetition is `text`."""
    for size in range(1, len(text) // 2 + 1):
        if len(text) % size == 0 and text[:size] * (len(text) // size) == text:
            return text[:size]
    return text


@cache
def _runs() -> tuple[str, ...]:
    return tuple(run for row in (*_ROWS, *_COLUMNS) for run in (row, row[::-1]))


@cache
def _words() -> frozenset[str]:
    """The list as shipped. Raises `KeyError` when the file lacks a list."""
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    return frozenset(data["words"]) | frozenset(data["numbers"])


def _holds(password: str, names: Iterable[str]) -> bool:
    """Whether a name stands in the password, signs between its letters or not; names of one letter or two say nothing."""
    plain = fold(password)
    texts = (plain, "".join(c for c in plain if c.isalnum()), plain.translate(_LOOK_ALIKES))
    for name in map(fold, names):
        enough = 2 if any(ord(c) > 0x2E80 for c in name) else 4 if name.isalpha() else 3
        if len(name) >= enough and any(name in text for text in texts):
            return True
    return False


def _reason(code: str, message: str) -> Reason:
    return Reason(code, message, ARTICLE, field="password")
