"""Pages of government sites: metadata, title, and the article without the page around it."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from tests.text.extraction.samples import PARAGRAPHS, TITLE

from gongkai.text.extraction import Unreadable, extract
from gongkai.text.extraction.html import decode_html, parse_html

MENU = "".join(
    f"<li><a href='/{i}'>{word}</a></li>" for i, word in enumerate(("首页", "政务公开", "政务服务", "互动交流"))
)
ARTICLE = "".join(f"<p>　　{text}</p>" for text in PARAGRAPHS)
ARTICLE_TEXT = "\n".join(PARAGRAPHS)


def page(body: str, *, head: str = f"<title>{TITLE}-明湖区人民政府网</title>") -> str:
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"


LAYOUTS = [
    ("the content system names the article", f"<ul>{MENU}</ul><div id='zoom'>{ARTICLE}</div><div>主办：明湖区人民政府</div>"),
    ("no name helps, density does", f"<ul>{MENU}</ul><div><div class='x7'>{ARTICLE}</div></div><div>主办：明湖区人民政府</div>"),
    ("the article stands in a layout table", f"<table><tr><td><ul>{MENU}</ul></td><td>{ARTICLE}</td></tr></table>"),
    ("a custom element of one content system", f"<div>{MENU}</div><UCAPCONTENT>{ARTICLE}</UCAPCONTENT>"),
    ("the hinted name is also that of the wrapper", f"<div class='content'><ul>{MENU}</ul><div class='TRS_Editor'>{ARTICLE}</div></div>"),
    ("a search box bears the hinted name", f"<div id='content'>请输入关键词</div><div><div>{ARTICLE}</div></div>"),
    ("title, source line and buttons inside the article", f"""<div class='article-content'><h1>{TITLE}</h1>
        <p>发布时间：2025-09-19 09:30 来源：区政府办 浏览次数：12</p><div class='share'>分享到：微信</div><p>【打印】 【关闭】</p>
        {ARTICLE}<p>上一篇：关于开会的通知</p><p>下一篇：没有了</p></div>"""),
    ("a hidden copy for a reading aid", f"<div class='a'>{ARTICLE}</div><div style='display:none'>{''.join(PARAGRAPHS)}</div>"),
    ("line breaks instead of paragraphs", f"<ul>{MENU}</ul><div id='zoom'>{'<br>　　'.join(PARAGRAPHS)}</div>"),
    ("emphasis across paragraphs", f"<ul>{MENU}</ul><div id='zoom'><b>{ARTICLE}</b></div>"),
    ("Word paste: spans in spans, empty paragraphs", f"<div id='zoom'><p><span> </span></p>{ARTICLE.replace('<p>', '<p><span><font>').replace('</p>', '</font></span></p><p>&nbsp;</p>')}</div>"),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "body"), LAYOUTS, ids=[reason for reason, _ in LAYOUTS])
def test_the_article_is_found_without_the_page_around_it(reason: str, body: str) -> None:
    assert parse_html(page(body)).text == ARTICLE_TEXT, reason


TITLES = [
    ("stated by the page", f"<meta name='ArticleTitle' content='{TITLE}'><title>明湖区政府网</title>", "", TITLE),
    ("in other case", f"<META NAME='articletitle' CONTENT='{TITLE}'>", "", TITLE),
    ("og:title", f"<meta property='og:title' content='{TITLE}'>", "", TITLE),
    ("the standard name wins over og:", f"<meta property='og:title' content='x'><meta name='ArticleTitle' content='{TITLE}'>", "", TITLE),
    ("in the printed table", "<title>信息公开</title>", f"<table><tr><td>名称：</td><td>{TITLE}</td></tr></table>", TITLE),
    ("the heading, not the logo", f"<title>{TITLE}_明湖区人民政府</title>", f"<h1>明湖在线</h1><h1>{TITLE}</h1>", TITLE),
    ("the window title without the site", f"<title>{TITLE}-明湖区人民政府网</title>", "", TITLE),
    ("a window title that is all there is", "<title>仲裁公告</title>", "", "仲裁公告"),
    ("none", "", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "head", "body", "title"), TITLES, ids=[case[0] for case in TITLES])
def test_the_title_is_the_best_that_the_page_offers(reason: str, head: str, body: str, title: str) -> None:
    assert parse_html(page(f"{body}<div id='zoom'>{ARTICLE}</div>", head=head)).title == title, reason


def test_meta_elements_get_their_standard_names() -> None:
    head = """<meta name="SITENAME" content="明湖区人民政府网"><meta name="PubDate" content="2025-09-19 09:30">
        <meta property="og:description" content="摘要"><meta name="Keywords" content=" "><meta name="generator" content="x">
        <meta name="ContentSource" content="区政府办"><meta name="contentsource" content="第二个">"""
    assert parse_html(page(f"<div id='zoom'>{ARTICLE}</div>", head=head)).metadata == {
        "SiteName": "明湖区人民政府网",
        "PubDate": "2025-09-19 09:30",
        "Description": "摘要",
        "ContentSource": "区政府办",
    }


FACTS = {
    "索引号": "11340000MB0000001X/202509-00012",
    "文号": "明政〔2025〕8号",
    "发布日期": "2025-09-19",
    "有效性": "有效",
}
TABLES = [
    ("label and value in two cells", "<table>" + "".join(f"<tr><td>{k}：</td><td>{v}</td></tr>" for k, v in FACTS.items()) + "</table>"),
    ("four cells a row", "<table><tr>" + "".join(f"<th>{k}</th><td>{v}</td>" for k, v in FACTS.items()) + "</tr></table>"),
    ("labels spread with blanks", "<table>" + "".join(f"<tr><td>{'　'.join(k)}：</td><td>{v}</td></tr>" for k, v in FACTS.items()) + "</table>"),
    ("list items", "<ul>" + "".join(f"<li><b>{k}：</b><span>{v}</span></li>" for k, v in FACTS.items()) + "</ul>"),
    ("definition list", "<dl>" + "".join(f"<dt>{k}</dt><dd>{v}</dd>" for k, v in FACTS.items()) + "</dl>"),
    ("one line", "<p>" + " ".join(f"{k}：{v}" for k, v in FACTS.items()) + " 浏览次数：5 字体：大 中 小</p>"),
    ("one line with bars and brackets", "<p>" + " | ".join(f"【{k}】：{v}" for k, v in FACTS.items()) + "</p>"),
    ("twice, for wide and narrow screens", 2 * ("<div>" + "".join(f"<p>{k}：{v}</p>" for k, v in FACTS.items()) + "</div>")),
    ("with an empty field between", "<table><tr><td>主题分类：</td><td></td></tr>" + "".join(f"<tr><td>{k}：</td><td>{v}</td></tr>" for k, v in FACTS.items()) + "<tr><td>关键词：</td><td></td></tr></table><p>【打印】</p>"),
]  # fmt: skip


# Facts on mere lines inside the article are text of the article; only a table or list of them is taken out.
PLACES = [(*case, False) for case in TABLES] + [(*case, True) for case in TABLES if "<p>" not in case[1]]


@pytest.mark.parametrize(("reason", "table", "inside"), PLACES, ids=[f"{case[0]}, {case[2]}" for case in PLACES])
def test_the_printed_facts_are_collected(reason: str, table: str, inside: bool) -> None:
    body = f"<div id='zoom'>{table}{ARTICLE}</div>" if inside else f"{table}<div id='zoom'>{ARTICLE}</div>"
    result = parse_html(page(f"<ul>{MENU}</ul>{body}", head=""))
    assert result.metadata == FACTS, reason
    assert result.text == ARTICLE_TEXT


def test_words_of_the_article_are_no_facts_of_the_page() -> None:
    text = "<p>附件：申请表。</p><p>咨询电话：0558-1234567，文号：另行通知。</p>"
    result = parse_html(page(f"<div id='zoom'>{ARTICLE}{text}</div>", head=""))
    assert result.metadata == {}
    assert "咨询电话：0558-1234567，文号：另行通知。" in result.text


def test_structure_is_kept_and_nothing_dangerous() -> None:
    body = """<div id="zoom"><h1>第一章 总则</h1><h5>小节</h5><p onclick="x()" style="color:red">为了<b>规范</b>管理<i>工作</i>，制定本办法。</p>
        <script>alert(1)</script><img src="x.png" onerror="alert(1)"><iframe src="//x"></iframe>
        <p><a href="javascript:alert(1)">坏</a>，<a href="../a.html">好</a>，<a href="https://x.cn/?a=1&b=2">外</a>。</p>
        <ul><li><p>甲，一</p><p>二</p></li><li>乙</li></ul>
        <table><tr><th rowspan="2" onclick="x">镇</th><th colspan="2">金额</th></tr><tr><td>1 &lt; 2</td><td>两行，<br>文字</td></tr></table></div>"""
    result = parse_html(page(body, head="<meta name='Url' content='https://www.x.gov.cn/b/c.html'>"))
    assert result.html.split("\n") == [
        "<h2>第一章 总则</h2>",
        "<h4>小节</h4>",
        "<p>为了<strong>规范</strong>管理<em>工作</em>，制定本办法。</p>",
        '<p>坏，<a href="https://www.x.gov.cn/a.html">好</a>，<a href="https://x.cn/?a=1&amp;b=2">外</a>。</p>',
        "<ul>",
        "<li>甲，一<br>二</li>",
        "<li>乙</li>",
        "</ul>",
        '<table><tr><th rowspan="2">镇</th><th colspan="2">金额</th></tr>'
        "<tr><td>1 &lt; 2</td><td>两行，<br>文字</td></tr></table>",
    ]
    assert result.text.endswith("镇\t金额\n1 < 2\t两行， 文字")


INLINE = [
    (
        "blanks inside emphasis go to the indent",
        "<p><b>　　第一条</b>　为了</p>",
        "<p><strong>第一条</strong> 为了</p>",
    ),
    ("emphasis split by an editor", "<p><b>第一</b><b>条</b></p>", "<p><strong>第一条</strong></p>"),
    ("emphasis around nothing", "<p>第一条<b> </b><i></i></p>", "<p>第一条</p>"),
    ("breaks at both ends", "<p><br>第一条<br><br></p>", "<p>第一条</p>"),
]


@pytest.mark.parametrize(("reason", "body", "html"), INLINE, ids=[case[0] for case in INLINE])
def test_inline_markup_is_tidied(reason: str, body: str, html: str) -> None:
    assert parse_html(page(body)).html == html, reason


ENCODINGS = [
    ("declared GBK", "<meta http-equiv='Content-Type' content='text/html; charset=gb2312'>", "gbk", "gb18030"),
    ("not declared", "", "gbk", "gb18030"),
    ("declared wrongly", "<meta charset='gbk'>", "utf-8", "utf-8"),
    ("a charset nobody knows", "<meta charset='x-unknown'>", "gb18030", "gb18030"),
    ("UTF-8 with BOM", "<meta charset='gbk'>", "utf-8-sig", "utf-8"),
    ("UTF-16", "", "utf-16", "utf-16"),
]


@pytest.mark.parametrize(("reason", "meta", "written", "read"), ENCODINGS, ids=[case[0] for case in ENCODINGS])
def test_the_encoding_is_found(tmp_path: Path, reason: str, meta: str, written: str, read: str) -> None:
    file = tmp_path / "a.html"
    file.write_bytes(f"<html><head>{meta}</head><body><div id='zoom'>{ARTICLE}</div></body></html>".encode(written))
    assert extract(file).text == ARTICLE_TEXT, reason
    assert decode_html(file.read_bytes())[1] == read


def test_traditional_characters_in_big5_are_told_from_gb18030(tmp_path: Path) -> None:
    text = "為保護群眾生命財產安全，經區政府研究，現就做好秋季防火工作通知如下。各單位主要負責人是本單位防火工作第一責任人。"
    (tmp_path / "a.html").write_bytes(f"<html><body><p>{text}</p></body></html>".encode("big5"))
    assert extract(tmp_path / "a.html").text == text


def test_deep_nesting_is_read_without_recursion_and_the_deepest_refused() -> None:
    assert PARAGRAPHS[1] in parse_html("<div>" * 1500 + ARTICLE + "</div>" * 1500).text
    with pytest.raises(Unreadable, match="嵌套层次过深"):
        parse_html("<div>" * 5000 + ARTICLE + "</div>" * 5000)


def test_a_column_of_links_gives_the_links(tmp_path: Path) -> None:
    rows = "".join(f"<li><a href='/{i}'>关于第{i}号建议的答复</a><span>2025-09-0{i}</span></li>" for i in range(1, 9))
    result = parse_html(page(f"<ul class='nav'>{MENU}</ul><div class='list'><ul>{rows}</ul></div>"))
    assert result.text.split("\n")[0].startswith("关于第1号建议的答复")
    assert "互动交流" not in result.text


FURNITURE = (
    "上一篇",
    "下一篇",
    "打印",
    "分享到",
    "网站地图",
    "ICP备",
    "网站标识码",
    "当前位置",
    "长者助手",
    "搜索热词",
    "字体",
)


def test_real_pages_give_title_date_and_body(shared_data: Path) -> None:
    """Counts over the pages kept beside the repository: all titles and dates, all bodies with the text they must have."""
    folder = shared_data / "tianhe_policies"
    truth = {row["file"]: row["meta"] for row in _rows(folder / "html_meta.dev.jsonl")}
    texts = {row["html_file"]: row["text"] for row in _rows(folder / "policies.dev.jsonl") if row.get("html_file")}
    pages = sorted((folder / "html").glob("*.html"))
    assert len(pages) >= 20
    wrong: list[str] = []
    compared = 0
    started = time.process_time()
    results = {page.name: extract(page) for page in pages}
    seconds = time.process_time() - started
    for name, result in results.items():
        for key, value in truth.get(name, {}).items():
            if " ".join(value.split()) != result.metadata.get(key, ""):
                wrong.append(f"{name}: {key} {result.metadata.get(key)!r}")
        if truth[name].get("ArticleTitle", result.title) != result.title:
            wrong.append(f"{name}: title {result.title}")
        lines = result.text.split("\n")
        wrong.extend(
            f"{name}: furniture {line}" for line in lines[:3] + lines[-3:] if line.strip("【[ ").startswith(FURNITURE)
        )
        visible = re.sub(r"<[^>]*>|&nbsp;|\s", "", (folder / "html" / name).read_text("utf-8"))
        # The records also hold text of other pages; what counts is the prose that this page has.
        known = [sentence for sentence in _sentences(texts.get(name, "")) if sentence in visible]
        found = "".join(result.text.split())
        wrong.extend(f"{name}: missing {sentence}" for sentence in known if sentence not in found)
        compared += len(known)
    assert wrong == []
    assert compared > 200
    assert len(pages) / seconds > 50, f"{len(pages) / seconds:.0f} pages a second"


def _rows(file: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def _sentences(text: str) -> list[str]:
    """What only the article can have: long sentences, each within one line, without the cut-off end of the text."""
    lines = ["".join(line.split()) for line in text.split("\n")[1:-1]]
    parts = [part for line in lines for part in line.replace("；", "。").split("。")]
    return [part for part in parts if len(part) > 20 and "，" in part]
