"""Synthetic policy documents for benchmarks: our own words, seeded, with the distribution of a district's register."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from gongkai.search import SearchDocument
from gongkai.text.segment import government_words


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_VERBS = _words("落实 推进 完善 加强 规范 开展 组织 指导 监督 协调 统筹 落细 公布 受理 审核 发放 核查 汇总 整改")
_OBJECTS = _words("工作责任 申报材料 资金台账 办理流程 服务标准 工作机制 信息数据 考核结果 对象名单 宣传培训 部门联动")
_WHO = _words("各乡镇人民政府 各街道办事处 区直各部门 有关单位 村民委员会 申请人 牵头部门 乡镇经办人员 主管部门")
_WHEN = _words(
    "每月5日前 自受理之日起15个工作日内 年底前 每季度末 本办法施行之日起 收到申请后3日内 当年度内 次月10日前"
)
_CONNECT = _words("应当 负责 可以 不得擅自 要及时 按照职责分工 依照有关规定 会同有关部门 应当如实")
_MARKS = _words("谯政 谯政办 谯民 谯人社 谯医保 谯教 谯农 谯财 谯住建 谯卫健")
_KINDS = _words("policy notice interpretation plan statistics budget")
_GENRES = _words("notice opinion reply announcement plan rule")
_VALIDITY = _words("in_force in_force in_force amended expired repealed")


def documents(count: int, *, length: int = 3000, seed: int = 1) -> Iterator[SearchDocument]:
    """Yield ``count`` documents of about ``length`` characters; the same for the same seed."""
    rng = random.Random(seed)
    terms = [word for word in government_words() if len(word) > 2]
    weights = [1 / (rank + 5) for rank in range(len(terms))]
    rng.shuffle(terms)
    start = datetime(2008, 5, 1, tzinfo=UTC)
    for item_id in range(1, count + 1):
        topics = rng.choices(terms, weights, k=6)
        published = start + timedelta(seconds=rng.randrange(18 * 365 * 86400))
        mark, year, number = rng.choice(_MARKS), published.year, rng.randrange(1, 400)
        organisation = rng.randrange(1, 61)
        subject = f"{rng.randrange(1, 23):02d}"
        yield SearchDocument(
            id=item_id,
            kind=rng.choice(_KINDS),
            title=f"亳州市谯城区关于{topics[0]}{rng.choice(['实施办法', '工作的通知', '有关事项的公告', '若干措施'])}",
            body="\n".join(_paragraphs(rng, topics, terms, weights, length)),
            document_number=f"{mark}〔{year}〕{number}号",
            mark=mark,
            year=year,
            number=number,
            organisation=organisation,
            organisation_path=(organisation, 1000),
            issuing_agencies=(f"谯城区第{organisation}单位",),
            subjects=(subject, f"{subject}{rng.randrange(1, 8):02d}"),
            genre=rng.choice(_GENRES),
            audiences=tuple(rng.sample(["person", "enterprise", "organisation"], rng.randrange(1, 3))),
            catalogue_rows=(rng.randrange(1, 400),),
            validity=rng.choice(_VALIDITY),
            normative=rng.random() < 0.2,
            document_date=date(year, published.month, published.day),
            published_at=published,
        )


def questions(count: int, *, seed: int = 2) -> list[str]:
    """Return questions as people type them: one or two terms that some document has, some with an everyday word."""
    rng = random.Random(seed)
    terms = [word for word in government_words() if 2 < len(word) < 8]
    tails = ["", "", "", " 通知", " 申请人", "怎么申请", " 资金台账"]
    asked = []
    for document in documents(count, length=600):
        known = [term for term in terms if term in document.body]
        asked.append(" ".join(rng.sample(known, min(len(known), rng.choice([1, 1, 2])))) + rng.choice(tails))
    return asked


def _paragraphs(
    rng: random.Random, topics: list[str], terms: list[str], weights: list[float], length: int
) -> Iterator[str]:
    written, article = 0, 1
    while written < length:
        pool = topics if rng.random() < 0.6 else rng.choices(terms, weights, k=3)
        sentences = [
            f"{rng.choice(_WHO)}{rng.choice(_CONNECT)}{rng.choice(_VERBS)}{rng.choice(pool)}{rng.choice(_OBJECTS)}，"
            f"{rng.choice(_WHEN)}{rng.choice(_VERBS)}{rng.choice(pool)}。"
            for _ in range(rng.randrange(2, 5))
        ]
        paragraph = f"第{article}条　{''.join(sentences)}"
        yield paragraph
        written += len(paragraph)
        article += 1
