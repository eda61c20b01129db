"""施行日期, 有效期 and 有效性 out of the text: 「本办法自2024年9月1日起施行，有效期5年」.

Only sentences about the document itself count; 许可证有效期 and 《某某办法》自…起施行 say something about others.
Terms count from the first day of force: five years from 2024-09-01 end on 2029-08-31.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from gongkai.rules.validity import Status, ValidityFacts, validity_on
from gongkai.text.dates import FoundDate, add_months, chinese_integer, find_dates, last_day_of_term
from gongkai.text.document_facts.facts import Fact

_SELF = (
    r"本(?:实施|暂行|管理|指导|工作|若干|试行|行动|补充)?"
    r"(?:办法|规定|条例|细则|规则|通知|意见|决定|方案|措施|规范|文件|公告|通告|制度|标准|政策|预案|计划|规划|批复|指引|指南|准则|规程|协议|法|令|函)"
)
_FORCE = r"(?:正式)?(?:施行|实施|执行|试行|生效|起效|有效)"
_FROM = re.compile(
    rf"(?:自|从|于|由)\s*(?P<when>(?:[0-9０-９]{{4}}|[一二][〇○零一二三四五六七八九]{{3}})\s*年[^。；，,;]{{3,14}}?[日号]|"
    r"(?P<event>公布|发布|印发|下发|下文|颁布|发文|签发|颁发|制定|印制)\s*之?\s*日(?:起)?)\s*"
    rf"(?P<later>(?:起)?(?:满|后|之?后)?(?P<days>[0-9０-９]{{1,3}}|[一二三四五六七八九十]{{1,3}})\s*(?:个)?(?P<unit>日|天|个月|月)(?:后|之后)?)?\s*(?:起|开始|始)?\s*{_FORCE}"
)
_YEARS = r"[0-9０-９]{1,2}|[一二两三四五六七八九十]{1,2}"
_TERM = re.compile(
    rf"(?:有效期限?|试行期限?|施行期限?|实施期限?|执行期限?|实施期|有效时间)\s*(?:为|是|：|:|暂定为|暂定|均为)?\s*(?P<years>{_YEARS})\s*(?P<unit>年|个月)"
    rf"|(?:有效|试行|施行|执行|暂行)\s*(?P<years2>{_YEARS})\s*(?P<unit2>年|个月)(?!度|[内以])"
)
_UNTIL = re.compile(
    r"(?:有效期|期限|有效|执行|施行|实施|试行|时间)?\s*(?:截止|截至|至|到)\s*(?:为)?(?P<when>(?:[0-9０-９]{4})\s*年[^。；，,;]{2,14}?[日号])\s*(?:止|终止|失效|为止|截止)?"
)
_ENDS_ON = re.compile(r"[止至到]\s*为?[0-9]{4}")
"""In every text that `_UNTIL` could match; found many times faster."""
_OTHERS = re.compile(
    r"(?:证书|许可证|执照|证明|合同|协议|资格|证件|批件|登记|凭证|票据|通行证|报告|结果|名单|承诺|号牌|质保|保质|营业|公示|报名|房源|申请|签注|居住证)[^。；]{0,12}(?:有效|期限)"
)
_INVALID = re.compile(
    r"[（(【\[]\s*(?:此件|本件|本文件|该文件|全文)?\s*(?P<word>已?\s*(?:失效|废止|宣布失效))\s*[）)】\]]|(?:此件|本文件|该文件)已?(?P<word2>失效|废止)"
)


_CONFIDENCE = {3: 0.96, 2: 0.93, 1: 0.8}
"""Of a day of force given as a date, by :func:`_rank`."""

_LONGEST_RETROACTION = 12
"""Months; see :func:`term`."""


@dataclass(frozen=True, slots=True)
class Term:
    """First and last day of force, as the text says them."""

    effective_from: Fact | None
    expires_on: Fact | None


def term(text: str, dated: Fact | None, title: str = "") -> Term:
    """The first and the last day of force; ``dated`` (成文日期) stands for 公布之日 and 印发之日.

    A date of force long before ``dated`` is kept when the sentence names the kind the ``title`` names (本条例 in a
    条例): the text is a revised version. Otherwise it belongs to a document that is listed or quoted.
    """
    written = date.fromisoformat(dated.value) if dated else None
    sentence, effective = _effective(text, dated)
    if effective and written and date.fromisoformat(effective.value) < written:
        long_before = date.fromisoformat(effective.value) < add_months(written, -_LONGEST_RETROACTION)
        if long_before and not _names_its_kind(text, sentence, title):
            sentence, effective = None, None
        else:
            effective = Fact(effective.value, 0.7, f"{effective.source}（早于成文日期）")
    expires = _expires(text, sentence, effective)
    first = max(effective.value if effective else "", written.isoformat() if written else "")
    return Term(effective, expires if expires and expires.value >= first else None)


def _names_its_kind(text: str, sentence: tuple[int, int] | None, title: str) -> bool:
    match = (
        re.search(r"本(\w{0,4}?(办法|规定|条例|细则|规则|规范|法|制度|标准|准则|规程))", text[slice(*sentence)])
        if sentence
        else None
    )
    return match is not None and match[2] in title[-12:]


def _effective(text: str, dated: Fact | None) -> tuple[tuple[int, int] | None, Fact | None]:
    """The surest statement about the document itself and, of equals, the last (附则 stand at the end)."""
    best: tuple[int, re.Match[str], int, int] | None = None
    for match in _FROM.finditer(text):
        start, end = _sentence(text, match.start(), match.end())
        clause = text[start : match.start()]
        rank = _rank(clause)
        if rank and (best is None or rank >= best[0]):
            best = (rank, match, start, end)
    if best is None:
        return None, None
    rank, match, start, end = best
    sentence = (start, end)
    days = chinese_integer(match["days"]) if match["days"] else None
    if match["event"] is None:
        day = _first_date(match["when"])
        return sentence, Fact(day.isoformat(), _CONFIDENCE[rank], f"正文“{_quote(match.group())}”") if day else None
    if dated is None:
        return sentence, None
    if days is None:
        confidence = min(0.85, dated.confidence)
        return sentence, Fact(dated.value, confidence, f"正文“{_quote(match.group())}”，以成文日期计")
    written = date.fromisoformat(dated.value)
    day = add_months(written, days) if "月" in (match["unit"] or "") else written + timedelta(days=days)
    return sentence, Fact(day.isoformat(), min(0.7, dated.confidence), f"正文“{_quote(match.group())}”，以成文日期推算")


def _rank(clause: str) -> int:
    """How surely the clause before 自…起施行 means the document itself: 3 says so, 2 a bare article, 1 unsaid, 0 no."""
    if re.search(r"(?:现予(?:以)?(?:公布|发布)|现(?:予)?印发|予以公布|现公布)[^《》]*\Z", clause):
        return 3
    if re.search(rf"{_SELF}[^《》。]{{0,30}}\Z", clause):
        return 3
    if "》" in clause and not re.search(r"》[^《》]{0,40}(?:通过|同意|批准)", clause):
        return 0
    if re.fullmatch(r"(?:\s*第[一二三四五六七八九十百]+条)?[\s（(一二三四五六七八九十）)、]*", clause):
        return 2
    return (
        1
        if len(clause) <= 40 and not re.search(r"(?:标准|补贴|补助|待遇|税率|价格|以上|以下|缴费|工资)", clause)
        else 0
    )


def _expires(text: str, sentence: tuple[int, int] | None, effective: Fact | None) -> Fact | None:
    until = _UNTIL.finditer(text) if _ENDS_ON.search(text) else ()
    for match in (*until, *_TERM.finditer(text)):
        start, end = _sentence(text, match.start(), match.end())
        whole = text[start:end]
        own = _speaks_of_itself(whole) or (
            sentence is not None
            and 0 <= start - sentence[1] <= 2
            and re.match(r"[^，。]{0,4}(?:有效期|期限)", whole) is not None
        )
        same_as_force = sentence == (start, end)
        if not (own or same_as_force) or _OTHERS.search(whole):
            continue
        if match.re is _UNTIL:
            day = _first_date(match["when"])
            if day is None or not (same_as_force or re.search(r"有效|施行|实施|执行|失效|试行", whole)):
                continue
            return Fact(day.isoformat(), 0.95, f"正文“{_quote(match.group())}”")
        if effective is None:
            continue
        count = chinese_integer(match["years"] or match["years2"])
        if not count:
            continue
        months = count * (12 if (match["unit"] or match["unit2"]) == "年" else 1)
        last = last_day_of_term(date.fromisoformat(effective.value), months)
        return Fact(
            last.isoformat(),
            round(min(0.95, effective.confidence), 2),
            f"正文“{_quote(match.group())}”，自{effective.value}起算",
        )
    return None


def _speaks_of_itself(sentence: str) -> bool:
    return re.search(rf"{_SELF}[^。；]{{0,40}}(?:有效|试行|施行|执行|实施|期限|截止|至|失效)", sentence) is not None


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    begin = max(text.rfind(mark, 0, start) for mark in "。；\n") + 1
    stops = [position for mark in "。；\n" if (position := text.find(mark, end)) >= 0]
    return begin, min(stops, default=len(text))


def _first_date(raw: str) -> date | None:
    dates: list[FoundDate] = find_dates(raw)
    return dates[0].value if dates else None


def _quote(raw: str) -> str:
    return re.sub(r"\s+", "", raw)[:30]


def declared(title: str, head: str) -> Fact | None:
    """失效 or 废止 where the page prints it at the title: 「（已废止）」, 【失效】."""
    match = _INVALID.search(title) or _INVALID.search(head[:400])
    if match is None:
        return None
    word = re.sub(r"[\s已]", "", match["word"] or match["word2"])
    status = {"失效": Status.EXPIRED, "废止": Status.REPEALED, "宣布失效": Status.DECLARED_INVALID}[word]
    mark = re.sub(r"[（()）【】\s]", "", match.group())
    return Fact(status.label, 0.9, f"标题或者首部标注“{mark}”")


def computed(dates: Term, on: date) -> Fact:
    """The status on ``on`` computed from the dates; acts of later documents are not known here."""
    effective = date.fromisoformat(dates.effective_from.value) if dates.effective_from else None
    expires = date.fromisoformat(dates.expires_on.value) if dates.expires_on else None
    result = validity_on(on, ValidityFacts(effective, expires))
    if effective is None and expires is None:
        return Fact(result.status.label, 0.6, "正文未写明施行日期和有效期，按现行有效推定")
    basis = min((fact.confidence for fact in (dates.effective_from, dates.expires_on) if fact), default=0.0)
    confidence = basis if expires is not None else min(basis, 0.75)
    return Fact(
        result.status.label,
        round(confidence, 2),
        f"据施行日期和有效期推算（截至{on.isoformat()}）：{result.explanation}",
    )
