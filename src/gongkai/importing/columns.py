"""What the import itself needs of a row or page, under its many names.

The facts of the document (文号, 机关, 日期 …) are read from the same row by `gongkai.text.document_facts`, which knows their names.
"""

import re
from collections.abc import Mapping
from typing import Any

SYNONYMS: dict[str, tuple[str, ...]] = {
    "id": ("id", "编号", "主键", "docid", "manuscriptid"),
    "title": ("title", "标题", "名称", "文件名称", "文件标题", "政策名称", "articletitle", "信息名称"),
    "text": ("text", "content", "正文", "内容", "全文", "文本", "plain_answer", "正文内容"),
    "html": ("html", "正文html", "content_html", "htmlcontent"),
    "published_on": (
        "published_on",
        "date_published",
        "发布日期",
        "发布时间",
        "公开日期",
        "pubdate",
        "firstpublishedtime",
    ),
    "version_date": ("version_date", "版本日期"),
    "order_numbers": ("order_numbers", "公布令"),
    "category": ("category", "效力级别", "doc_type"),
    "kind": ("kind", "信息类型"),
    "keywords": ("keywords", "关键词", "主题词"),
    "summary": ("summary", "内容概述", "摘要", "description"),
    "content_source": ("content_source", "contentsource", "信息来源", "来源"),
    "url": ("url", "网址", "链接", "原文链接", "地址"),
    "interprets": ("interprets", "policy_ids", "解读文件", "对应文件", "关联政策"),
    "enquiry_phone": ("enquiry_phone", "phone", "咨询电话", "联系电话"),
    "enquiry_agency": ("enquiry_agency", "咨询机构", "咨询单位"),
}
"""Our name of each fact, and the names it comes under; the first that is filled wins."""

_LOOKUP = {name: ours for ours, names in SYNONYMS.items() for name in names}
_TRIM = re.compile(r"[\s:：*＊（）()]+")


def canonical(row: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of one row under our names; empty values are left out, and of synonyms the earlier in `SYNONYMS` wins."""
    found: dict[str, tuple[int, Any]] = {}
    for name, value in row.items():
        key = _TRIM.sub("", str(name)).lower()
        ours = _LOOKUP.get(key)
        if ours is None or value in (None, "", [], {}):
            continue
        rank = SYNONYMS[ours].index(key)
        if ours not in found or rank < found[ours][0]:
            found[ours] = (rank, value)
    return {ours: value for ours, (_, value) in found.items()}
