"""救济告知: which remedy a letter tells the applicant of, chosen by what was decided, by whom and when.

《行政复议法》§20 (60 days), §22(2) (the channel on the web, where the reply is served there), §23 (reconsideration first), §24 and §27 (which
organ); 《行政诉讼法》§45, §46; 法释〔2025〕8号 §1, §2. The periods and the locked sentences stand as data in ``data/remedies.toml``. An act of
procedure (补正, 延期, 征求意见 …) has no remedy clause.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gongkai.rules.legal_grounds import legal_grounds
from gongkai.rules.outcomes import RemedyRule
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.request_settings import text_setting
from gongkai.rules.vocabulary import VocabularyError, cached_data, data_file, read_toml, vocabulary

ANY_COURT = "有管辖权的人民法院"
ANY_SUPERIOR = "上一级主管部门"


class RemedyPath(StrEnum):
    """What the person may do."""

    NONE = "none"
    DIRECT = "direct"
    """Text A: reconsideration within 60 days or suit within six months."""
    RECONSIDERATION_FIRST = "reconsideration_first"
    """Text B: reconsideration within 60 days, then suit within 15 days."""
    MIXED = "mixed"
    """Text B for the part withheld under §14–16, text A for the rest."""

    @property
    def label(self) -> str:
        """The Chinese words."""
        return {
            "none": "不告知救济",
            "direct": "复议或者诉讼",
            "reconsideration_first": "复议前置",
            "mixed": "不予公开部分复议前置，其余复议或者诉讼",
        }[self.value]


@dataclass(frozen=True, slots=True)
class RemedyBody:
    """The body that replies, as far as the remedy depends on it."""

    kind: str
    """A code of the vocabulary ``organisation_kinds``."""
    name: str = ""
    vertical: bool = False
    """Led from above alone: 税务, 海关, 金融, 外汇管理, 国家安全 (《行政复议法》§27)."""
    superior: str = ""
    """Name of the competent authority one level up, for such a body and for replies before 2024."""
    organ: str = ""
    """The reconsideration organ when it was set for this body; empty: by the rule."""
    court: str = ""
    """The court when it was set for this body."""
    channel: str = ""
    """Where applications for reconsideration are made on the web, when it was set for this body."""


@dataclass(frozen=True, slots=True)
class RemedyNotice:
    """The clause of a letter."""

    path: RemedyPath
    paragraphs: tuple[str, ...] = ()
    organ: str = ""
    court: str = ""


NO_REMEDY = RemedyNotice(RemedyPath.NONE)


def remedy_path(rule: RemedyRule, decided_on: date, grounds: Iterable[str] = ()) -> RemedyPath:
    """The path for a reply of `decided_on` under `rule`.

    `grounds`: codes of the grounds of the withheld parts; only 部分公开 (`SEVERANCE`) is decided by them. Raises `Refused` for a day before
    the first period, `KeyError` for an unknown ground.
    """
    period = _period(decided_on)
    match rule:
        case RemedyRule.NONE:
            return RemedyPath.NONE
        case RemedyRule.DIRECT:
            return period.direct
        case RemedyRule.WITHHOLDING:
            return period.withholding
        case RemedyRule.SPECIAL_RULE:
            return period.withholding if text_setting("special_rule_remedy") == "withholding" else period.direct
        case RemedyRule.SEVERANCE:
            known = legal_grounds()
            parts = {period.withholding if known[code].withholding else period.other_withholding for code in grounds}
            first = RemedyPath.RECONSIDERATION_FIRST in parts
            return RemedyPath.MIXED if first else period.direct


def remedy_for_silence(decided_on: date) -> RemedyPath:
    """The path against no reply at all in time, by the day on which the time ended. Raises as `remedy_path`."""
    return _period(decided_on).silence


def remedy_notice(
    rule: RemedyRule,
    body: RemedyBody,
    decided_on: date,
    *,
    grounds: Sequence[str] = (),
    online: bool = False,
    act: str = "本答复",
) -> RemedyNotice:
    """The clause for a letter that calls itself `act`.

    `online`: it is served on the web, so the channel for applications must be told (§22(2)). Raises `Refused` when something that must be printed is not known: the organ, the channel.
    """
    path = remedy_path(rule, decided_on, grounds)
    if path is RemedyPath.NONE:
        return NO_REMEDY
    organ = reconsideration_organ(body, decided_on)
    court = court_name(body)
    texts = _load("remedies").texts

    def sentence(kind: RemedyPath, scope: str = "") -> str:
        return texts[kind.value].format(scope=scope, act=act, organ=organ, court=court)

    if path is RemedyPath.MIXED:
        paragraphs = [
            sentence(RemedyPath.RECONSIDERATION_FIRST, texts["withheld_part"].format(act=act)),
            sentence(RemedyPath.DIRECT, texts["rest"].format(act=act)),
        ]
    else:
        paragraphs = [sentence(path)]
    if online:
        channel = body.channel or text_setting("online_reconsideration_channel")
        if not channel:
            message = (
                "本文书通过互联网送达，应当同时告知提交行政复议申请书的互联网渠道。请先在依申请公开办理设置中填写。"
            )
            raise Refused([Reason("online_channel", message, "《行政复议法》§22", "online_reconsideration_channel")])
        paragraphs.append(texts["online"].format(channel=channel))
    return RemedyNotice(path, tuple(paragraphs), organ, court)


def reconsideration_organ(body: RemedyBody, decided_on: date) -> str:
    """The organ to apply to (§24; §27 for bodies led from above).

    Before 2024 one could also choose the superior authority of a government department. Raises `Refused` when the kind of body is
    unknown or the name is not set.
    """
    if body.organ:
        return body.organ
    if body.vertical:
        return body.superior or ANY_SUPERIOR
    rule = _load("remedies").organs.get(body.kind)
    setting = {"government": "reconsideration_government", "superior": "superior_government"}.get(rule or "")
    organ = text_setting(setting) if setting else ""
    if not organ:
        message = "没有确定复议机关。请核对本单位的机构类别，并在依申请公开办理设置中填写人民政府全称。"
        raise Refused([Reason("organ", message, "《行政复议法》§24", "reconsideration_organ")])
    if body.kind == "department" and _period(decided_on).organ_choice:
        return f"{organ}或者{body.superior or ANY_SUPERIOR}"
    return organ


def court_name(body: RemedyBody) -> str:
    """The court as printed: set for the body, set for all, or 有管辖权的人民法院 (《行政诉讼法》§15: governments before the 中级人民法院)."""
    setting = "court_name_for_government" if body.kind == "district_government" else "court_name"
    return body.court or text_setting(setting) or ANY_COURT


@dataclass(frozen=True, slots=True)
class _Period:
    begins: date
    withholding: RemedyPath
    other_withholding: RemedyPath
    direct: RemedyPath
    silence: RemedyPath
    organ_choice: bool


@dataclass(frozen=True, slots=True)
class _Remedies:
    periods: tuple[_Period, ...]
    texts: Mapping[str, str]
    organs: Mapping[str, str]


def _period(day: date) -> _Period:
    periods = _load("remedies").periods
    fitting = [period for period in periods if period.begins <= day]
    if not fitting:
        message = f"答复日期早于{periods[0].begins:%Y-%m-%d}，没有适用的救济规则，请核对日期。"
        raise Refused([Reason("decided_on", message, "《条例》§56", "decided_on")])
    return fitting[-1]


_TEXTS = ("direct", "reconsideration_first", "online", "withheld_part", "rest")
_SAMPLE = {"scope": "", "act": "", "organ": "", "court": "", "channel": ""}


@cached_data
def _load(name: str) -> _Remedies:
    path = data_file(name)
    data = read_toml(path)
    rows, texts, organs = data.get("periods"), data.get("texts"), data.get("organs")
    if not isinstance(rows, list) or not rows or not isinstance(texts, dict) or not isinstance(organs, dict):
        raise VocabularyError(f"{path.name}：缺少 [[periods]]、[texts] 或者 [organs]。")
    try:
        periods = tuple(_read_period(row) for row in rows)
        for key in _TEXTS:
            texts[key].format(**_SAMPLE)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise VocabularyError(f"{path.name}：有误：{error}。") from error
    begins = [period.begins for period in periods]
    if begins != sorted(set(begins)):
        raise VocabularyError(f"{path.name}：periods 的 from 应当是依次递增的日期。")
    unknown = [kind for kind in organs if kind not in vocabulary("organisation_kinds")]
    if unknown or not set(organs.values()) <= {"government", "superior"}:
        raise VocabularyError(f"{path.name}：organs 中有不存在的机构类别，或者取值不是 government、superior。")
    return _Remedies(periods, texts, organs)


def _read_period(row: Mapping[str, object]) -> _Period:
    begins = row["from"]
    if not isinstance(begins, date):
        raise TypeError("from 应当是日期")
    withholding, other, direct, silence = (
        RemedyPath(str(row[key])) for key in ("withholding", "other_withholding", "direct", "silence")
    )
    return _Period(begins, withholding, other, direct, silence, row["organ_choice"] is True)
