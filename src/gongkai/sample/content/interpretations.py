"""Interpretations (政策解读) of the sample's policy documents, in four forms, linked to what they interpret.

An interpretation takes its questions from the recipe of the document and its figures from the document as written, so it
never says anything the document does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from random import Random

from gongkai.rules.tags import Dimension, tag
from gongkai.sample.codes import code_of
from gongkai.sample.content import dates
from gongkai.sample.content.chance import chance_of
from gongkai.sample.content.grammar import Environment, Template
from gongkai.sample.content.markup import to_html
from gongkai.sample.content.policies import PolicyText
from gongkai.sample.records import SampleItem, SampleRelation

_FORMS = ("部门解读", "负责人解读", "政策图解", "专家解读")
_ROWS = {"部门解读": "jd-bm", "负责人解读": "jd-fzr", "政策图解": "jd-tj", "专家解读": "jd-zj"}
_TAG = re.compile(r"<[^>]+>")
_ARTICLE = re.compile(r"^第[^条]{1,4}条(?=[ 　])")
_CLAUSE = re.compile(r"^(?:第[^条]{1,4}条[ 　]|[一二三四五六七八九十]+、|（[^）]{1,2}）|\d+\.)")

_TEXTS = {
    "部门解读": """一、背景和依据
{为|围绕}{keyword}工作中群众反映集中的问题，{drafter}在{调研走访|专题座谈|数据分析}基础上起草了{name}，{先后征求二十余家单位意见|向社会公开征求意见三十日}，经合法性审核后印发，文号为{number}。
二、适用范围和执行时间
{summary}{standing}
三、主要内容
{points}
四、大家关心的问题
{questions}
五、注意事项
{办理前请先核对本人信息，避免重复提交材料。|请以原文为准，勿轻信中介代办。|同一事项不重复享受，弄虚作假将被追回。}咨询机构：{drafter}，电话：{phone}。""",
    "负责人解读": """近日，{name}（{number}）公布。{drafter}主要负责人就有关问题回答了提问。
问：请介绍一下出台的背景。
答：{summary}{这项工作直接关系群众切身利益|从执行情况看，原有做法需要进一步细化}，我们{用三个月时间走访了基层单位和服务对象|梳理了近两年热线和窗口意见}，把能明确的标准、时限都写进了文件。
问：最值得关注的规定有哪些？
答：{first}
{questions}
问：下一步怎样抓好落实？
答：{standing}我们将{把培训开到乡镇、村和企业|公布办事窗口和操作流程}，{按季度公开进展|年底组织第三方评估}，{对执行走样的及时纠正。|对好的做法及时推广。}群众有疑问可以拨打{phone}。""",
    "政策图解": """（图解文字版，配图由{drafter}设计）
一张图看懂：{name}
表：要点速览
| 看点 | 内容 |
| 文号 | {number} |
| 执行时间 | {standing} |
{rows}
| 找谁办 | {drafter}　{phone} |
三步办理：第一步，{对照条件自查|查看清单和范围}；第二步，{线上申报或者到窗口提交|在规定时间登记}；第三步，{等待审核公示|关注短信和公示结果}。
小贴士：问：{tipq}答：{tip}
关键词：{keywords}。""",
    "专家解读": """{name}印发后，不少读者来信询问其中的变化。{本文从实务角度|结合基层调研，笔者}谈几点看法（示例·特约评论员）。
一是政策指向清楚。{summary}{与以往相比，条款更注重可操作性|规定把责任落到了具体岗位}，避免了“原则有余、细则不足”。
二是标准可以核对。文件写明：{first}{这些数字给执行划出了硬杠杠|有了量化尺度，群众也能对照监督}。
三是回应了现实疑问。{essay}
当然，好政策还要好执行。{standing}建议{公开办理进度和典型案例|把反馈渠道放在显眼位置}，{对老年人、残疾人等群体提供代办|及时评估基层负担}，让文件真正走到群众身边。""",
}
_COMPILED = {form: Template(text) for form, text in _TEXTS.items()}


def interpretations(texts: list[PolicyText], seed: int) -> Iterator[SampleItem]:
    """Yield the interpretations: one of every document that has questions, a second one of the important ones."""
    newest = {text.item.key.rpartition("-")[0]: text.item.key for text in texts if text.item.key[-1].isdigit()}
    for position, text in enumerate(texts):
        if len(text.questions) < 2:
            continue
        version = int(text.item.key[-1]) if text.item.key[-1].isdigit() else 0
        forms = [_FORMS[version % 2]]
        if len(text.questions) > 3 and newest.get(text.item.key.rpartition("-")[0]) == text.item.key:
            forms.append(_FORMS[2 + (position + version) % 2])
        for form in forms:
            yield _write(text, form, seed)


def _write(text: PolicyText, form: str, seed: int) -> SampleItem:
    item = text.item
    chance = chance_of(seed, form, item.key)
    known = _variables(text, chance)
    shown = _COMPILED[form].render(known, chance)
    issued = item.document_date or item.published_on.date()
    day = dates.workday(max(issued, item.published_on.date()) + timedelta(days=int(chance.random() * 4)))
    day = max(day, item.published_on.date())
    return SampleItem(
        key=f"{item.key}-{('bm', 'fzr', 'tj', 'expert')[_FORMS.index(form)]}",
        body_code=text.plan.drafter,
        kind="interpretation",
        title=_title(form, text),
        body_html=to_html(shown),
        published_on=dates.at_office_hours(day, chance),
        issuing_agencies=(known["agency"],),
        document_date=day,
        subjects=item.subjects,
        genre=code_of("genres", "其他"),
        audiences=item.audiences,
        life_cycle_person=item.life_cycle_person,
        life_cycle_enterprise=item.life_cycle_enterprise,
        tags=(*(item.tags or ()), tag(Dimension.FORM, code_of("interpretation_forms", form))),
        keywords=(*item.keywords, "政策解读"),
        summary=f"{form}：{item.summary}",
        enquiry_agency=item.enquiry_agency,
        enquiry_phone=item.enquiry_phone,
        catalogue_rows=(_rows(form, text),),
        relations=(SampleRelation("interprets", item.key),),
    )


def _rows(form: str, text: PolicyText) -> str:
    return "jd-bm" if text.item.body_code == text.plan.drafter and text.plan.body.kind == "township" else _ROWS[form]


def _title(form: str, text: PolicyText) -> str:
    name = text.plan.name
    if form == "政策图解":
        return f"一图读懂｜{name}"
    if form == "负责人解读":
        return f"{text.item.enquiry_agency}主要负责人解读《{name}》"
    if form == "专家解读":
        return f"专家谈：《{name}》释放了哪些信号"
    return f"《{name}》政策解读"


def _variables(text: PolicyText, chance: Random) -> Environment:
    item = text.item
    questions = list(text.questions)
    chance.shuffle(questions)
    points = _points(item.body_html)
    chosen = [points[i] for i in sorted(chance.sample(range(len(points)), min(4, len(points))))]
    effective = item.effective_from
    until = f"，有效期至{dates.chinese(item.expires_on)}" if item.expires_on else ""
    return {
        "keyword": item.keywords[0],
        "keywords": "、".join(item.keywords),
        "drafter": item.enquiry_agency,
        "agency": item.issuing_agencies[0],
        "name": f"《{text.plan.name}》",
        "number": item.document_number,
        "phone": item.enquiry_phone,
        "summary": item.summary,
        "standing": f"{dates.chinese(effective)}起执行{until}。" if effective else "自公布之日起执行。",
        "points": "\n".join(
            f"（{'一二三四'[i]}）{article + '规定，' if article else ''}{point}"
            for i, (article, point) in enumerate(chosen)
        ),
        "first": "".join(point for _, point in chosen[:2]),
        "questions": "\n".join(f"问：{question}\n答：{answer}" for question, answer in questions[:3]),
        "rows": "\n".join(f"| {question.rstrip('？')} | {answer} |" for question, answer in questions[:3]),
        "tipq": questions[-1][0],
        "tip": questions[-1][1],
        "essay": "".join(f"比如“{question}”，答案是：{answer}" for question, answer in questions[:2]),
    }


def _points(html: str) -> list[tuple[str, str]]:
    """Return the clauses of a document that state figures: the article (第六条) or an empty text, and the clause without its numbering."""
    found = []
    for line in html.split("\n"):
        plain = _TAG.sub("", line)
        if line.startswith("<p>") and 24 <= len(plain) <= 130 and any(c.isdigit() for c in plain):
            clause, numbered = _CLAUSE.sub("", plain), _ARTICLE.match(plain)
            if clause[-1] == "。" and "电话" not in clause and "起施行" not in clause:
                found.append((numbered[0] if numbered else "", clause))
    return found or [("", "具体条款见文件原文。")]
