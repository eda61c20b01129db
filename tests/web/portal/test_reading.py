"""The body on the page: links go in where they belong and nowhere else, tables scroll, numbers stand right."""

import pytest

from gongkai.web.portal.reading import body_html

NUMBER = "谯政办〔2025〕1号"
CITED = [(NUMBER, 7)]
LINK = f'<a class="citation" href="/items/7/">{NUMBER}</a>'


def shown(body: str, citations=CITED) -> str:
    return str(body_html(body, citations, lambda item: f"/items/{item}/"))


CASES = (
    (f"<p>见{NUMBER}。</p>", f"<p>见{LINK}。</p>", "plain text"),
    (f"<p><strong>{NUMBER}</strong></p>", f"<p><strong>{LINK}</strong></p>", "inside emphasis"),
    (f"<p>{NUMBER}和{NUMBER}</p>", f"<p>{LINK}和{LINK}</p>", "every place"),
    (f'<p><a href="/x/">{NUMBER}</a></p>', None, "inside a link of its own nothing is added"),
    (f'<p><a href="/x/" title="{NUMBER}">文</a></p>', None, "inside an attribute nothing is added"),
    ("<p>谯政办〔2025〕10号</p>", None, "a longer number is another one"),
)


@pytest.mark.parametrize(("body", "expected", "reason"), CASES, ids=[case[2] for case in CASES])
def test_citations(body, expected, reason):
    if expected is None:
        assert "citation" not in shown(body), reason
    else:
        assert shown(body) == expected, reason


def test_the_longer_of_two_overlapping_citations_wins():
    both = [("《办法》", 1), ("《关于印发〈办法〉的通知》", 2), ("印发", 3)]
    assert shown("<p>《关于印发〈办法〉的通知》</p>", both) == (
        '<p><a class="citation" href="/items/2/">《关于印发〈办法〉的通知》</a></p>'
    )


def test_a_cited_text_with_special_characters_is_matched_as_text():
    assert shown("<p>甲 &amp; 乙（试行）*</p>", [("甲 & 乙（试行）*", 5)]) == (
        '<p><a class="citation" href="/items/5/">甲 &amp; 乙（试行）*</a></p>'
    )


def test_tables_get_one_frame_even_when_nested():
    body = "<table><tbody><tr><td><table><tbody><tr><td>甲</td></tr></tbody></table></td></tr></tbody></table>"
    page = shown(body)
    assert page.count('class="table-wrap"') == page.count("</div>") == 1
    assert page.startswith('<div class="table-wrap" tabindex="0" role="region"')


@pytest.mark.parametrize("cell", ["1", "1,234.50", "-3.2", "12.5%", " 7 "])
def test_numbers_in_cells_stand_right(cell):
    assert '<td class="numeric">' in shown(f"<table><tbody><tr><td>{cell}</td></tr></tbody></table>")


@pytest.mark.parametrize("cell", ["一", "2026年", "1个", "", "0558-1234567"])
def test_other_cells_do_not(cell):
    assert "numeric" not in shown(f"<table><tbody><tr><td>{cell}</td></tr></tbody></table>")


def test_the_signature_stands_on_the_right():
    page = str(body_html("<p>谯城区教育局</p><p>2026年3月1日</p>", signatories=["谯城区教育局"]))
    assert page == '<p class="signed">谯城区教育局</p><p class="signed">2026年3月1日</p>'


@pytest.mark.parametrize("text", ["谯城区教育局：", "自2026年3月1日起施行。", "谯城区财政局", ""])
def test_other_paragraphs_stay_where_they_are(text):
    assert "signed" not in str(body_html(f"<p>{text}</p>", signatories=["谯城区教育局", ""]))
