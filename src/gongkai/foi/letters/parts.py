"""Parts of a letter that are made from the file: tables, quoted articles, the request, the slip to answer on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from gongkai.documents.characters import clean
from gongkai.documents.model import Align, AttachmentMark, Block, Cell, Paragraph, Run, Runs, Table
from gongkai.foi.letters.facts import LetterFacts
from gongkai.foi.letters.values import fee_amount, values_of
from gongkai.rules.days import chinese_date
from gongkai.rules.legal_grounds import legal_grounds, quoted
from gongkai.rules.letter_types import received_ways
from gongkai.rules.processing_fee import fee_lines

SLIP_TITLE = "征求意见回执"
_EMPTY_LINES = 2
OPEN_LINE = "\u3000"
"""A line of a form that is left open."""


def paragraph(text: str, *, align: Align = Align.START, indent: bool = True) -> Paragraph:
    """A paragraph of plain text."""
    return Paragraph((Run(text),), align, indent)


def block(name: str, letter: LetterFacts) -> Iterable[Block]:
    """The blocks of the part `name` of `letter_types.BLOCKS`. Raises `KeyError` for an unknown name."""
    return _MAKERS[name](letter)


def lines_of(text: str) -> list[str]:
    """The paragraphs of somebody's text, printable."""
    found = (clean(line).strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return [line for line in found if line]


def table(rows: Sequence[Sequence[str]], *, header: bool = True, labels: bool = False) -> Table:
    """A table of texts; `header`: the first row is one, `labels`: the first column is one. A line feed in a cell parts paragraphs."""
    cells = tuple(
        Cell(row, column, 1, 1, _paragraphs(text), (header and row == 0) or (labels and column == 0), _side(text, column, labels=labels))
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    )  # fmt: skip
    return Table(len(rows), len(rows[0]), 1 if header and len(rows) > 1 else 0, cells)


def _side(text: str, column: int, *, labels: bool) -> Align | None:
    return Align.START if column and (labels or len(text) > 12 or "\n" in text) else None


def _paragraphs(text: str) -> tuple[Runs, ...]:
    return tuple((Run(clean(line) or OPEN_LINE),) for line in text.split("\n")) if text else ()


def _facts(rows: Iterable[Sequence[str]]) -> Iterable[Block]:
    """A table of labels and facts; what is not known is left out."""
    known = [[label, str(text)] for label, text in rows if text]
    if known:
        yield table(known, header=False, labels=True)


def _request(letter: LetterFacts) -> Iterable[Block]:
    """The applicant's words in quotation marks, paragraph by paragraph."""
    lines = lines_of(letter.request_text)
    for index, line in enumerate(lines):
        end = "”" if index == len(lines) - 1 else ""
        yield paragraph(f"“{line}{end}" if index == 0 else f"{line}{end}")


def _grounds(letter: LetterFacts) -> Iterable[Block]:
    if letter.reply is None:
        return
    severed = (part.ground for part in letter.reply.severed)
    known = legal_grounds()
    codes = [code for code in (*letter.reply.grounds, *severed) if code in known]
    yield from (paragraph(sentence) for sentence in quoted(codes))


def _severed(letter: LetterFacts) -> Iterable[Block]:
    parts = letter.reply.severed if letter.reply else ()
    known = legal_grounds()
    rows = [
        [str(number), "\n".join(lines_of(part.what)), f"{known[part.ground].citation}\n（{known[part.ground].label}）"]
        for number, part in enumerate(parts, start=1)
        if part.ground in known
    ]
    if rows:
        yield table([["序号", "不予公开的内容", "法律依据"], *rows])


def _search(letter: LetterFacts) -> Iterable[Block]:
    record = letter.reply.search_record if letter.reply else None
    if record is None:
        return
    words = "、".join(f"“{line}”" for word in record.keywords for line in lines_of(word))
    rows = [
        ["检索范围", "\n".join(lines_of(record.scope))],
        ["检索方式", "\n".join(lines_of(record.method))],
        ["检索词", words],
        ["检索日期", chinese_date(record.searched_on) if record.searched_on else ""],
    ]
    yield paragraph("本机关对申请公开的信息进行了检索，检索情况如下：")
    yield table(rows, header=False, labels=True)


def _receipt(letter: LetterFacts) -> Iterable[Block]:
    values, way = values_of(letter), received_ways().get(letter.received_way)
    rows = [
        ["登记编号", values["registration"]],
        ["申请人", values["applicant"]],
        ["申请内容", "\n".join(lines_of(letter.request_text))],
        ["提交方式", way.label if way else ""],
        ["收到申请之日", values["received"]],
        ["日期的确定", way.basis if way else ""],
        ["答复期限", f"{values['due']}{'（暂定）' if letter.due_provisional else ''}" if values["due"] else ""],
        ["查询码", values["query_code"]],
    ]
    yield from _facts(rows)


def _fee(letter: LetterFacts) -> Iterable[Block]:
    if letter.fee is None or not letter.fee.sound:
        return
    unit = "件" if letter.fee.kind == "items" else "页"
    rows = [
        [f"第{_span(line.first, line.last)}{unit}", str(line.count), str(line.each), str(line.amount)]
        for line in fee_lines(letter.fee.kind, letter.fee.count, letter.fee.before)
    ]
    head = [f"{unit}数区间", f"{unit}数", f"单价（元/{unit}）", "金额（元）"]
    yield table([head, *rows, ["合计", str(letter.fee.count), "—", str(fee_amount(letter.fee))]])


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}—{last}"


def _assignment(letter: LetterFacts) -> Iterable[Block]:
    values = values_of(letter)
    rows = [
        ["登记编号", values["registration"]],
        ["申请人", values["applicant"]],
        ["收到申请之日", values["received"]],
        ["法定答复期限", values["due"]],
        ["内部办理期限", values["deadline"]],
    ]
    yield from _facts(rows)


def _supervision(letter: LetterFacts) -> Iterable[Block]:
    values = values_of(letter)
    rows = [
        ["登记编号", values["registration"]],
        ["收到申请之日", values["received"]],
        ["法定答复期限", values["due"]],
        ["申请内容", "\n".join(lines_of(letter.request_text))],
    ]
    yield from _facts(rows)


def _service(letter: LetterFacts) -> Iterable[Block]:
    """A form to sign on paper: what is known is filled in, the rest stays open."""
    values = values_of(letter)
    open_space = "\n" * (_EMPTY_LINES - 1)
    day = "　　年　　月　　日"
    rows = [
        ["登记编号", values["registration"]],
        ["受送达人", letter.recipient],
        ["送达的文书\n（名称、文号）", values["served_documents"]],
        ["送达方式", values["service_way"]],
        ["送达地点", values["service_place"]],
        ["送达人\n（签名）", f"{open_space}{day}"],
        ["受送达人签收\n（签名或者盖章）", f"{open_space}{day}"],
        ["代收人签收\n（写明关系）", f"{open_space}{day}"],
        ["拒收事由\n和见证人", ""],
        ["备注", ""],
    ]
    yield table([[label, str(text)] for label, text in rows], header=False, labels=True)


def _slip(letter: LetterFacts) -> Iterable[Block]:
    """The slip to answer on, on a page of its own."""
    yield AttachmentMark("附件", SLIP_TITLE)
    yield paragraph(f"{letter.agency.name}：", indent=False)
    number = values_of(letter)["registration"]
    yield paragraph(f"你单位的征求意见书（函）（登记编号：{number}）收悉。对所列信息是否公开，意见如下：")
    rows = [
        ["意见（请选一项）", "□ 同意公开\n□ 同意公开其中一部分（请写明可以公开的部分）\n□ 不同意公开"],
        ["可以公开的部分", "\n"],
        ["不同意公开的理由\n（可以附材料）", "\n" * (_EMPTY_LINES + 1)],
        ["联系人和联系电话", ""],
        ["签名或者盖章", f"{chr(10)}　　年　　月　　日"],
    ]
    yield table(rows, header=False, labels=True)


_MAKERS: Mapping[str, Callable[[LetterFacts], Iterable[Block]]] = {
    "assignment": _assignment,
    "fee": _fee,
    "grounds": _grounds,
    "opinion_slip": _slip,
    "receipt": _receipt,
    "request": _request,
    "search": _search,
    "service": _service,
    "severed": _severed,
    "supervision": _supervision,
}
