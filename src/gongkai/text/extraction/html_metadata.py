"""What a page says about itself: its `<meta>` elements, and the table of facts printed above the article.

The names of the `<meta>` elements are those of 《政府网站发展指引》 (国办发〔2017〕47号) annex 2; sites vary in case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html as lxml_html

from gongkai.text.extraction.markup import tidy

META_NAMES = (
    "SiteName",
    "SiteDomain",
    "SiteIDCode",
    "ColumnName",
    "ColumnDescription",
    "ColumnKeywords",
    "ColumnType",
    "ArticleTitle",
    "PubDate",
    "ContentSource",
    "Keywords",
    "Author",
    "Description",
    "Image",
    "Url",
    "FirstPublishedTime",
)
_ALIASES = {name.lower(): name for name in META_NAMES} | {
    "og:title": "ArticleTitle",
    "og:description": "Description",
    "og:image": "Image",
    "og:url": "Url",
    "og:site_name": "SiteName",
    "article:published_time": "PubDate",
    "article:author": "Author",
    "publishdate": "PubDate",
    "source": "ContentSource",
}
META_TITLES = ("ArticleTitle", "名称", "标题", "信息名称", "公文名称")

_LABELS = (
    "索引号",
    "组配分类",
    "发布机构",
    "发文机关",
    "发文机构",
    "发布机关",
    "制发机关",
    "主题分类",
    "体裁分类",
    "信息分类",
    "公文种类",
    "服务对象分类",
    "生命周期分类",
    "分类",
    "名称",
    "标题",
    "信息名称",
    "公文名称",
    "文号",
    "发文字号",
    "发文文号",
    "统一编号",
    "生成日期",
    "成文日期",
    "发文日期",
    "发布日期",
    "发布时间",
    "发表时间",
    "公开日期",
    "有效性",
    "效力状态",
    "文件状态",
    "生效时间",
    "生效日期",
    "实施日期",
    "废止时间",
    "废止日期",
    "失效时间",
    "失效日期",
    "关键词",
    "主题词",
    "内容概述",
    "公开方式",
    "公开范围",
    "咨询机构",
    "咨询电话",
    "信息来源",
    "来源",
)
# They end a value on a line of facts but are none themselves.
_ENDS = (
    "浏览次数",
    "浏览量",
    "点击数",
    "点击量",
    "点击率",
    "访问量",
    "阅读次数",
    "字体",
    "字号",
    "分享到",
    "打印",
    "收藏",
    "视力保护色",
)
_SPACED = {label: r"\s*".join(label) for label in (*_LABELS, *_ENDS)}
_LABEL = re.compile(
    r"(?:^|(?<=[\s　|【\[]))("
    + "|".join(_SPACED[name] for name in sorted(_SPACED, key=len, reverse=True))
    + r")\s*[】\]]?\s*[:：]"
)
_BARE = re.compile(
    r"^[【\[]?\s*(" + "|".join(_SPACED[name] for name in sorted(_LABELS, key=len, reverse=True)) + r")\s*[】\]]?$"
)
# What follows a value on the same line: a counter, a button, or a label this list does not know.
_CUT = re.compile(
    r"\s*[【\[]?\s*(?:"
    + "|".join(_ENDS)
    + r")\b.*$|\s*[|｜].*$|\s+(?:浏览|阅读|点击|访问).*$|\s+[\u4e00-\u9fff]{2,6}\s*[:：].*$"
)
_BLOCKS = frozenset(
    {
        "p",
        "div",
        "td",
        "th",
        "tr",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "table",
        "tbody",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "section",
    }
)
_ROWS = frozenset({"tr", "dl", "li", "ul"})
_LONGEST = 300
_OWN_TABLE = 4


def meta_tags(root: lxml_html.HtmlElement) -> dict[str, str]:
    """The `<meta>` elements of the standard set, by their standard names; the first one with content counts."""
    found: dict[str, str] = {}
    standard: set[str] = set()
    for element in root.iter("meta"):
        key = (element.get("name") or element.get("property") or element.get("itemprop") or "").strip().lower()
        name, value = _ALIASES.get(key), tidy(element.get("content") or "")
        if not name or not value:
            continue
        is_standard = key == name.lower()
        # og: elements are often the site's, not the article's; the standard names win wherever they stand.
        if name not in found or (is_standard and name not in standard):
            found[name] = value
        if is_standard:
            standard.add(name)
    return found


def printed_metadata(body: lxml_html.HtmlElement, main: lxml_html.HtmlElement) -> dict[str, str]:
    """Label and value of the facts printed on the page, outside the article (`main`).

    A table of facts that the site keeps inside the article's element is read too, and taken out of the article. Pages
    print the table twice, for wide and narrow screens: the first non-empty value counts. Labels stay as printed.
    """
    found: dict[str, str] = {}
    if main is not body:
        _collect(_blocks(body, skip=main), found)
    for table in list(main.iter("table", "ul", "dl")):
        own: dict[str, str] = {}
        _collect(_blocks(table, skip=None), own)
        if len(own) >= _OWN_TABLE and table.getparent() is not None:
            for label, value in own.items():
                found.setdefault(label, value)
            if table is not main:
                table.drop_tree()
    return found


def _collect(blocks: Iterator[tuple[lxml_html.HtmlElement, str]], found: dict[str, str]) -> None:
    """Read label and value pairs off the blocks, in their order."""
    waiting, row = "", None
    for element, text in blocks:
        bare = _BARE.match(text) if element.tag in ("td", "th", "dt", "span", "div", "li") else None
        labels = list(_LABEL.finditer(text)) if len(text) <= _LONGEST else []
        if bare or labels:
            waiting = ""
        elif waiting:
            if _row(element) is row and len(text) <= _LONGEST:
                _keep(found, waiting, text)
            waiting = ""
            continue
        if bare:
            waiting, row = _plain(bare.group(1)), _row(element)
        for index, label in enumerate(labels):
            end = labels[index + 1].start() if index + 1 < len(labels) else len(text)
            value = _CUT.sub("", text[label.end() : end].strip(" |｜【[")).strip()
            if value:
                _keep(found, _plain(label.group(1)), value)
            elif index + 1 == len(labels):
                waiting, row = _plain(label.group(1)), _row(element)


def _keep(found: dict[str, str], label: str, value: str) -> None:
    if value and value not in ("-", "--", "—") and label in _LABELS:
        found.setdefault(label, value)


def _plain(label: str) -> str:
    return "".join(label.split())


def _row(element: lxml_html.HtmlElement) -> lxml_html.HtmlElement | None:
    """What a label and its value share: the table row or list they stand in, else their parent."""
    for ancestor in element.iterancestors():
        if ancestor.tag in _ROWS:
            return ancestor
    return element.getparent()


def _blocks(
    root: lxml_html.HtmlElement, skip: lxml_html.HtmlElement | None
) -> Iterator[tuple[lxml_html.HtmlElement, str]]:
    """The runs of text between block boundaries, each with the block element it stands in; empty runs are left out."""
    buffer: list[str] = []
    stack = [(root, False)]
    owner = root
    while stack:
        element, closing = stack.pop()
        is_block = element.tag in _BLOCKS
        if is_block and (text := tidy("".join(buffer))):
            yield owner, text
        if is_block:
            buffer.clear()
        if closing:
            owner = element.getparent() if is_block and element is not root else owner
            if element is not root:
                buffer.append(element.tail or "")
            continue
        if is_block:
            owner = element
        stack.append((element, True))
        if element is skip or not isinstance(element.tag, str):
            continue
        buffer.append(element.text or "")
        stack.extend((child, False) for child in reversed(element))
    if text := tidy("".join(buffer)):
        yield owner, text
