"""Which articles of the explained document a text names."""

import pytest

from gongkai.text.clause_mentions import article_key, heading_key, mentions

TITLE = "谯城区公共租赁住房管理办法"
CASES = [
    ("第三条明确了保障对象。", ["3"], "an article at the beginning"),
    ("根据第12条、第十三条的规定", ["12", "13"], "digits and numerals are one"),
    ("《办法》第二十条规定", ["20"], "the short name of the document"),
    ("《谯城区公共租赁住房管理办法》第一百零二条", ["102"], "its full name"),
    ("根据《民法典》第十条、第十一条和第十二条，制定本办法。", [], "articles of another law, and the list after it"),
    ("根据《民法典》第十条第二款和第十二条。第三条所称", ["3"], "the list ends with the sentence"),
    ("《条例》第五条要求，《办法》第六条细化", ["6"], "each title decides for its own"),
    ("第三条至第五条", ["3", "5"], "both ends of a range"),
    ("第七条之一", ["7之一"], "an inserted article"),
    ("第三章、第二款、三条措施", [], "no articles"),
    ("《办法》第三部分提出", ["part3"], "a part of a document without articles"),
    ("第三部分第（二）项、第四部分（1）", ["part3-2", "part4-1"], "what stands under a heading"),
    ("《民法典》第三部分", [], "a part of another document"),
    ("一部分、大部分、三个部分", [], "no number of a part"),
    ("《谯城区住房保障条例》（2019年修订）第五条", [], "a remark between title and article"),
]


@pytest.mark.parametrize(("text", "articles", "reason"), CASES, ids=[reason for *_, reason in CASES])
def test_the_articles_a_text_names(text, articles, reason):
    found = mentions(text, TITLE)
    assert [one.article for one in found] == articles
    assert [article_key(text[one.start : one.end]) for one in found] == articles


def test_what_a_notice_issues_is_the_document_too():
    title = "关于印发《谯城区人才公寓管理办法》的通知"
    assert [one.article for one in mentions("《谯城区人才公寓管理办法》第二条、《办法》第四条", title)] == ["2", "4"]


@pytest.mark.parametrize(
    ("number", "key"), [("第 十 条", "10"), ("第二百一十三条", "213"), ("第八条", "8"), ("一、", "")]
)
def test_numbers_are_compared_by_value(number, key):
    assert article_key(number) == key


@pytest.mark.parametrize(
    ("number", "heading", "key", "reason"),
    [
        ("三、", "", "part3", "a heading is a part"),
        ("十 二、", "", "part12", "blanks do not matter"),
        ("（二）", "part3", "part3-2", "under its heading"),
        ("（二）", "", "", "under no heading it is anybody's"),
        ("1.", "part3", "", "the third numbering is never named alone"),
        ("第三条", "", "", "an article is none"),
    ],
)
def test_headings_are_the_parts_of_a_document_without_articles(number, heading, key, reason):
    assert heading_key(number, heading) == key
