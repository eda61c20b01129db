"""一键排版: what is set in the form of an official document, and what is left alone."""

import json
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.text.html_text import html_to_text, text_to_html
from gongkai.text.official_layout import official_layout

CASES = [
    ("<p>　　各单位:</p>", "<p>各单位：</p>", "indents are the stylesheet's, signs are full-width"),
    ("<p>为了做好工作,现通知如下;请遵照执行!</p>", "<p>为了做好工作，现通知如下；请遵照执行！</p>", "signs between Chinese characters"),
    ("<p>共1,200人，9:30到会，增长3.5%。</p>", "<p>共1,200人，9:30到会，增长3.5%。</p>", "signs in numbers and times stay"),
    ("<p>联系人:张某.</p>", "<p>联系人：张某。</p>", "a stop at the end"),
    ("<p>网址:http://www.example.gov.cn/a,b?c=1:2 邮箱:ab.c@example.cn</p>", "<p>网址：http://www.example.gov.cn/a,b?c=1:2 邮箱：ab.c@example.cn</p>", "addresses stay"),
    ("<p>见附件(试行)和(a+b)。</p>", "<p>见附件（试行）和（a+b）。</p>", "brackets by their surroundings"),
    ("<p>f(x) = a, b</p>", "<p>f(x) = a, b</p>", "other languages and formulas stay"),
    ('<p>坚持"一网通办"要求</p>', "<p>坚持“一网通办”要求</p>", "quotation marks in pairs"),
    ("<p>等等...以及。。。</p>", "<p>等等……以及……</p>", "dots of omission"),
    ("<p>目标--任务</p>", "<p>目标——任务</p>", "a dash"),
    ("<p>2026 年 3 月 1 日 起 使用 Word 2016 软件</p>", "<p>2026年3月1日起使用Word 2016软件</p>", "blanks stay between words of other languages alone"),
    ("<p>依据谯政办[2026] 12 号文件</p>", "<p>依据谯政办〔2026〕12号文件</p>", "document numbers have 〔〕"),
    ("<p>一.总体要求</p>", "<h2>一、总体要求</h2>", "first level"),
    ("<p><strong>(二)、主要任务</strong></p>", "<h3>（二）主要任务</h3>", "second level: no sign after brackets, no strong"),
    ("<p>3、建立台账</p>", "<h4>3.建立台账</h4>", "third level"),
    ("<p>(1)建立台账</p>", "<p>（1）建立台账</p>", "the fourth level looks like text (7.3.3)"),
    ("<h4>一、总体要求</h4>", "<h2>一、总体要求</h2>", "a heading gets the level of its number"),
    ("<h3>其他说明</h3>", "<h3>其他说明</h3>", "a heading without number stays"),
    ("<p>（一）加强领导。各部门要高度重视。</p>", "<p>（一）加强领导。各部门要高度重视。</p>", "a numbered paragraph is text"),
    ("<p>1.5万人参加</p>", "<p>1.5万人参加</p>", "a number is no heading"),
    ("<p>第一章  总则</p><p>第一节 范围</p><p>第一条 为了规范管理，制定本办法。</p>", "<h2>第一章　总则</h2><h3>第一节　范围</h3><p>第一条　为了规范管理，制定本办法。</p>", "chapters and articles"),
    ("<p>第十条第二款规定</p>", "<p>第十条第二款规定</p>", "an article that is cited"),
    ("<p>甲<br>　　乙<br><br>丙</p>", "<p>甲</p><p>乙</p><p>丙</p>", "lines are paragraphs"),
    ("<p> </p><p>正文</p><p><br></p>", "<p>正文</p>", "empty lines"),
    ("<p>谯城区人民政府办公室　　2026年03月01日</p>", "<p>谯城区人民政府办公室</p><p>2026年3月1日</p>", "signature on two lines"),
    ("<p>谯城区人民政府办公室　　2026年3月1日印发</p>", "<p>谯城区人民政府办公室　2026年3月1日印发</p>", "a gap before a date in the printing line"),
    ("<p>二〇二六年三月一日</p>", "<p>2026年3月1日</p>", "date in Arabic digits"),
    ("<p>附件:1.任务清单。2.联系表;</p>", "<p>附件：1.任务清单</p><p>2.联系表</p>", "names of attachments"),
    ("<p>附件：1.任务清单</p><p>2.联系表。</p><p>3.其他。</p>", "<p>附件：1.任务清单</p><p>2.联系表</p><p>3.其他</p>", "and those below"),
    (
        "<table><tbody><tr><td> 张　三,李四 </td><td>(1)</td></tr></tbody></table>",
        "<table><tbody><tr><td> 张　三,李四 </td><td>(1)</td></tr></tbody></table>",
        "tables are not touched",
    ),
    ('<p>见<a href="/items/3/">关于(试行)的 通知</a>,执行</p>', '<p>见<a href="/items/3/">关于(试行)的 通知</a>，执行</p>', "the text of links stays"),
    ("<p>甲<strong>乙</strong>,<em>丙</em></p>", "<p>甲<strong>乙</strong>，<em>丙</em></p>", "signs across emphasis"),
    ("<p>甲 <strong> 乙</strong></p>", "<p>甲<strong>乙</strong></p>", "blanks across emphasis"),
    ("<ul><li>甲 ,乙</li><li>丙<ol><li>丁;</li></ol></li></ul>", "<ul><li>甲，乙</li><li>丙<ol><li>丁；</li></ol></li></ul>", "lists stay lists"),
    ('<p><img src="/pictures/1" alt=""></p><p>图1:示意</p>', '<p><img src="/pictures/1" alt=""></p><p>图1：示意</p>', "pictures stay"),
    ("", "", "nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "laid", "reason"), CASES, ids=[case[2] for case in CASES])
def test_what_is_set(body, laid, reason):
    assert official_layout(body).html == laid, reason


@pytest.mark.parametrize(("body", "laid", "reason"), CASES, ids=[case[2] for case in CASES])
def test_what_is_set_stays_so_and_nothing_is_reported(body, laid, reason):
    again = official_layout(laid)
    assert (again.html, again.changes) == (laid, ()), reason


def test_what_was_done_is_said_in_numbers():
    changes = {change.label: change.count for change in official_layout("<p>一.要求</p><p>甲,乙 ;丙</p>").changes}
    assert changes == {"标点改为全角": 2, "序号标点规范": 1, "标题层级": 1}


_TEXT = st.text(alphabet="政府工作,.;:()（）一二、1２ 　年月日第条章附件：abc\"'…-<>&", max_size=60)


@given(_TEXT)
def test_words_are_never_changed_and_twice_is_once(text):
    from html import escape

    body = f"<p>{escape(text)}</p>"
    laid = official_layout(body).html

    def words(markup: str) -> str:
        return re.sub(r"[\W_]", "", html_to_text(markup))

    assert words(laid) == words(body)
    assert official_layout(laid).html == laid


def test_a_long_body_is_set_in_time_proportional_to_its_length():
    body = '<p>一.要求,(试行) 2026 年;谯政办[2026]1号"甲"</p>' * 3000
    started = time.process_time()
    official_layout(body)
    assert time.process_time() - started < 6
    for piece in ("(", '"', " ", ".", "<br>", "1.", "附件：1."):
        started = time.process_time()
        official_layout(f"<p>{piece * 20_000}</p>")
        assert time.process_time() - started < 6, piece


def test_real_documents_keep_their_words(shared_data):
    with (shared_data / "policy_docs" / "policies.dev.jsonl").open(encoding="utf-8") as lines:
        texts = [text for line in lines if (text := json.loads(line).get("text"))]
    bodies = [text_to_html(text[:20_000]) for text in texts[:60]]
    assert len(bodies) == 60
    for body in bodies:
        laid = official_layout(body)
        assert re.sub(r"[\W_]", "", html_to_text(laid.html)) == re.sub(r"[\W_]", "", html_to_text(body))
        assert official_layout(laid.html).html == laid.html
