"""From the facts to the document: passages chosen, blanks filled, remedy, 附件说明, 署名 and 附注 in their places (GB/T 9704-2012 7.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gongkai.documents import OfficialDocument
from gongkai.documents.characters import clean
from gongkai.documents.model import AttachmentMark, AttachmentNote, Block, Heading, Run, Signature, SignatureNote
from gongkai.foi.letters.facts import AgencyFacts, LetterFacts
from gongkai.foi.letters.parts import SLIP_TITLE, block, paragraph
from gongkai.foi.letters.reasons import letter_reasons
from gongkai.foi.letters.remedy import letter_remedy
from gongkai.foi.letters.values import NEEDED, Blank, values_of
from gongkai.rules.days import chinese_date
from gongkai.rules.letter_types import LetterRemedy, Passage, letter_types
from gongkai.rules.reasons import Refused

_OPEN_BLOCKS = {
    "request": "申请公开的内容",
    "grounds": "法律依据",
    "severed": "不予公开的部分",
    "search": "检索记录",
    "receipt": "登记事项",
    "fee": "收费的件数或者页数",
}
REMEDY_OPEN = "〔救济告知在签发时按成文日期确定〕"


def compose(letter: LetterFacts, *, draft: bool = False) -> OfficialDocument:
    """The letter, ready for `render_pdf`, `render_docx` and `to_text`; laid out for a seal to be set by hand.

    `draft`: print what there is; open blanks stand as 〔待填写：…〕. Otherwise raises `Refused` with everything of `letter_reasons`.
    An unknown letter is refused either way.
    """
    reasons = letter_reasons(letter)
    if reasons and not (draft and letter.letter in letter_types()):
        raise Refused(reasons)
    kind = letter.type
    values = values_of(letter)
    if draft:
        values |= _open_blanks(letter, values)
    body: list[Block] = []
    slips: list[Block] = []
    for passage in kind.body:
        if _applies(passage, letter, values):
            made = list(_blocks(passage, letter, values))
            if draft and not made and passage.block in _OPEN_BLOCKS:
                made = [paragraph(f"〔待填写：{_OPEN_BLOCKS[passage.block]}〕")]
            (slips if passage.block == "opinion_slip" else body).extend(made)
    body += [paragraph(text) for text in _remedy(letter, draft=draft)]
    names = [name for name in (clean(one).strip() for one in letter.attachments) if name]
    names += [SLIP_TITLE] if slips else []
    if names:
        body.append(AttachmentNote(tuple(names)))
    if kind.signed:
        body += [_signature(letter), *_contact(letter.agency)]
    return OfficialDocument(
        title=f"{clean(letter.agency.name).strip()}{kind.title}",
        document_number=letter.document_number,
        document_date=letter.decided_on,
        recipients=letter.recipient if kind.addressed else "",
        seal=True,
        sample=letter.sample,
        blocks=(*body, *_labelled(slips, len(names))),
    )


def _applies(passage: Passage, letter: LetterFacts, values: Mapping[str, Blank]) -> bool:
    condition = passage.when
    if not condition:
        return True
    name, _, wanted = condition.removeprefix("!").partition("=")
    if name == "outcome":
        return letter.reply is not None and letter.reply.outcome == wanted
    if wanted:
        return values[name] == wanted
    return bool(values[name]) is not condition.startswith("!")


def _blocks(passage: Passage, letter: LetterFacts, values: Mapping[str, Blank]) -> Iterable[Block]:
    if passage.block:
        yield from block(passage.block, letter)
        return
    text = passage.text.format_map(values)
    if passage.heading:
        yield Heading(1, (Run(text, level=1),))
        return
    yield from (paragraph(line) for line in text.split("\n") if line.strip())


def _open_blanks(letter: LetterFacts, values: Mapping[str, Blank]) -> dict[str, Blank]:
    """〔待填写：…〕 for what is missing and stands in a passage that is printed in any case."""
    labels = {**NEEDED, **{one.name: one.label for one in letter.type.fields}}
    needed = {name for passage in letter.type.body if not passage.when for name in passage.names}
    return {
        name: Blank(f"〔待填写：{labels[name]}〕")
        for name in needed
        if name in labels and name in values and not values[name]
    }


def _remedy(letter: LetterFacts, *, draft: bool) -> tuple[str, ...]:
    if letter.type.remedy is LetterRemedy.NONE:
        return ()
    try:
        return letter_remedy(letter).paragraphs
    except (Refused, KeyError):
        if draft:
            return (REMEDY_OPEN,)
        raise


def _signature(letter: LetterFacts) -> Signature:
    name = clean(letter.agency.seal_name or letter.agency.name).strip()
    return Signature((name,), chinese_date(letter.decided_on) if letter.decided_on else "")


def _contact(agency: AgencyFacts) -> Iterable[Block]:
    """附注 below the date: whom to ask."""
    facts = (
        ("联系机构", agency.office),
        ("联系人", agency.contact_person),
        ("联系电话", agency.phone),
        ("地址", agency.address),
    )
    stated = [f"{label}：{clean(text).strip()}" for label, text in facts if text.strip()]
    if stated:
        yield SignatureNote("；".join(stated))


def _labelled(slips: list[Block], names: int) -> Iterable[Block]:
    """The slip under its number in the 附件说明, when there are several attachments."""
    for one in slips:
        yield AttachmentMark(f"附件{names}", one.title) if isinstance(one, AttachmentMark) and names > 1 else one
