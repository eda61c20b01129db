"""Documents for the tests, in our own words."""

from __future__ import annotations

from datetime import date

from gongkai.documents import OfficialDocument

SENTENCE = "为规范政府信息公开工作，保障公民、法人和其他组织依法获取政府信息，结合本区实际，制定本方案。"
BODY = f"""
<p>各乡镇人民政府、街道办事处，区政府各部门：</p>
<p>{SENTENCE}</p>
<p>一、总体要求</p><p>坚持公开为常态、不公开为例外，做到<strong>应公开尽公开</strong>。</p>
<p>（一）加强领导。各单位主要负责人亲自过问，分管负责人具体负责。</p>
<p>1.明确责任</p><p>（1）健全机制</p>
<ul><li>第一项</li><li>第二项<ol start="3"><li>细则甲</li></ol></li></ul>
<table><tr><td>序号</td><td>事项</td><td>单位</td></tr>
<tr><td>1</td><td rowspan="2">目录编制</td><td>区政务公开办</td></tr>
<tr><td>2</td><td>区司法局</td></tr>
<tr><td colspan="2">合计</td><td>10<sup>4</sup>平方米</td></tr></table>
"""


def notice(**changes: object) -> OfficialDocument:
    """A complete notice; ``changes`` replace its fields."""
    facts: dict[str, object] = {
        "title": "样例区人民政府办公室关于印发政务公开工作方案的通知",
        "body_html": BODY,
        "document_number": "样政办〔2024〕12号",
        "issuing_agencies": ("样例区人民政府办公室",),
        "document_date": date(2024, 3, 1),
        "attachments": ("任务分解表", "联系人名单"),
    }
    return OfficialDocument(**{**facts, **changes})  # type: ignore[arg-type]
