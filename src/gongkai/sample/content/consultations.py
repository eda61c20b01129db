"""意见征集 and 意见反馈 that went before some of the policy documents, in pairs (《重大行政决策程序暂行条例》§15、§16)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from gongkai.sample.bodies import by_code
from gongkai.sample.codes import code_of
from gongkai.sample.content import dates
from gongkai.sample.content.chance import chance_of
from gongkai.sample.content.grammar import Environment, Template
from gongkai.sample.content.markup import to_html
from gongkai.sample.content.places import variables
from gongkai.sample.content.policies import PolicyText
from gongkai.sample.records import SampleAttachment, SampleItem, SampleRelation

CONSULTED = ("subsistence-3", "rent-subsidy-2", "herb-industry-2", "tech-innovation-1", "water-price-2", "data-open-1")
"""Documents whose draft was put to the public."""

_CALL = Template("""为{提高决策科学性|充分听取社会意见}，{drafter}起草了《{name}（征求意见稿）》，现向社会公开征求意见。
一、征集时间：{date}至{deadline}，共30日。
二、起草说明：{summary}{起草过程中走访了七个乡镇和四十家单位|草案已经专家论证和公平竞争审查}。本次重点听取以下问题的意见：
{asked}
三、制定依据：国家和省现行有关规定，以及区政府年度决策事项目录。
四、反馈渠道：
~ （一）网上留言：区政府网站“意见征集”栏目；
（二）信函：{address}，邮编236800，信封注明“意见征集”；
（三）电子邮件：{email}；
（四）电话：{phone}（工作日）。
提出意见请说明理由，{附联系方式以便反馈|单位意见请加盖公章}。征集结束后二十个工作日内公布采纳情况。
附件：1.征求意见稿　2.起草说明
>> {drafter}
>> {date}""")

_FEEDBACK = Template("""《{name}（征求意见稿）》于{start}至{deadline}公开征求意见，现将有关情况反馈如下：
一、总体情况：共收到意见建议{all:12-68}条，其中网上{web:8-40}条、信函邮件{mail:2-9}条、座谈和电话{talk:2-19}条；归并后{merged:7-11}条，采纳{taken:4-6}条、部分采纳1条，其余未采纳。
二、采纳情况
表：意见采纳情况
| 序号 | 意见摘要 | 是否采纳 | 理由 |
{rows}
三、未采纳的相对集中的意见：有群众建议{more:大幅提高补助标准|取消全部限制条件|由财政全额承担费用}。经测算，{超出现有财政承受能力，待条件成熟时再行研究。|与上位规定不一致，已在条文中增加特殊情形的救济途径。}
感谢社会各界的支持。咨询电话：{phone}。
>> {drafter}
>> {date}""")


def consultations(texts: list[PolicyText], seed: int) -> Iterator[SampleItem]:
    """Yield the consultation and the feedback of each document in `CONSULTED`."""
    for text in texts:
        if text.item.key in CONSULTED:
            yield from _pair(text, seed)


def _pair(text: PolicyText, seed: int) -> Iterator[SampleItem]:
    body = by_code()[text.plan.drafter]
    chance = chance_of(seed, "consultation", text.item.key)
    start = dates.workday(text.plan.issued - timedelta(days=74))
    deadline = start + timedelta(days=29)
    known = variables(body, start, chance) | {
        "drafter": body.short_name,
        "name": text.plan.name,
        "summary": text.item.summary,
        "start": dates.chinese(start),
        "deadline": dates.chinese(deadline),
        "asked": "\n".join(f"{i}.{question}" for i, (question, _) in enumerate(text.questions[:3], start=1)),
        "rows": "\n".join(
            f"| {i} | 建议明确：{question.rstrip('？')} | {'采纳' if i < 3 else '部分采纳'} | {answer} |"
            for i, (question, answer) in enumerate(text.questions[:3], start=1)
        ),
    }
    key = f"{text.item.key}-zj"
    facts = (
        ("征集期限", f"{dates.chinese(start)}至{dates.chinese(deadline)}"),
        ("反馈渠道", f"{body.phone}；{body.email}"),
    )
    call = _item(
        text,
        key,
        "public_consultation",
        f"关于《{text.plan.name}（征求意见稿）》公开征求意见的公告",
        known,
        _CALL,
        chance,
    )
    draft = SampleAttachment(
        f"{text.plan.name}（征求意见稿）.docx", "text", text=f"{text.plan.name}（征求意见稿）\n\n{text.item.summary}"
    )
    yield _with(call, start, chance, facts=facts, attachments=(draft,), rows=("jc-zj",))
    answered = dates.workday(deadline + timedelta(days=14))
    known |= {"date": dates.chinese(answered)}
    feedback = _item(
        text,
        f"{key}-fk",
        "consultation_feedback",
        f"《{text.plan.name}（征求意见稿）》意见征集反馈",
        known,
        _FEEDBACK,
        chance,
    )
    yield _with(feedback, answered, chance, relations=(SampleRelation("feedback_to", key),), rows=("jc-fk",))


_Made = tuple[PolicyText, str, str, str, str]


def _item(
    text: PolicyText, key: str, kind: str, title: str, known: Environment, template: Template, chance: Random
) -> _Made:
    return text, key, kind, title, to_html(template.render(known, chance))


def _with(
    made: _Made,
    day: date,
    chance: Random,
    *,
    rows: tuple[str, ...],
    facts: tuple[tuple[str, str], ...] = (),
    attachments: tuple[SampleAttachment, ...] = (),
    relations: tuple[SampleRelation, ...] = (),
) -> SampleItem:
    text, key, kind, title, html = made
    item = text.item
    return SampleItem(
        key=key,
        body_code=text.plan.drafter,
        kind=kind,
        title=title,
        body_html=html,
        published_on=dates.at_office_hours(day, chance),
        issuing_agencies=(by_code()[text.plan.drafter].name,),
        document_date=day,
        subjects=item.subjects,
        genre=code_of("genres", "公告"),
        audiences=item.audiences,
        keywords=(*item.keywords, "意见征集"),
        summary=title + "。",
        enquiry_agency=item.enquiry_agency,
        enquiry_phone=item.enquiry_phone,
        catalogue_rows=rows,
        attachments=attachments,
        relations=relations,
        facts=facts,
    )
