"""The column (栏目) a page belongs to, for the page tags of government sites (国办发〔2017〕47号: ColumnName, ColumnType …)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gongkai.disclosure.public import ItemPage
from gongkai.rules.vocabulary import vocabulary
from gongkai.web.shared.templating import site

TYPES: Mapping[str, str] = {
    "library": "政策文件",
    "statutory": "法定主动公开内容",
    "organisations": "公开机构",
    "requests": "依申请公开",
    "reports": "政府信息公开年报",
    "search": "检索",
    "guide": "政府信息公开指南",
    "disclosure-rules": "政府信息公开制度",
}
"""ColumnType by the entry of the main navigation; every other page is 政府信息公开."""
OTHER = "政府信息公开"


@dataclass(frozen=True, slots=True)
class Column:
    """The four column tags."""

    name: str
    type: str
    description: str
    keywords: str


def column_of(title: str, section: str) -> Column:
    """The column a list or a standing page is."""
    return _column(title, TYPES.get(section, OTHER))


def column_of_item(page: ItemPage) -> Column:
    """The column an item stands in: its catalogue row, or else its kind."""
    kind = vocabulary("item_kinds").label(page.kind)
    return _column(page.rows[0][-1].label if page.rows and page.rows[0] else kind, kind)


def _column(name: str, type_: str) -> Column:
    owner = site().owner
    keywords = ",".join(dict.fromkeys((name, type_, OTHER)))
    return Column(name, type_, f"{owner}{OTHER}平台“{name}”栏目", keywords)
