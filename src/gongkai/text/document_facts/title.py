"""标题: the document's own title, from the last complete title of the head, a file name, or the words of enactment."""

from __future__ import annotations

import re

from gongkai.rules.document_number import Found, find_all
from gongkai.text.document_facts.agency_names import split_agencies, squeeze
from gongkai.text.document_facts.facts import Fact
from gongkai.text.document_facts.layout import Layout, Line

_KIND = (
    r"通知|通告|通报|公告|决定|决议|批复|复函|意见|函|办法|方案|公示|启事|规定|命令|令|报告|请示|议案|纪要|公报|条例|细则|规则|规划|计划|"
    r"纲要|指南|指引|清单|目录|措施|预案|制度|标准|规范|要点|解读|解答|答复|总结|情况|名单|通讯|说明|政策|规程|流程|章程|标准及待遇|倡议书|一览表|汇总表|合同|责任书"
)
_ENDS_TITLE = re.compile(rf"(?:{_KIND})(?:[（(][^（）()]{{1,24}}[）)])*\Z")
_FURNITURE = re.compile(
    r"首页|当前位置|所在的?位置|字体|字号[：:]|浏览|打印|分享|收藏|来源[：:]|发布(?:日期|时间|机构)|索引号|信息来源|点击|关注|文件下载|视力保护|"
    r"音频解读|文字解读|政策解读[：:]|^[-\s]+$|-->|^编号|^第?\d+期$|门户网站|^(?:主题|关键词|有效性|生成日期|成文日期|文\s*号|发文字号|名\s*称|分\s*类)"
)
_RED_HEAD = re.compile(r"\A(?!.*关于).{2,40}文\s*件\Z")
_FORMAL_END = re.compile(r"(?:通知|通告|通报|公告|决定|决议|批复|意见|函|命令|报告|请示|议案|纪要|公报)\Z")
_NO_TITLE = re.compile(
    r"\A(?:附件|目\s*录\Z|[（(][^）)]*\d{4}\s*年|[一二三四五六七八九十]{1,3}[、.．]|[0-9０-９]{1,2}[、.．\s]|第[一二三四五六七八九十百]+[章条节]|编号|[（(][一二三四五六七八九十]+[）)])|[：:]\Z"
)
_FILE_NAME = re.compile(r"([^\s/\\]{6,200}?)(?:[(（]\d{1,2}[)）])?\.(?:docx?|pdf|wps|ofd|zip)\Z", re.IGNORECASE)
_EXTENSION = re.compile(r"\.(?:docx?|pdf|wps|ofd|zip)\Z", re.IGNORECASE)
_ENACTED = re.compile(
    r"《(?P<title>[^\n]{4,150}?)》(?:已经|已由|业经|经)[^《》\n]{2,80}?(?P<how>(?:现予(?:以)?(?:公布|发布))|现将?(?:其)?(?:印发|转发)|现印发)"
)
_FORWARDED = re.compile(
    r"(?:现将|现把)(?:修订后的|新修订的)?《(?P<title>[^\n]{4,150}?)》(?:（[^（）]{1,40}）)?(?:印发|发)给"
)
_OWN_NUMBER_TAIL = re.compile(r"[\s（(〔\[]*\Z")


def own_title(parts: Layout, given: str) -> Fact | None:
    """The title: the given one, else from the text."""
    cleaned = clean(given)
    if cleaned:
        return Fact(cleaned, 0.99, "给定的标题")
    return _from_head(parts) or _from_file_name(parts) or _from_enactment(parts)


def clean(title: str) -> str:
    """A title on one line, without stray blanks, a leading 「标题：」 or （转载） and its own number at the end."""
    text = re.sub(r"[\u200b-\u200d\ufeff]", "", title).strip()
    text = re.sub(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])|\s*\n\s*", _joint, text)
    text = re.sub(r"\A(?:标题[：:]\s*|[（(]转载[）)]\s*)", "", text)
    return _without_number(re.sub(r"\s{2,}", " ", text)).strip()


def _joint(match: re.Match[str]) -> str:
    """Nothing where a line was broken; one blank between two issuing bodies, where it belongs to the title."""
    before, after = match.string[: match.start()], match.string[match.end() :]
    bodies = re.match(r"[^《》，。\s]{2,40}", after)
    return (
        " "
        if split_agencies(before.split()[-1]) and bodies and "关于" in after[:80] and not after.startswith("关于")
        else ""
    )


def _without_number(title: str) -> str:
    """The title without its own number behind it, as some portals join them."""
    for number in find_all(title):
        if re.fullmatch(r"[\s）)〕\]]*", title[number.end :]) and not title[: number.start].rstrip("（( ").endswith(
            "》"
        ):
            return _OWN_NUMBER_TAIL.sub("", title[: number.start])
    return title


def _from_head(parts: Layout) -> Fact | None:
    """Go up from the addressees: skip numbers and furniture, join broken lines up to where the title begins."""
    lines = [line for line in parts.head if not _NO_TITLE.search(line.text)]
    while lines and (_is_number_line(parts, lines[-1]) or _FURNITURE.search(lines[-1].text)):
        lines.pop()
    if not parts.has_addressees:
        while len(lines) > 1 and not _ends_title(parts, lines[-1]) and any(_ends_title(parts, line) for line in lines):
            lines.pop()
        if lines and not _ends_title(parts, lines[-1]):
            lines = [line for line in lines if not _FURNITURE.search(line.text)][:1]
    if not lines:
        return None
    first = last = lines.pop()
    text = clean(_without_own_number(parts, last))
    while lines and _continues(lines, text, parts):
        first = lines.pop()
        text = clean(_without_own_number(parts, first) + "\n" + text)
    if not 5 <= len(text) <= 200 or (not parts.has_addressees and not _ENDS_TITLE.search(text) and len(text) < 8):
        return None
    complete = _ENDS_TITLE.search(text) is not None
    confidence = (
        0.97 if complete and "关于" in text else 0.9 if complete and parts.has_addressees else 0.85 if complete else 0.6
    )
    place = f"正文首部第{first.number}行" if first is last else f"正文首部第{first.number}至{last.number}行"
    return Fact(text, confidence, place)


def _ends_title(parts: Layout, line: Line) -> bool:
    return _ENDS_TITLE.search(clean(_without_own_number(parts, line))) is not None


def _continues(above: list[Line], below: str, parts: Layout) -> bool:
    """Whether the last line of ``above`` is an upper part of the title that goes on with ``below``."""
    line = above[-1]
    text = line.text
    if _is_number_line(parts, line) or _FURNITURE.search(text) or _RED_HEAD.match(squeeze(text)) or len(text) > 60:
        return False
    if re.search(r"[。；：:!！？?]\Z|\d{4}年\d+月\d+日|\A[\d\s\-–—:.A-Z]+\Z", text) or squeeze(text) in squeeze(below):
        return False
    if split_agencies(text):
        return below.startswith(("关于", "印发", "转发", "批转")) or _starts_with_agency(below)
    begins_amid = below.startswith(("关于", "印发", "的")) or below.count("》") > below.count("《")
    if begins_amid or text.count("《") > text.count("》"):
        return True
    if "关于" in below or _FORMAL_END.search(text):
        return False
    return any("关于" in upper.text and not _FORMAL_END.search(upper.text) for upper in above[-3:])


def _starts_with_agency(text: str) -> bool:
    head = re.match(r"([^《》，。]{2,120}?)(?:关于|印发|转发)", text)
    return head is not None and bool(split_agencies(head[1]))


def _is_number_line(parts: Layout, line: Line) -> bool:
    text = re.sub(r"\A(?:文\s*号|发文字号)[：:]\s*", "", line.text).strip("（()）〔〕[] ")
    return any(
        number.start >= line.start and number.end <= line.end and squeeze(number.raw) == squeeze(text)
        for number in parts.numbers
    )


def _without_own_number(parts: Layout, line: Line) -> str:
    number = _number_in(parts, line)
    if number is not None and number.start == line.start:
        return parts.text[number.end : line.end].strip("）) ")
    if number is not None and number.end >= line.end - 1:
        before = parts.text[line.start : number.start].rstrip("（( ")
        return before if not before.endswith("》") else line.text
    return line.text


def _number_in(parts: Layout, line: Line) -> Found | None:
    return next((number for number in parts.numbers if line.start <= number.start < line.end), None)


def _from_file_name(parts: Layout) -> Fact | None:
    """A file the page offers under the document's own name, at the end of the text."""
    for line in parts.lines[-6:]:
        match = _FILE_NAME.search(line.text[-220:]) if _EXTENSION.search(line.text[-5:]) else None
        if match is None or re.match(r"附件|\d", match[1]):
            continue
        numbers = find_all(match[1])
        stem = match[1][numbers[0].end :] if numbers and numbers[0].start == 0 else match[1]
        stem = clean(stem)
        if "关于" in stem and _ENDS_TITLE.search(stem):
            return Fact(stem, 0.8, f"文末所附文件名（第{line.number}行）")
    return None


def _from_enactment(parts: Layout) -> Fact | None:
    """《X》已经…通过，现予公布 names the document; 《X》已经…同意，现印发给你们 lets its title be put together."""
    opening = parts.text[parts.body_start : parts.body_start + 500]
    enacted = _ENACTED.search(opening)
    if enacted is not None and "印发" not in enacted["how"] and "转发" not in enacted["how"]:
        return Fact(clean(_outer_marks(enacted["title"])), 0.85, "公布令首句")
    handed_on = enacted or _FORWARDED.search(opening)
    if handed_on is None:
        return None
    signature = " ".join(parts.closing.agencies) if parts.closing else ""
    return Fact(f"{signature}关于印发《{clean(handed_on['title'])}》的通知", 0.5, "据正文首段和落款推定")


def _outer_marks(inner: str) -> str:
    """Inner marks 〈〉 become 《》 again when the title stands by itself."""
    return inner.replace("〈", "《").replace("〉", "》") if "《" not in inner else inner
