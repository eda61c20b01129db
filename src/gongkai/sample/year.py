"""A believable year of the sample district: about 400 hand-made items, then as many more as asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice

from gongkai.sample.content import dates
from gongkai.sample.content.bulk import bulk
from gongkai.sample.content.chance import chance_of
from gongkai.sample.content.consultations import consultations
from gongkai.sample.content.interpretations import interpretations
from gongkai.sample.content.pages import pages
from gongkai.sample.content.policies import PolicyText, policies
from gongkai.sample.records import SampleEdition, SampleItem, SampleState

SEED = 341602
"""Default seed; the same seed and day always give the same items."""

_UNFINISHED: dict[str, SampleState] = {
    "rumour-jyj-1": "review",
    "reprint-jyj-1": "sign_off",
    "nil-jyj-1": "draft",
    "task-table-qzfb-4": "sign_off",
    "open-work-qzfb-1": "review",
    "subsidy-list-gujing-1": "draft",
    "nil-gujing-1": "review",
    "water-cut-gongshui-3": "review",
    "nil-mzj-1": "draft",
    "reprint-mzj-1": "scheduled",
    "open-work-mzj-1": "sign_off",
    "job-fair-rsj-3": "scheduled",
}
"""Items of the office that the public does not see yet: most belong to the bodies that have sample accounts."""

_WITHDRAWN = {
    "winter-aid-shuanggou-1": ("personal_privacy", "附件中个别栏目未作去标识化处理，已撤回并重新制作。"),
    "water-cut-gongshui-2": ("published_in_error", "停水日期填写有误，施工计划已取消。"),
    "annual-plan-xfj-1": ("consolidated", "内容已并入区政府年度重点工作任务分解表。"),
}

_CORRECTED = {
    "enrolment-3": (("咨询电话由旧号码更正为现号码，报名时间未变。",), 2),
    "subsistence-3": (
        (
            "按照网页规范调整文字样式，内容未变。",
            "更正第七条务工成本扣除的表述和第十条公示期限，补充单人户申请情形，将信息公示条款移至监督和责任一章。",
        ),
        3,
    ),
    "monthly-data-tjj-2": (("根据核定结果修订固定资产投资增速。",), 9),
    "clinic-hours-qyy-2": (("骨科专家出诊时间调整。",), 4),
    "functions-mzj-1": (("根据机构改革方案更新内设机构名称。",), 30),
    "fireworks-2": (("补充禁放区域四至说明。",), 5),
}
"""Items with two or three editions: the change notes and the days between editions."""

_UNINTERPRETED = {
    "repeal-decision-1": "本决定只废止已被替代的文件，没有新的政策内容，不另作解读；替代文件均已配解读。",
    "clean-up-1": "本决定只公布清理结果，没有新的政策内容，不另作解读。",
}
"""What was explained at the signature of normative documents without an interpretation; those of earlier years say nothing."""

_BEFORE = {
    "enrolment-3": ((r"(政策咨询电话：)0558-\d+", r"\g<1>0558-0000039"),),
    "subsistence-3": (
        (r"，并扣除必要的交通、住宿成本", ""),
        (r"公示期7日", "公示期5日"),
        (r"<p>（三）脱离家庭.*?</p>\n", ""),
        (r"(（三）一年内自费出国.*?学校)。</p>", r"\1；</p>\n<p>（四）享受产业发展贷款贴息尚未满一年。</p>"),
        (
            r"<p><strong>第十三条(</strong>.*?</p>)\n<p><strong>第十四条(</strong>.*?</p>)\n(<h3>.*?</h3>)\n<p><strong>第十五条(</strong>.*?</p>)",
            r"<p><strong>第十三条\4\n<p><strong>第十四条\1\n<p><strong>第十五条\2\n\3",
        ),
    ),
    "monthly-data-tjj-2": ((r"(固定资产投资增长)[\d.]+%", r"\g<1>6.9%"),),
    "clinic-hours-qyy-2": ((r"骨科周三、五", "骨科周二、四"),),
    "functions-mzj-1": ((r"社会救助股", "社会救助科"),),
    "fireworks-2": ((r"，含沿线道路两侧", ""),),
}
"""How the last correction of an item is undone: patterns in its body and what stood there before."""


def items(today: date, count: int | None = None, seed: int = SEED) -> Iterator[SampleItem]:
    """Yield the items of the sample as seen on `today`, targets of relations before the items that point to them.

    Without `count` the hand-made items (about 400); with it exactly so many: the hand-made ones first, then variants from
    `gongkai.sample.content.bulk`, generated one at a time.
    """
    made = hand_made(today, seed)
    if count is None:
        yield from made
        return
    yield from islice(made, count)
    yield from bulk(today, max(0, count - len(made)), seed)


@lru_cache(maxsize=2)
def hand_made(today: date, seed: int) -> tuple[SampleItem, ...]:
    """Return the hand-made items, policy documents first, each after what its relations point to."""
    texts = policies(today, seed)
    finished = [text.item for text in texts]
    finished += interpretations(texts, seed)
    finished += consultations(texts, seed)
    finished += pages(today, seed, lambda stem, day: _reference(texts, stem, day))
    return tuple(_in_office(item, today, seed) for item in finished)


def _reference(texts: list[PolicyText], stem: str, day: date) -> str:
    """Return how a page of `day` cites the policy `stem`: the newest version issued by then, or the first."""
    versions = [text.plan for text in texts if text.item.key.rpartition("-")[0] == stem and text.item.key[-1].isdigit()]
    older = [plan for plan in versions if plan.issued <= day]
    return (max(older, key=lambda plan: plan.issued) if older else versions[0]).reference


def _in_office(item: SampleItem, today: date, seed: int) -> SampleItem:
    """Return the item in the state the office has it in: unfinished, withdrawn, corrected or simply published."""
    item = replace(item, interpretation_note=_UNINTERPRETED.get(item.key, ""))
    chance = chance_of(seed, "office", item.key)
    if item.key in _UNFINISHED:
        state = _UNFINISHED[item.key]
        day = today + timedelta(days=2 if state == "scheduled" else -1)
        return replace(item, state=state, published_on=dates.at_office_hours(day, chance), document_date=today)
    if item.key in _WITHDRAWN:
        reason, note = _WITHDRAWN[item.key]
        return replace(item, state="withdrawn", withdrawal_reason=reason, withdrawal_note=note)
    if item.published_on.date() >= today:
        return replace(item, published_on=dates.at_office_hours(dates.workday(today - timedelta(days=1)), chance))
    if item.key in _CORRECTED:
        notes, gap = _CORRECTED[item.key]
        return _with_editions(item, notes, gap, today)
    return item


def _with_editions(item: SampleItem, notes: tuple[str, ...], gap: int, today: date) -> SampleItem:
    """Return the item with an earlier edition for each note; the current edition is the last one."""
    first = item.published_on
    gap = min(gap, max(1, ((today - first.date()).days - 1) // len(notes)))
    before = item.body_html
    for pattern, words in _BEFORE[item.key]:
        before = re.sub(pattern, words, before)
    earlier = [SampleEdition(item.title, before, first + timedelta(days=gap * (len(notes) - 1)), notes[-1])]
    for number, note in reversed(list(enumerate(notes[:-1]))):  # corrections of the look alone
        before = re.sub("</?strong>", "", before)
        earlier.insert(0, SampleEdition(item.title, before, first + timedelta(days=gap * number), note))
    return replace(item, published_on=first + timedelta(days=gap * len(notes)), earlier_editions=tuple(earlier))
