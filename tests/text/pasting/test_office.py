"""Shapes of markup that Word, WPS and web pages put on the clipboard, and what is left of them."""

import base64
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import factories

from gongkai.text.pasting import clean_office_html, paste, rtf_pictures

FRAME = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40"><head>
<meta name=ProgId content=Word.Document><meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/></o:OfficeDocumentSettings></xml><![endif]-->
<style><!-- p.MsoNormal {{mso-style-parent:"";font-size:16.0pt;}} @list l0:level1 {{mso-level-text:"%1\\."}} --></style></head>
<body lang=ZH-CN style='tab-interval:21.0pt'><!--StartFragment-->{}<!--EndFragment--></body></html>"""
"""What stands around every paste from Word."""


def word_item(text: str, label: str, level: int = 1, *, wps: bool = False) -> str:
    """A list paragraph as Word writes it, or WPS."""
    before, after = ("<!--[if !supportLists]-->", "<!--[endif]-->") if wps else ("<![if !supportLists]>", "<![endif]>")
    gap = "<span style=\"font:7.0pt 'Times New Roman'\">&nbsp;&nbsp;&nbsp; </span>"
    return (
        f"<p class=MsoListParagraph style='margin-left:{21 * level}.0pt;text-indent:-21.0pt;mso-list:l0 level{level} lfo1'>"
        f"{before}<span lang=EN-US style='mso-bidi-font-family:仿宋'><span style='mso-list:Ignore'>{label}{gap}</span></span>{after}"
        f"<span style='font-family:仿宋_GB2312'>{text}<span lang=EN-US><o:p></o:p></span></span></p>"
    )


CASES = [
    (
        '<p class="MsoNormal" style="text-indent:32.0pt"><span style="font-family:仿宋_GB2312;color:red">各单位：<o:p></o:p></span></p>',
        "<p>各单位：</p>",
        "fonts, colours, classes and o:p go",
    ),
    (
        "<p class=MsoNormal>　　&nbsp;&nbsp;缩进<span style='mso-tab-count:1'>&nbsp;&nbsp;&nbsp; </span>以后</p>",
        "<p>缩进 以后</p>",
        "blanks that indent go, a tab is a blank",
    ),
    ("<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p><p>有字</p>", "<p>有字</p>", "empty lines are no text"),
    (
        "<p>一<b>粗</b><i style='mso-bidi-font-style:normal'>斜</i><u>线</u><span style='font-weight:bold'>也粗</span></p>",
        "<p>一<strong>粗</strong><em>斜</em><u>线</u><strong>也粗</strong></p>",
        "emphasis is meaning, by element or by style",
    ),
    ('<b style="font-weight:normal" id="docs-internal-guid-1"><p>正文</p></b>', "<p>正文</p>", "an element that says the contrary"),
    ("<p>m<sup>2</sup>，H<span style='vertical-align:sub'>2</span>O</p>", "<p>m<sup>2</sup>，H<sub>2</sub>O</p>", "raised and lowered signs"),
    (
        "<h1><span>一、总体要求</span></h1><h2>（一）目标</h2><h1>二、任务</h1>",
        "<h2>一、总体要求</h2><h3>（一）目标</h3><h2>二、任务</h2>",
        "headings begin at the second level, for the page has its own first",
    ),
    ("<h3>（一）目标</h3><p>正文</p>", "<h2>（一）目标</h2><p>正文</p>", "and leave out no level"),
    ("<p style='mso-outline-level:2'><b>任务</b></p>", "<h2>任务</h2>", "WPS marks headings by outline level; they are strong by themselves"),
    ("<p class=MsoTitle>关于某事的通知</p><p>正文</p>", "<h2>关于某事的通知</h2><p>正文</p>", "a title is a heading"),
    (word_item("甲", "·") + word_item("乙", "·"), "<ul><li>甲</li><li>乙</li></ul>", "signs make a list"),
    (word_item("甲", "l") + word_item("乙", "Ø"), "<ul><li>甲</li><li>乙</li></ul>", "letters that Wingdings draws as signs"),
    (word_item("甲", "1.") + word_item("乙", "2."), "<ol><li>甲</li><li>乙</li></ol>", "Arabic numbers make a numbered list"),
    (word_item("丙", "3.", wps=True), '<ol start="3"><li>丙</li></ol>', "that begins where it began; WPS writes comments around the number"),
    (
        word_item("甲", "1.") + word_item("子", "a)", 2) + word_item("丑", "b)", 2) + word_item("乙", "2."),
        "<ol><li>甲<ol><li>子</li><li>丑</li></ol></li><li>乙</li></ol>",
        "lists in lists",
    ),
    (
        word_item("甲", "1.") + word_item("子", "·", 3) + "<p>以后</p>",
        "<ol><li>甲<ul><li>子</li></ul></li></ol><p>以后</p>",
        "a level that is left out",
    ),
    (word_item("总则", "第一条") + word_item("要求", "一、"), "<p>第一条 总则</p><p>一、要求</p>", "numbers of official documents are quoted, so they are text"),
    (word_item("加强领导", "（一）"), "<p>（一）加强领导</p>", "in brackets too"),
    (
        "<h2 style='mso-list:l1 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>一、</span><![endif]>要求</h2>",
        "<h2>一、要求</h2>",
        "the number of a heading belongs to it",
    ),
    (
        "<table class=MsoTableGrid border=1 style='mso-yfti-tbllook:1184'><tr style='mso-yfti-irow:0'>"
        "<td width=120 colspan=2 style='border:solid'><p class=MsoNormal align=center>名称<o:p></o:p></p></td><td rowspan=2><p>数量</p></td></tr>"
        "<tr><td><p>甲</p></td><td><p>乙</p><p>丙</p></td></tr></table>",
        '<table><tbody><tr><td colspan="2">名称</td><td rowspan="2">数量</td></tr><tr><td>甲</td><td><p>乙</p><p>丙</p></td></tr></tbody></table>',
        "tables keep their spans and lose their looks",
    ),
    (
        "<table><thead><tr><td>项目</td></tr></thead><tr><td>甲</td></tr></table>",
        "<table><thead><tr><th>项目</th></tr></thead><tbody><tr><td>甲</td></tr></tbody></table>",
        "rows that are repeated on every page are heads",
    ),
    (
        "<table><tr><td><table><tr><td>内</td></tr></table></td></tr></table>",
        "<table><tbody><tr><td><table><tbody><tr><td>内</td></tr></tbody></table></td></tr></tbody></table>",
        "a table in a table",
    ),
    (
        "<p>在<st1:place w:st='on'><st1:chmetcnv UnitName='米'>5米</st1:chmetcnv></st1:place>处<w:Sdt Title='x'>控件</w:Sdt></p>",
        "<p>在5米处控件</p>",
        "smart tags and content controls lose their tags",
    ),
    (
        "<p>留<del cite='mailto:某' datetime='2026'>删去</del><ins cite='mailto:某'>新增</ins></p>",
        "<p>留新增</p>",
        "what a revision deleted is not in the document",
    ),
    ("<p>见<s>旧</s>新</p>", "<p>见<s>旧</s>新</p>", "what is struck through on purpose is"),
    (
        "<p>正文<span style='mso-special-character:comment'><a style='mso-comment-reference:A_1' href='#_msocom_1'></a></span></p>"
        "<div style='mso-element:comment-list'><div style='mso-element:comment'><p>批注内容</p></div></div>",
        "<p>正文</p>",
        "remarks of colleagues do not go public",
    ),
    ("<p>见<span style='display:none;mso-hide:all'>隐藏文字</span>文</p>", "<p>见文</p>", "hidden text stays hidden"),
    (
        "<p><a name=OLE_LINK1><span>书签</span></a><a href='#_ftn1'>[1]</a><a href='https://www.gov.cn/a?b=1&amp;c=2'>国务院</a></p>",
        '<p>书签[1]<a href="https://www.gov.cn/a?b=1&amp;c=2">国务院</a></p>',
        "bookmarks go, addresses stay",
    ),
    ("<p>图<!--[if gte vml 1]><v:shape><v:imagedata src='file:///x'/></v:shape><![endif]--></p>", "<p>图</p>", "VML goes"),
    ("一段没有标签的文字", "<p>一段没有标签的文字</p>", "plain text is a paragraph"),
    ("<div>一段<div>二段</div>三段<br>换行</div>", "<p>一段</p><p>二段</p><p>三段<br>换行</p>", "blocks of web pages are paragraphs"),
    ("<ul><li>甲<ul><li>子</li></ul></li><li><p>乙</p></li></ul>", "<ul><li>甲<ul><li>子</li></ul></li><li>乙</li></ul>", "lists that are lists already"),
    ("<p>1 &lt; 2 &amp; 3</p>", "<p>1 &lt; 2 &amp; 3</p>", "signs of markup in the text stay text"),
    ("", "", "nothing"),
    ("<!--StartFragment--><!--EndFragment-->", "", "nothing, with its frame"),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "clean", "reason"), CASES, ids=[case[2] for case in CASES])
def test_what_is_kept_of_a_paste(markup, clean, reason):
    assert clean_office_html(FRAME.format(markup) if markup and "Fragment" not in markup else markup) == clean, reason


@pytest.mark.parametrize(("markup", "clean", "reason"), CASES, ids=[case[2] for case in CASES])
def test_what_was_cleaned_once_is_left_alone(markup, clean, reason):
    assert clean_office_html(clean) == clean, reason


# --- pictures ----------------------------------------------------------------------------------------------------------
PNG, JPEG = factories.picture(1), factories.picture(2, "JPEG")
PATH = (
    "<p><img width=10 src='file:///C:/Users/x/AppData/Local/Temp/msohtmlclip1/01/clip_image00{}.png' alt='示意图'></p>"
)


def rtf(*pictures: bytes) -> str:
    """Pictures as Word writes them: each with its metafile for old readers."""
    groups = []
    for content in pictures:
        kind = "pngblip" if content.startswith(b"\x89PNG") else "jpegblip"
        lines = "\n".join(re.findall(".{1,64}", content.hex()))
        groups.append(
            rf"{{\*\shppict{{\pict{{\*\picprop\shplid1025{{\sp{{\sn shapeType}}{{\sv 75}}}}}}\picscalex100\picw317\pich211"
            rf"\picwgoal180\{kind}\bliptag-12345{{\*\blipuid 0123456789abcdef0123456789abcdef}}{lines}}}}}"
            rf"{{\nonshppict{{\pict\picw317\wmetafile8 {'0100090000' * 9}}}}}"
        )
    return r"{\rtf1\ansi\deff0 正文 " + " ".join(groups) + "}"


def test_pictures_come_out_of_the_rtf_in_order_and_once():
    assert rtf_pictures(rtf(PNG, JPEG)) == [("image/png", PNG), ("image/jpeg", JPEG)]
    assert rtf_pictures(r"{\rtf1 {\pict\pngblip 0" + "}") == []
    assert rtf_pictures(r"{\rtf1 {\pict\pngblip " + "89504e47" * 9) == [], "cut off"


def test_pictures_of_the_rtf_take_the_places_of_paths():
    made = paste(
        FRAME.format(PATH.format(1) + "<table><tr><td>" + PATH.format(2) + "</td></tr></table>"), rtf(PNG, JPEG)
    )
    found = re.findall(r'<img src="data:(image/\w+);base64,([^"]+)" alt="示意图">', made.html)
    assert [(kind, base64.b64decode(data)) for kind, data in found] == [("image/png", PNG), ("image/jpeg", JPEG)]
    assert (made.lost, made.external) == (0, 0)


LOST = [
    (PATH.format(1), "", 1, 0, "no RTF beside it"),
    (PATH.format(1) * 3, rtf(PNG), 3, 0, "another number of pictures: nobody could say which is which"),
    (
        "<p><img src='https://example.org/a.png'><img src='//example.org/b.png'></p>",
        "",
        0,
        2,
        "pictures of other sites",
    ),
    ("<p><img src='data:image/svg+xml;base64,PHN2Zz4='></p>", "", 0, 1, "SVG is a program"),
]


@pytest.mark.parametrize(("markup", "beside", "lost", "external", "reason"), LOST)
def test_pictures_that_cannot_be_had_are_counted(markup, beside, lost, external, reason):
    made = paste(FRAME.format("<p>文</p>" + markup), beside)
    assert (made.lost, made.external) == (lost, external), reason
    assert "<img" not in made.html


# --- anything ----------------------------------------------------------------------------------------------------------
_WORDS = [
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<ul>",
    "<ol>",
    "<li>",
    "</li>",
    "</ul>",
    "<table>",
    "<tr>",
    "<td>",
    "</td>",
    "</tr>",
    "</table>",
    "<b>",
    "</b>",
    "<span>",
    "</span>",
    "<o:p>",
    "</o:p>",
    "<h1>",
    "</h1>",
    "<![if>",
    "<![endif]>",
    "<!--[if>",
    "<![endif]-->",
    "<img/src=data:x>",
    '<a/href="javascript:x">',
    "</a>",
    "文字",
    "&lt;",
    "<",
    ">",
    '"',
    '<p/style="mso-list:l0&#32;level9&#32;lfo1">',
]


@given(st.lists(st.sampled_from(_WORDS), max_size=30).map("".join))
def test_any_markup_gives_simple_markup(markup):
    clean = clean_office_html(markup)
    assert set(re.findall(r"</?([a-z0-9:]+)", clean)) <= {
        "p", "h2", "h3", "h4", "strong", "em", "ul", "ol", "li", "table", "thead", "tbody", "tr", "td", "th", "a", "br",
    }  # fmt: skip
    assert "javascript" not in clean


@pytest.mark.parametrize(
    "piece",
    [
        "<div>",
        "<b>",
        "<p><b>",
        "<br>",
        "<![if !x]>",
        "<!--[if x]>",
        "<table><tr><td>",
        "<ul><li>",
        "<span style='mso-list:Ignore'>",
        "&nbsp;",
        "<img src=file:x>",
    ],
)
def test_a_hostile_paste_costs_no_more_than_its_length(piece):
    started = time.process_time()
    paste(piece * 20_000, r"{\pict" * 20_000)
    assert time.process_time() - started < 8
