"""What a letter still lacks before it may be signed."""

from __future__ import annotations

from collections.abc import Iterable

from gongkai.foi.letters.facts import LetterFacts
from gongkai.foi.letters.remedy import letter_remedy
from gongkai.foi.letters.values import NEEDED, filled, values_of
from gongkai.rules.decision import LABELS
from gongkai.rules.legal_grounds import legal_grounds
from gongkai.rules.letter_types import LONGEST_PARAGRAPHS, LetterRemedy, letter_types, received_ways
from gongkai.rules.reasons import Reason, Refused


def letter_reasons(letter: LetterFacts) -> list[Reason]:
    """Everything that is missing or wrong, at once; an empty list: `compose` will print it.

    Whether the decision itself is complete and allowed is another question (`rules.decisions.decision_reasons`).
    """
    if letter.letter not in letter_types():
        return [Reason("letter", "没有这种文书，请重新选择。", field="letter")]
    return [
        *_decision_reasons(letter),
        *_field_reasons(letter),
        *_fact_reasons(letter),
        *_remedy_reasons(letter),
    ]


def _decision_reasons(letter: LetterFacts) -> Iterable[Reason]:
    kind = letter.type
    if kind.remedy in (LetterRemedy.OUTCOME, LetterRemedy.CASE) and letter.decision is None:
        yield Reason("decision", f"“{kind.label}”需要先有答复。", "《条例》§36", "decision")
    if letter.reply is None:
        return
    if letter.reply.letter != letter.letter:
        yield Reason("letter", "文书与答复中选择的文书不一致，请重新选择。", "《条例》§36", "letter")
    known = legal_grounds()
    codes = (*letter.reply.grounds, *(part.ground for part in letter.reply.severed))
    if any(code not in known for code in codes):
        yield Reason("ground_unknown", "所选的法律依据有的已经不存在，请重新选择。", "", "grounds")


def _field_reasons(letter: LetterFacts) -> Iterable[Reason]:
    kind = letter.type
    for one in kind.fields:
        if one.required and not filled(letter, one.name):
            yield Reason("missing_field", f"请填写{one.label}。", kind.articles[0], one.name)
        own = letter.reply is not None and one.name in LABELS
        text = getattr(letter.reply, one.name) if own else letter.fields.get(one.name, "")
        if isinstance(text, str) and len(text) > one.longest:
            message = f"“{one.label}”有 {len(text)} 个字，最多 {one.longest} 个字，请精简，或者作为附件。"
            yield Reason("too_long", message, field=one.name)
    for name in letter.fields:
        if name not in kind.editable:
            yield Reason("unknown_field", f"“{kind.label}”没有名为“{name}”的内容，请删去。", field=name)
    for name, label, longest in _LONGEST:
        if len(getattr(letter, name)) > longest:
            yield Reason("too_long", f"“{label}”最多 {longest} 个字，请精简。", field=name)
    if kind.results and letter.result not in kind.results:
        yield Reason("result", "请选择处理结果。", kind.articles[0], "result")
    yield from _variant_reasons(letter)


_LONGEST = (
    ("recipient", "收件人", 100),
    ("applicant", "申请人", 100),
    ("registration_number", "登记编号", 60),
    ("document_number", "文号", 60),
    ("notice_number", "通知的文号", 60),
    ("due_derivation", "期限的计算", 500),
    ("request_text", "申请公开的内容", LONGEST_PARAGRAPHS),
)


def _variant_reasons(letter: LetterFacts) -> Iterable[Reason]:
    """A variant's own fields are required once it is chosen."""
    values = values_of(letter)
    labels = {one.name: one.label for one in letter.type.fields}
    for passage in letter.type.body:
        if letter.result and passage.when == f"result={letter.result}":
            for name in sorted(passage.names & set(labels)):
                if not values[name]:
                    yield Reason("missing_field", f"请填写{labels[name]}。", letter.type.articles[0], name)


def _fact_reasons(letter: LetterFacts) -> Iterable[Reason]:
    kind, values = letter.type, values_of(letter)
    used = {name for passage in kind.body if not passage.when for name in passage.names}
    used |= {"registration", "applicant"} if any(one.block == "receipt" for one in kind.body) else set()
    for name in sorted((used & set(NEEDED)) | (set(kind.needs) - {"result"})):
        if not values[name] and not (name == "fee" and letter.fee):
            yield Reason(
                "missing_fact", f"缺少{NEEDED[name]}，不能制作“{kind.label}”，请补充。", kind.articles[0], name
            )
    if letter.received_way and letter.received_way not in received_ways():
        yield Reason("received_way", "没有这种提交方式，请重新选择。", "《条例》§31", "received_way")
    if any(one.block == "request" for one in kind.body) and not letter.request_text.strip():
        yield Reason("missing_fact", "缺少申请公开的内容，请补充。", "《条例》§29", "request_text")
    if not letter.agency.name.strip():
        yield Reason("missing_fact", "缺少本机关名称，请补充。", "《条例》§4", "agency")
    if kind.addressed and not letter.recipient.strip():
        yield Reason("missing_fact", "请填写收件人。", kind.articles[0], "recipient")
    if kind.mark and not letter.document_number.strip():
        yield Reason("document_number", "请编定文号。", "GB/T 9704—2012 7.2.5", "document_number")
    if letter.decided_on is None:
        yield Reason("decided_on", "请填写成文日期。", "GB/T 9704—2012 7.3.5", "decided_on")
    if letter.extension_days and not 1 <= letter.extension_days <= 20:
        yield Reason("extension_days", "延长的期限最长不得超过20个工作日。", "《条例》§33", "extension_days")
    if letter.fee and not letter.fee.sound:
        message = "收费的件数、页数应当是正整数；按量计收的，每件答复单独计算。"
        yield Reason("fee", message, "国办函〔2020〕109号第三条", "fee")


def _remedy_reasons(letter: LetterFacts) -> Iterable[Reason]:
    if letter.decided_on is None:
        return
    try:
        letter_remedy(letter)
    except Refused as refused:
        yield from (one for one in refused.reasons if one.code != "outcome" or letter.decision is not None)
    except KeyError:
        return  # an unknown ground has its own reason
