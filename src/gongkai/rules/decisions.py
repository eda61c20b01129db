"""What stands in the way of a reply: the facts its outcome needs, the fields it must state, the opinions that were asked for.

《条例》§30, §32, §34–39. A third party's silence is neither consent nor refusal (§32); a co-producing agency's silence is consent (§34).
The record itself is in :mod:`gongkai.rules.decision`; it is offered here too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from gongkai.rules.decision import LABELS, Decision, SearchRecord, SeveredPart
from gongkai.rules.legal_grounds import legal_grounds
from gongkai.rules.outcomes import CaseFact, Outcome, outcomes
from gongkai.rules.reasons import Reason

__all__ = [
    "LABELS",
    "LONGEST_LIST",
    "LONGEST_TEXT",
    "Decision",
    "DecisionFacts",
    "SearchRecord",
    "SeveredPart",
    "decision_reasons",
    "required_fields",
]

LONGEST_TEXT = 20_000
"""Characters of one field; what is longer is an attachment."""
LONGEST_LIST = 200
"""Entries of a list (severed parts, attachments, keywords)."""


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """What is on file of the case on the day of the decision."""

    received_on: date
    today: date
    corrected: bool = False
    """A corrected request came in answer to the correction notice (§30)."""
    correction_lapsed: bool = False
    """The period of the correction notice ended without one."""
    still_unclear: bool = False
    """The corrected request was found unclear."""
    payment_lapsed: bool = False
    reasons_asked: bool = False
    reasons_given: bool = False
    reasons_lapsed: bool = False
    """The time for the reasons asked for (§35) ended."""
    earlier_reply: bool = False
    """A case of the same applicant on the same information was answered."""
    third_party_asked: bool = False
    third_party_open: bool = False
    """Its 15 working days still run and it has not answered."""
    third_party_consents: bool = False
    third_party_objects: bool = False
    third_party_silent: bool = False
    """Its 15 working days ended without an answer."""
    coproducer_asked: bool = False
    coproducer_open: bool = False
    coproducer_objects: bool = False
    coproducer_silent: bool = False

    @property
    def coproducer_consents(self) -> bool:
        """Whether every co-producing agency agreed or, by its silence, is held to agree (§34)."""
        return self.coproducer_asked and not self.coproducer_open and not self.coproducer_objects


def required_fields(outcome: Outcome, letter: str) -> tuple[str, ...]:
    """The fields a decision of `outcome` told by `letter` must state, those of the letter variant included."""
    return tuple(dict.fromkeys((*outcome.fields, *_OF_LETTER.get(letter, ()))))


_OF_LETTER: Mapping[str, tuple[str, ...]] = {
    "disclosed": ("delivery_way",),
    "nonexistent": ("search_record",),
    "other_agency": ("reasoning",),
}
"""What a variant of a letter needs beyond its outcome."""


def decision_reasons(decision: Decision, facts: DecisionFacts) -> list[Reason]:
    """Everything that is missing or wrong, at once; an empty list: it may be signed."""
    outcome = outcomes().get(decision.outcome)
    if outcome is None:
        return [Reason("outcome", "请选择办理结果。", "《条例》§36", "outcome")]
    if decision.letter not in outcome.letters:
        message = f"“{outcome.label}”不能使用所选的答复文书，请重新选择。"
        return [Reason("letter", message, outcome.articles[0], "letter")]
    return [
        *_case_reasons(decision, facts, outcome),
        *_ground_reasons(decision, outcome),
        *_field_reasons(decision, outcome),
        *_opinion_reasons(decision, facts, outcome),
        *_date_reasons(decision, facts),
        *_size_reasons(decision),
    ]


_Met = Callable[[Decision, DecisionFacts], bool]
_NEEDS: Mapping[CaseFact, tuple[_Met, str, str, str]] = {
    CaseFact.CORRECTION_ANSWERED: (
        lambda decision, facts: facts.corrected,
        "没有收到过补正后的申请，不能以补正后仍不明确答复。请先一次性告知补正。",
        "《条例》§30",
        "outcome",
    ),
    CaseFact.STILL_UNCLEAR: (
        lambda decision, facts: facts.still_unclear,
        "补正后的申请没有被认定为仍不明确，请先在补正记录中写明不明确之处。",
        "《条例》§30",
        "outcome",
    ),
    CaseFact.CORRECTION_LAPSED: (
        lambda decision, facts: facts.correction_lapsed and not facts.corrected,
        "补正期限尚未届满，或者申请人已经补正，不能按逾期不补正处理。",
        "《条例》§30",
        "outcome",
    ),
    CaseFact.PAYMENT_LAPSED: (
        lambda decision, facts: facts.payment_lapsed,
        "没有逾期未缴纳的收费通知，不能按逾期不缴费处理。缴费期限为收到通知次日起20个工作日。",
        "国办函〔2020〕109号第六条",
        "outcome",
    ),
    CaseFact.REASONS_ASKED: (
        lambda decision, facts: facts.reasons_asked,
        "尚未要求申请人说明理由，不能以大量反复申请为由不予处理。请先发出说明理由通知书。",
        "《条例》§35",
        "outcome",
    ),
    CaseFact.REASONS_TERM_OVER: (
        lambda decision, facts: not facts.reasons_asked or facts.reasons_given or facts.reasons_lapsed,
        "申请人尚未说明理由，说明理由的期限也没有届满，请等待期满后再答复。",
        "《条例》§35",
        "outcome",
    ),
    CaseFact.EARLIER_REPLY: (
        lambda decision, facts: facts.earlier_reply,
        "没有登记过对同一申请人、相同内容的答复，不能按重复申请处理。请先关联原办件。",
        "《条例》§36（六）",
        "earlier_reply_number",
    ),
    CaseFact.THIRD_PARTY_HEARD: (
        lambda decision, facts: facts.third_party_asked or bool(decision.third_party_not_asked.strip()),
        "请先书面征求第三方意见；确实无法或者不必征求的，写明未征求的原因。",
        "《条例》§32",
        "third_party_not_asked",
    ),
}


def _case_reasons(decision: Decision, facts: DecisionFacts, outcome: Outcome) -> Iterable[Reason]:
    for need in outcome.needs:
        met, message, article, field = _NEEDS[need]
        if not met(decision, facts):
            yield Reason(need.value, message, article, field)


def _ground_reasons(decision: Decision, outcome: Outcome) -> Iterable[Reason]:
    known = legal_grounds()
    chosen = [known[code] for code in decision.grounds if code in known]
    if len(chosen) < len(decision.grounds):
        yield Reason("ground_unknown", "所选的法律依据有的已经不存在，请重新选择。", "", "grounds")
    for ground in chosen:
        fits_letter = not ground.letters or decision.letter in ground.letters
        if outcome.code not in ground.outcomes or not fits_letter:
            message = f"{ground.box_label}不是“{outcome.label}”的依据，请改选。"
            yield Reason("ground_mismatch", message, ground.citation, "grounds")
    carrying = [ground for ground in chosen if not ground.companion and outcome.code in ground.outcomes]
    if outcome.code != "other" and not carrying:
        yield Reason("ground_missing", "请选择答复所依据的条文，至少一条。", outcome.articles[0], "grounds")
    for number, part in enumerate(decision.severed, start=1):
        own = known.get(part.ground)
        if own is None or not own.redaction:
            message = f"不予公开的第 {number} 个部分没有写明法律依据，请选择。"
            yield Reason("severed_ground", message, "《条例》§37", "severed")
        if not part.what.strip():
            yield Reason("severed_what", f"请写明不予公开的第 {number} 个部分是什么内容。", "《条例》§37", "severed")
    if decision.severed and outcome.code != "partially_disclosed":
        message = "只有部分公开才能列出不予公开的部分；请改选“部分公开”，或者删去这些部分。"
        yield Reason("severed_outcome", message, "《条例》§37", "severed")


def _field_reasons(decision: Decision, outcome: Outcome) -> Iterable[Reason]:
    for name in required_fields(outcome, decision.letter):
        value = getattr(decision, name)
        if not (value.strip() if isinstance(value, str) else value):
            yield Reason("missing_field", f"请填写{LABELS[name]}。", outcome.articles[-1], name)
    if decision.letter == "already_public" and not (decision.url.strip() or decision.venue.strip()):
        message = "请写明获取该信息的确切网址，或者获取地点。"
        yield Reason("missing_field", message, "《条例》§36（一）", "url")
    if decision.letter == "disclosed" and not (
        decision.content.strip() or decision.attachments or decision.available_on
    ):
        message = "请填写公开的内容、列出附件，或者写明何时可以获取。"
        yield Reason("missing_field", message, "《条例》§36（二）", "content")
    rests_on = {*decision.grounds, *(part.ground for part in decision.severed)}
    if "prohibited_by_law" in rests_on and outcome.discloses and not decision.prohibiting_law.strip():
        message = "以法律、行政法规禁止公开为由的，请写明是哪一部法律、行政法规的哪一条。"
        yield Reason("missing_field", message, "《条例》§14", "prohibiting_law")
    if decision.url.strip() and not _is_address(decision.url.strip()):
        message = "获取网址应当是以 http:// 或者 https:// 开头的完整网址，直接指向该信息。"
        yield Reason("url", message, "《条例》§36（一）", "url")
    if decision.competent_agency.strip() and not decision.competent_agency_contact.strip():
        message = "能够确定负责公开的行政机关的，应当一并告知其联系方式。"
        yield Reason("missing_field", message, "《条例》§36（五）", "competent_agency_contact")
    if record := decision.search_record:
        for value, what in ((record.scope, "检索范围"), (record.method, "检索方式"), (record.searched_by, "检索人")):
            if not value.strip():
                yield Reason("search_record", f"检索记录请填写{what}。", "《条例》§36（四）", "search_record")
        if not any(word.strip() for word in record.keywords):
            yield Reason("search_record", "检索记录请填写检索所用的关键词。", "《条例》§36（四）", "search_record")
        if record.searched_on is None:
            yield Reason("search_record", "检索记录请填写检索日期。", "《条例》§36（四）", "search_record")


def _opinion_reasons(decision: Decision, facts: DecisionFacts, outcome: Outcome) -> Iterable[Reason]:
    on_merits = outcome.discloses or outcome.code == "third_party_rights"
    if facts.third_party_open and on_merits:
        message = "第三方的15个工作日尚未届满，也没有收到意见，请等待后再决定。"
        yield Reason("third_party_open", message, "《条例》§32", "third_party_opinion")
    if facts.coproducer_open and on_merits:
        message = "共同制作机关的15个工作日尚未届满，也没有收到意见，请等待后再决定。"
        yield Reason("coproducer_open", message, "《条例》§34", "outcome")
    assessed = bool(decision.third_party_assessment.strip())
    if facts.third_party_silent and on_merits and not assessed:
        message = "第三方逾期未提出意见，既不视为同意也不视为不同意，请写明本机关的判断。"
        yield Reason("third_party_silent", message, "《条例》§32", "third_party_assessment")
    if facts.third_party_objects and outcome.code == "disclosed" and not (assessed or decision.public_interest.strip()):
        message = "第三方不同意公开。请写明其理由为何不合理，或者不公开为何会对公共利益造成重大影响。"
        yield Reason("third_party_objects", message, "《条例》§32", "third_party_assessment")
    if facts.third_party_consents and not facts.third_party_objects and outcome.code == "third_party_rights":
        message = "第三方已同意公开，不能再以保护其合法权益为由不予公开，请改选办理结果。"
        yield Reason("third_party_consents", message, "《条例》§15", "outcome")


def _date_reasons(decision: Decision, facts: DecisionFacts) -> Iterable[Reason]:
    if decision.earlier_reply_date and decision.earlier_reply_date > facts.received_on:
        message = "原答复日期晚于收到本申请的日期，请核对。"
        yield Reason("earlier_reply_date", message, "《条例》§36（六）", "earlier_reply_date")
    if decision.available_on and decision.available_on < facts.today:
        message = "可以获取的时间早于今天，请改为今天或者以后。"
        yield Reason("available_on", message, "《条例》§36（二）", "available_on")
    searched = decision.search_record.searched_on if decision.search_record else None
    if searched and not facts.received_on <= searched <= facts.today:
        message = "检索日期应当在收到申请之日至今天之间，请核对。"
        yield Reason("searched_on", message, "《条例》§36（四）", "search_record")


def _size_reasons(decision: Decision) -> Iterable[Reason]:
    for name, label in LABELS.items():
        value = getattr(decision, name)
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            message = f"“{label}”有 {len(value)} 个字，最多 {LONGEST_TEXT} 个字；较长的内容请作为附件。"
            yield Reason("too_long", message, field=name)
        if isinstance(value, tuple) and len(value) > LONGEST_LIST:
            yield Reason("too_many", f"“{label}”最多 {LONGEST_LIST} 项，请合并后填写。", field=name)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in parts.netloc and not any(map(str.isspace, text))
