"""Pages of government sites: what they say about themselves, and the article without the page around it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin

from lxml import etree
from lxml import html as lxml_html

from gongkai.text.extraction.contract import Code, Extracted, Unreadable
from gongkai.text.extraction.html_main import drop_furniture, drop_hidden, main_content
from gongkai.text.extraction.html_metadata import META_TITLES, meta_tags, printed_metadata
from gongkai.text.extraction.html_render import Block, render
from gongkai.text.extraction.limits import Limits
from gongkai.text.extraction.markup import sanitise, tidy
from gongkai.text.extraction.plain import BROKEN_WARNING, decode

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:-]{2,20})", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_XML_ENCODING = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9_:-]{2,20})", re.IGNORECASE)
_NOISE = ("script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "select", "button", "textarea")
_SITE_IN_TITLE = re.compile(
    r"\s*(?:[-_|—–]+|>>?)\s*[^-_|—–>]*(?:政府|网站|门户|网|局|厅|委员会|委|办公室|平台)[^-_|—–>]*$"
)
_FURNITURE_LINE = re.compile(
    r"^[【\[（(|\s]*(?:分享(?:到|至|：|$)|一键分享|打印(?:本页|本文|】|\s|$)|关闭(?:窗口|本页|】|\s|$)|收藏(?:本页|】|$)|返回顶部|我要纠错"
    r"|上一[篇条]|下一[篇条]|扫一扫|用微信|微信扫|浏览(?:次数|量)|点击(?:数|量|次数)|访问量|阅读次数|字体?[号体]?(?:大小)?\s*[:：]"
    r"|责任编辑[:：]|编辑[:：]|(?:信息|文章|稿件)?来源\s*[:：]|发[布表](?:时间|日期)\s*[:：]|相关(?:链接|文章|阅读|信息|新闻)\s*[:：]?$"
    r"|【?\s*字体|视力保护色|相关附件$|基本信息$|当前位置|您(?:当前|现在)?(?:所在)?的?位置|纠错|下载文字版|下载图片版)"
)
_EDGE_BLOCKS = 8


def extract_html(path: Path, limits: Limits) -> Extracted:
    """The article of a page. Raises `Unreadable` (damaged) when there is no page in the file."""
    text, _ = decode_html(path.read_bytes())
    return parse_html(text)


def decode_html(data: bytes) -> tuple[str, str]:
    """The characters of a page and their encoding; the page's own declaration counts after BOM and valid UTF-8."""
    head = data[:4096]
    declared = _CHARSET.search(head) or _XML_ENCODING.search(head)
    return decode(data, declared.group(1).decode("ascii") if declared else "")


def parse_html(text: str) -> Extracted:
    """The article, title and metadata of a page given as characters."""
    root = _tree(text)
    metadata = meta_tags(root)
    page_title = tidy(root.findtext(".//title") or "")
    etree.strip_elements(root, *_NOISE, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    body = root.find("body")
    if body is None:
        body = root
    drop_hidden(body)
    main = main_content(body)
    metadata |= {key: value for key, value in printed_metadata(body, main).items() if key not in metadata}
    title = _title(metadata, body, page_title)
    drop_furniture(main)
    base = next((metadata[key] for key in ("Url", "SiteDomain") if metadata.get(key, "").startswith("http")), "")
    blocks = _without_edges(render(main, lambda href: urljoin(base, href) if base else href), title)
    return Extracted(
        kind="html",
        text="\n".join(block.text for block in blocks if block.text),
        html=sanitise("\n".join(block.html for block in blocks)),
        title=title,
        metadata=metadata,
        warnings=(BROKEN_WARNING,) if "\ufffd" in text else (),
    )


def _tree(text: str) -> lxml_html.HtmlElement:
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    clean = _XML_DECLARATION.sub("", text).replace("\0", "")
    try:
        root = lxml_html.document_fromstring(clean.encode("utf-8", errors="replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise _damaged("内容不完整") from error
    # Beyond 2,048 levels the parser gives up in silence; half a page would be worse than none.
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise _damaged("嵌套层次过深")
    return root


def _damaged(why: str) -> Unreadable:
    return Unreadable(Code.DAMAGED, f"网页{why}，无法解析。请用浏览器打开原网页，重新另存为 HTML 后再提交。")


def _title(metadata: dict[str, str], body: lxml_html.HtmlElement, page_title: str) -> str:
    """The title the page states, else its heading, else the title of the window without the name of the site."""
    for key in META_TITLES:
        if metadata.get(key):
            return metadata[key]
    for heading in body.iter("h1", "h2"):
        text = tidy(heading.text_content())
        # Sites put their logo and breadcrumb into h1 too; the article's heading is also part of the window title.
        if len(text) >= 4 and text in page_title:
            return text
    return _SITE_IN_TITLE.sub("", page_title) or page_title


def _without_edges(blocks: list[Block], title: str) -> list[Block]:
    """The blocks without the page furniture and the repeated title that stand before and after the article."""

    def is_furniture(index: int, block: Block) -> bool:
        if not _FURNITURE_LINE.match(block.text) or len(block.text) > 80:
            return False
        return index < _EDGE_BLOCKS or index >= len(blocks) - _EDGE_BLOCKS

    kept = [block for index, block in enumerate(blocks) if not is_furniture(index, block)]
    squeezed = re.sub(r"\s", "", title)
    for index, block in enumerate(kept[:3]):
        if squeezed and re.sub(r"\s", "", block.text) == squeezed:
            return kept[:index] + kept[index + 1 :]
    return kept
