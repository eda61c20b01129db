"""The one allow-list: what is left of typed, pasted and imported markup."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.disclosure.sanitising import ATTRIBUTES, TAGS, sanitise

CASES = [
    ("<p>正文<script>alert(1)</script></p>", "<p>正文</p>", "a script goes with its content"),
    ('<p onclick="x()" style="color:red" class="a">正文</p>', "<p>正文</p>", "handlers, styles and classes go"),
    ('<a href="javascript:alert(1)">点</a>', '<a rel="noopener noreferrer">点</a>', "a link is no program"),
    ('<a href="/items/3/">文件</a>', '<a href="/items/3/" rel="noopener noreferrer">文件</a>', "paths of our own stay"),
    ('<img src="x" onerror="alert(1)">图', "图", "pictures are attachments, not part of the text"),
    (
        '<b style="x">粗</b><i class="a">斜</i>',
        "<strong>粗</strong><em>斜</em>",
        "tags of the same meaning are kept by meaning",
    ),
    ('<H1 CLASS="t">标题</H1>', "<h2>标题</h2>", "the page has its own first heading"),
    ("<h6>小标题</h6>", "<h4>小标题</h4>", "headings have three levels"),
    ("<div>一段</div><div>二段</div>", "<p>一段</p><p>二段</p>", "text blocks of editors are paragraphs"),
    ("<div><p>一段</p><p>二段</p></div>", "<p>一段</p><p>二段</p>", "a block around paragraphs adds nothing"),
    ("<div><div>深</div></div>", "<p>深</p>", "nested blocks are one paragraph"),
    (
        '<table border="1"><tr><td colspan="2" width="9">甲</td></tr></table>',
        '<table><tbody><tr><td colspan="2">甲</td></tr></tbody></table>',
        "a table keeps its spans and loses its looks",
    ),
    ("<p>&lt;b&gt;不是标签&lt;/b&gt;</p>", "<p>&lt;b&gt;不是标签&lt;/b&gt;</p>", "text about markup stays text"),
    ("<p>甲\x00乙\x0b</p>", "<p>甲乙</p>", "control characters go"),
    ("<!-- 备注 --><p>正文</p>", "<p>正文</p>", "comments of the writer do not go public"),
    ("", "", "nothing stays nothing"),
]


@pytest.mark.parametrize(("given_markup", "kept", "reason"), CASES)
def test_what_is_kept(given_markup, kept, reason):
    assert sanitise(given_markup) == kept, reason
    assert sanitise(kept) == kept, "what was cleaned once is left alone"


_WORDS = """<p> </p> <div> </div> <script> </script> <b/x=1> </b> <table> <td> <svg/onload=x> <h1> </h1> <style> </style> <ins> <i/>
<img/src=x/onerror=y> <a/href="javascript:x"> </a> 文字 &lt; < > \" """.split()  # noqa: SIM905 - quotes inside
_PIECES = st.lists(st.sampled_from(_WORDS), max_size=25).map("".join)


@given(_PIECES)
def test_nothing_outside_the_list_ever_comes_out(markup):
    clean = sanitise(markup)
    for tag, attributes in re.findall(r"<([a-zA-Z0-9]+)([^>]*)>", clean):
        assert tag in TAGS
        allowed = ATTRIBUTES.get(tag, set()) | {"rel"}
        assert set(re.findall(r'\s([a-z-]+)="', attributes)) <= allowed
    assert "javascript:" not in clean.replace("文字", "")


@pytest.mark.parametrize("piece", ["<div>", "<div", "<b ", "<center><p>", "</div>", "<div>文字"])
def test_a_hostile_text_costs_no_more_than_its_length(piece):
    markup = piece * 20_000
    started = time.process_time()
    sanitise(markup)
    assert time.process_time() - started < 5
