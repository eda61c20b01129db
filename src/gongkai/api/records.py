"""What API v1 sends. Fields are only ever added within a version; descriptions are shown in the documentation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from gongkai.rules.validity import Status


@dataclass(frozen=True, slots=True)
class Coded:
    """词表代码及其名称。"""

    code: Annotated[str, "代码"]
    label: Annotated[str, "名称"]


@dataclass(frozen=True, slots=True)
class BodyReference:
    """发布机构。"""

    code: Annotated[str, "机构代码"]
    name: Annotated[str, "机构名称"]
    url: Annotated[str, "机构页面"]


@dataclass(frozen=True, slots=True)
class ValidityRecord:
    """政策文件在某一日的有效性，由生效、失效日期和修改、废止情况计算。"""

    status: Annotated[Status, "有效性"]
    label: Annotated[str, "有效性名称"]
    as_of: Annotated[date, "按哪一日计算"]
    valid: Annotated[bool, "该日是否有效"]
    explanation: Annotated[str, "说明"]


@dataclass(frozen=True, slots=True)
class ItemSummary:
    """列表中的一条信息。"""

    id: Annotated[int, "编号，更正后不变"]
    url: Annotated[str, "页面网址"]
    api_url: Annotated[str, "详情接口网址"]
    index_number: Annotated[str, "索引号"]
    kind: Annotated[Coded, "信息类型"]
    title: Annotated[str, "标题"]
    document_number: Annotated[str, "发文字号"]
    issuing_agencies: Annotated[tuple[str, ...], "发文机关"]
    organisation: Annotated[BodyReference, "发布机构"]
    document_date: Annotated[date | None, "成文日期"]
    published_on: Annotated[date | None, "发布日期"]
    expires_on: Annotated[date | None, "失效日期（有效期的最后一日）"]
    normative: Annotated[bool, "是否为行政规范性文件"]
    summary: Annotated[str, "内容概述"]
    validity: Annotated[ValidityRecord | None, "有效性；政策文件以外的信息没有"]


@dataclass(frozen=True, slots=True)
class ItemPage:
    """信息列表的一页。"""

    items: Annotated[tuple[ItemSummary, ...], "本页的信息"]
    total: Annotated[int | None, "符合条件的总数；按某一日计算有效性时不提供"]
    next: Annotated[str | None, "下一页网址；已是最后一页时没有"]


@dataclass(frozen=True, slots=True)
class FacetValueRecord:
    """筛选条件的一个取值。"""

    value: Annotated[str, "取值"]
    label: Annotated[str, "名称"]
    count: Annotated[int, "条数"]


@dataclass(frozen=True, slots=True)
class FacetRecord:
    """一项筛选条件及其取值；条数不受本项条件的影响。"""

    parameter: Annotated[str, "参数名称"]
    label: Annotated[str, "名称"]
    values: Annotated[tuple[FacetValueRecord, ...], "取值"]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """检索结果的一页。"""

    items: Annotated[tuple[ItemSummary, ...], "本页的信息"]
    total: Annotated[int, "符合条件的总数"]
    relaxed: Annotated[bool, "没有同时包含全部检索词的信息，结果只包含其中部分词"]
    facets: Annotated[tuple[FacetRecord, ...], "筛选条件"]
    next: Annotated[str | None, "下一页网址；已是最后一页时没有"]


@dataclass(frozen=True, slots=True)
class FileRecord:
    """附件或者由正文生成的文字版。"""

    title: Annotated[str, "标题"]
    name: Annotated[str, "文件名"]
    format: Annotated[str, "格式"]
    size: Annotated[int | None, "字节数；下载时生成的没有"]
    url: Annotated[str, "下载网址"]


@dataclass(frozen=True, slots=True)
class RowReference:
    """公开目录的一个栏目。"""

    id: Annotated[int, "编号"]
    label: Annotated[str, "名称"]
    url: Annotated[str, "栏目页面"]


@dataclass(frozen=True, slots=True)
class RowPath:
    """信息所在栏目，自上而下。"""

    path: Annotated[tuple[RowReference, ...], "各级栏目"]


@dataclass(frozen=True, slots=True)
class ItemReference:
    """有关联的信息。"""

    id: Annotated[int, "编号"]
    title: Annotated[str, "标题"]
    document_number: Annotated[str, "发文字号"]
    url: Annotated[str, "页面网址"]
    api_url: Annotated[str, "详情接口网址"]


@dataclass(frozen=True, slots=True)
class TieRecord:
    """一项关联。"""

    relation: Annotated[str, "关联的种类，自本条信息看，如 repealed_by"]
    label: Annotated[str, "关联的名称"]
    item: Annotated[ItemReference, "对方"]
    effective_on: Annotated[date | None, "关联生效日期"]
    note: Annotated[str, "说明"]


@dataclass(frozen=True, slots=True)
class CitationRecord:
    """正文中可以确定所指的引用。"""

    text: Annotated[str, "正文中的写法"]
    item_id: Annotated[int, "所指信息的编号"]


@dataclass(frozen=True, slots=True)
class EditionRecord:
    """历次发布的版本。"""

    number: Annotated[int, "版次"]
    published_at: Annotated[datetime | None, "发布时间"]
    change_note: Annotated[str, "更正说明"]
    url: Annotated[str, "页面网址"]
    api_url: Annotated[str, "详情接口网址"]


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """变更记录的一行。"""

    at: Annotated[datetime, "时间"]
    what: Annotated[str, "变更"]
    note: Annotated[str, "说明"]


@dataclass(frozen=True, slots=True)
class DetailRecord:
    """只有本类信息才有的要素。"""

    label: Annotated[str, "名称"]
    value: Annotated[str, "内容"]


@dataclass(frozen=True, slots=True)
class TableRecord:
    """信息所附的补贴表，个人信息已经脱敏。"""

    title: Annotated[str, "表名"]
    rows: Annotated[int, "条数"]
    columns: Annotated[tuple[str, ...], "各列的名称"]
    url: Annotated[str, "表格页面，可以查询和排序"]
    files: Annotated[tuple[FileRecord, ...], "全表"]


@dataclass(frozen=True, slots=True)
class ItemDetail:
    """一条信息的全部公开内容。"""

    id: Annotated[int, "编号，更正后不变"]
    url: Annotated[str, "页面网址"]
    api_url: Annotated[str, "本接口网址"]
    index_number: Annotated[str, "索引号"]
    kind: Annotated[Coded, "信息类型"]
    edition: Annotated[int, "版次"]
    is_current: Annotated[bool, "是否为现行版本"]
    title: Annotated[str, "标题"]
    document_number: Annotated[str, "发文字号"]
    issuing_agencies: Annotated[tuple[str, ...], "发文机关"]
    organisation: Annotated[BodyReference, "发布机构"]
    published_at: Annotated[datetime | None, "本版本发布时间"]
    published_on: Annotated[date | None, "发布日期（自其他网站迁入的，为原发布日期）"]
    document_date: Annotated[date | None, "成文日期"]
    issued_on: Annotated[date | None, "发文日期"]
    formed_on: Annotated[date | None, "生成日期"]
    effective_from: Annotated[date | None, "生效日期"]
    expires_on: Annotated[date | None, "失效日期（有效期的最后一日）"]
    normative: Annotated[bool, "是否为行政规范性文件"]
    validity: Annotated[ValidityRecord | None, "有效性；政策文件以外的信息没有"]
    subjects: Annotated[tuple[Coded, ...], "主题分类"]
    genre: Annotated[Coded | None, "体裁分类"]
    audiences: Annotated[tuple[Coded, ...], "服务对象分类"]
    keywords: Annotated[tuple[str, ...], "关键词"]
    summary: Annotated[str, "内容概述"]
    content_source: Annotated[str, "信息来源"]
    source_url: Annotated[str, "来源网址"]
    enquiry_agency: Annotated[str, "咨询机构"]
    enquiry_phone: Annotated[str, "咨询电话"]
    details: Annotated[tuple[DetailRecord, ...], "本类信息的其他要素"]
    body_html: Annotated[str, "正文（HTML，已经清理，不含脚本和样式）"]
    body_text: Annotated[str, "正文（文字）"]
    attachments: Annotated[tuple[FileRecord, ...], "附件"]
    downloads: Annotated[tuple[FileRecord, ...], "正文的文字版"]
    table: Annotated[TableRecord | None, "补贴表；没有表格的信息没有"]
    catalogue_rows: Annotated[tuple[RowPath, ...], "所在栏目"]
    relations: Annotated[tuple[TieRecord, ...], "与其他信息的关联"]
    citations: Annotated[tuple[CitationRecord, ...], "引用的文件"]
    cited_by: Annotated[tuple[ItemReference, ...], "引用本文件的信息"]
    editions: Annotated[tuple[EditionRecord, ...], "历次版本，最新的在前"]
    changes: Annotated[tuple[ChangeRecord, ...], "变更记录，最新的在前"]


@dataclass(frozen=True, slots=True)
class BodyRecord:
    """公开机构。"""

    code: Annotated[str, "机构代码"]
    name: Annotated[str, "名称"]
    short_name: Annotated[str, "简称"]
    kind: Annotated[Coded, "类别"]
    parent: Annotated[str | None, "上级机构代码"]
    uscc: Annotated[str, "统一社会信用代码"]
    url: Annotated[str, "机构页面"]
    items: Annotated[int, "已公开信息条数"]
    disclosure_office: Annotated[str, "政府信息公开工作机构"]
    address: Annotated[str, "办公地址"]
    office_hours: Annotated[str, "办公时间"]
    phone: Annotated[str, "联系电话"]
    fax: Annotated[str, "传真号码"]
    email: Annotated[str, "电子邮箱"]
    website: Annotated[str, "互联网联系方式"]
    postcode: Annotated[str, "邮政编码"]


@dataclass(frozen=True, slots=True)
class BodyList:
    """全部公开机构，按排序。"""

    organisations: Annotated[tuple[BodyRecord, ...], "机构"]


@dataclass(frozen=True, slots=True)
class VocabularyReference:
    """一份词表。"""

    name: Annotated[str, "词表代号"]
    title: Annotated[str, "名称"]
    version: Annotated[str, "版本"]
    source: Annotated[str, "依据"]
    effective_from: Annotated[date, "启用日期"]
    api_url: Annotated[str, "词条接口网址"]


@dataclass(frozen=True, slots=True)
class VocabularyList:
    """全部词表。"""

    vocabularies: Annotated[tuple[VocabularyReference, ...], "词表"]


@dataclass(frozen=True, slots=True)
class TermRecord:
    """一个词条。"""

    code: Annotated[str, "代码"]
    label: Annotated[str, "名称"]
    parent: Annotated[str | None, "上级代码"]
    note: Annotated[str, "说明"]


@dataclass(frozen=True, slots=True)
class VocabularyRecord:
    """词表及其词条。"""

    name: Annotated[str, "词表代号"]
    title: Annotated[str, "名称"]
    version: Annotated[str, "版本"]
    source: Annotated[str, "依据"]
    effective_from: Annotated[date, "启用日期"]
    terms: Annotated[tuple[TermRecord, ...], "词条，按排序"]


@dataclass(frozen=True, slots=True)
class CatalogueRowRecord:
    """公开目录的一个栏目。"""

    id: Annotated[int, "编号，用于 row 参数"]
    code: Annotated[str, "代码"]
    label: Annotated[str, "名称"]
    parent: Annotated[int | None, "上级栏目编号"]
    depth: Annotated[int, "级次，最上级为 0"]
    statutory_class: Annotated[str, "《条例》第二十条的项"]
    items: Annotated[int, "已公开信息条数，含下级栏目"]
    url: Annotated[str, "栏目页面"]


@dataclass(frozen=True, slots=True)
class CatalogueRecord:
    """现行公开目录的全部栏目，上级在前。"""

    code: Annotated[str, "目录代码"]
    rows: Annotated[tuple[CatalogueRowRecord, ...], "栏目"]


@dataclass(frozen=True, slots=True)
class ChangeLineRecord:
    """信息公开、更正或者撤回的一次记录。"""

    id: Annotated[int, "记录编号，只增不减"]
    at: Annotated[datetime, "时间"]
    what: Annotated[str, "变更"]
    note: Annotated[str, "公开说明"]
    item_id: Annotated[int, "信息编号"]
    index_number: Annotated[str, "索引号"]
    withdrawn: Annotated[bool, "该信息现在是否已撤回；已撤回的应当同步撤下"]
    url: Annotated[str, "页面网址"]
    api_url: Annotated[str, "详情接口网址"]


@dataclass(frozen=True, slots=True)
class ChangePage:
    """变更记录的一页，自早至晚。"""

    changes: Annotated[tuple[ChangeLineRecord, ...], "变更记录"]
    next: Annotated[str | None, "下一页网址；暂无更多时没有，可用 after 参数从最后一条的编号继续"]
