"""Legal grounds: the articles a reply or a redaction may rest on, with the words quoted in letters and the short label for boxes.

A decision may rest on several. The words stand as data in ``data/legal_grounds.toml`` (《条例》, 国办函〔2020〕109号); a test compares
them with the published text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gongkai.rules.outcomes import outcomes
from gongkai.rules.vocabulary import VocabularyError, cached_data, data_file, read_toml


@dataclass(frozen=True, slots=True)
class LegalGround:
    """One ground."""

    code: str
    law: str
    """Full name with book-title marks."""
    short_law: str
    """《条例》."""
    article: str
    """第十五条, 第三十六条第三项."""
    label: str
    """What kind of information or case it is: 个人隐私."""
    quote: str
    """The words of the article, possibly in part."""
    outcomes: tuple[str, ...]
    letters: tuple[str, ...] = ()
    """Letters it is for, when not for all letters of its outcomes."""
    withholding: bool = False
    """Whether it withholds under §14, §15 or §16 (复议前置)."""
    redaction: bool = False
    """Whether it may stand on a redaction box."""
    companion: bool = False
    """Whether it goes along with another ground and cannot carry a decision alone."""

    @property
    def citation(self) -> str:
        """《条例》第十五条."""
        return f"{self.short_law}{self.article}"

    @property
    def box_label(self) -> str:
        """What a redaction box says: 《条例》第十五条 个人隐私."""
        return f"{self.citation} {self.label}"

    @property
    def sentence(self) -> str:
        """The sentence quoted in a letter. The full stop stands inside the quotation only where the article has one there."""
        end = "" if self.quote.endswith("。") else "。"
        return f"{self.law}{self.article}规定：“{self.quote}”{end}"


def legal_grounds() -> Mapping[str, LegalGround]:
    """All grounds by code, in order. Raises `VocabularyError` when the data file is faulty."""
    return _load("legal_grounds")


def grounds_for(outcome: str, letter: str = "") -> tuple[LegalGround, ...]:
    """The grounds a decision of this outcome, told by this letter (any when empty), may rest on."""
    return tuple(
        ground
        for ground in legal_grounds().values()
        if outcome in ground.outcomes and (not letter or not ground.letters or letter in ground.letters)
    )


def redaction_grounds() -> tuple[LegalGround, ...]:
    """The grounds for redaction boxes, in order."""
    return tuple(ground for ground in legal_grounds().values() if ground.redaction)


def quoted(codes: Iterable[str]) -> tuple[str, ...]:
    """The sentences of the grounds `codes`, in the order given, articles that are quoted with the same words once.

    Raises `KeyError` for an unknown code.
    """
    known = legal_grounds()
    return tuple(dict.fromkeys(known[code].sentence for code in codes))


@cached_data
def _load(name: str) -> Mapping[str, LegalGround]:
    path = data_file(name)
    data = read_toml(path)
    laws, rows = data.get("laws"), data.get("grounds")
    if not isinstance(laws, dict) or not isinstance(rows, list):
        raise VocabularyError(f"{path.name}：缺少 [laws] 或者 [[grounds]]。")
    found: dict[str, LegalGround] = {}
    for position, row in enumerate(rows, start=1):
        where = f"{path.name}：第{position}条依据"
        try:
            law = laws[row["law"]]
            ground = LegalGround(
                row["code"],
                law["full"],
                law["short"],
                row["article"],
                row["label"],
                row["quote"],
                tuple(row["outcomes"]),
                tuple(row.get("letters", ())),
                bool(row.get("withholding", False)),
                bool(row.get("redaction", False)),
                bool(row.get("companion", False)),
            )
        except (AttributeError, KeyError, TypeError) as error:
            raise VocabularyError(f"{where}缺少或者写错 {error}。") from error
        unknown = [code for code in ground.outcomes if code not in outcomes()]
        if ground.code in found or unknown or not ground.outcomes:
            raise VocabularyError(f"{where}“{ground.code}”重复，或者没有适用的办理结果：{'、'.join(unknown)}。")
        found[ground.code] = ground
    bare = [code for code in outcomes() if code != "other" and not _carried(code, found.values())]
    if bare:
        raise VocabularyError(f"{path.name}：办理结果 {'、'.join(bare)} 没有可以引用的依据。")
    return found


def _carried(outcome: str, grounds: Iterable[LegalGround]) -> bool:
    return any(outcome in ground.outcomes and not ground.companion for ground in grounds)
