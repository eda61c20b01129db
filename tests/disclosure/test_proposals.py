"""从正文提取: what a text says fills what is empty, and stands beside what says something else."""

import pytest

from gongkai.disclosure.proposals import Standing, proposals

BODY = """<p>谯城区人民政府办公室文件</p><p>谯政办〔2026〕12号</p><p>谯城区人民政府办公室关于印发《谯城区示例管理办法》的通知</p>
<p>各乡镇人民政府、区直有关单位：</p><p>根据《安徽省示例条例》（皖政〔2024〕3号）要求，现将办法印发给你们，请认真贯彻执行。本办法自2026年5月1日起施行，有效期3年。</p>
<p>谯城区人民政府办公室</p><p>2026年3月1日</p>"""
EMPTY: dict[str, object] = {}


def _by_field(found):
    return {one.field: one for one in found.fields}


def test_everything_the_text_states_is_proposed_with_place_and_confidence():
    found = _by_field(proposals(BODY, EMPTY))
    assert found["document_number"].value == "谯政办〔2026〕12号"
    assert found["document_number"].note == "机关代字 谯政办，年份 2026，序号 12"
    assert found["document_date"].value == "2026-03-01" and found["document_date"].source == "落款日期"
    assert found["issuing_agencies"].value == ["谯城区人民政府办公室"]
    assert found["genre"].shown == "通知" and found["genre"].value == "08"
    assert found["effective_from"].value == "2026-05-01"
    assert found["title"].value.startswith("谯城区人民政府办公室关于印发")
    assert all(one.standing is Standing.FILLED and one.source and 0 < one.confidence <= 1 for one in found.values())


CASES = [
    ("document_number", "谯政办[2026] 12 号", Standing.SAME, "another way of writing the same number"),
    ("document_number", "谯政办〔2026〕21号", Standing.DIFFERS, "another number"),
    ("issuing_agencies", "谯城区人民政府办公室，", Standing.SAME, "typed with a comma"),
    ("issuing_agencies", "谯城区财政局", Standing.DIFFERS, "another body"),
    ("document_date", "2026-03-01", Standing.SAME, "as the date picker sends it"),
    ("document_date", "2026-03-02", Standing.DIFFERS, "a day later"),
    ("genre", "08", Standing.SAME, "by code"),
    ("genre", "07", Standing.DIFFERS, "another genre"),
]


@pytest.mark.parametrize(("field", "typed", "standing", "reason"), CASES)
def test_what_is_typed_is_never_overwritten(field, typed, standing, reason):
    found = proposals(BODY, {field: typed})
    one = _by_field(found)[field]
    assert one.standing is standing, reason
    assert field not in found.values
    assert one.present, "what is typed is shown beside it"


def test_cited_documents_are_named_once_and_the_own_number_is_not_among_them():
    cited = proposals(BODY.replace("要求，", "要求，依照皖政〔2024〕3号，"), EMPTY).cited
    assert [(one.title, one.number) for one in cited if one.title == "安徽省示例条例"] == [
        ("安徽省示例条例", "皖政〔2024〕3号")
    ]
    assert not [one for one in cited if one.number == "谯政办〔2026〕12号"]


def test_a_text_that_states_nothing_proposes_nothing():
    assert proposals("<p>今天天气很好。</p>", EMPTY).values == {}
