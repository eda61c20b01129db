"""The audit log as people read it: who did what to which object, when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from gongkai.audit.models import AuditRecord
from gongkai.foi.documents import KINDS
from gongkai.organisations.models import Organisation
from gongkai.organisations.selectors import bodies_where
from gongkai.rules.access import Action, Actor, Role, Subject, can
from gongkai.rules.case_events import TRANSITIONS
from gongkai.rules.reasons import Refused
from gongkai.rules.receipt import Channel
from gongkai.rules.relations import RelationKind
from gongkai.rules.review_chain import review_steps
from gongkai.rules.table_kinds import table_kinds
from gongkai.rules.tags import tag_label
from gongkai.rules.vocabulary import vocabulary
from gongkai.web.office.pages import office_page, show
from gongkai.web.shared.dates import local
from gongkai.web.shared.pager import paginate

PAGE = 50

ACTIONS = {
    "item.create": "新建", "item.edit": "修改", "item.autosave": "开始编写（自动保存）",
    "item.autosave-discard": "放弃自动保存的内容", "item.discard": "放弃草稿", "item.attach": "上传附件", "item.detach": "移除附件",
    "item.reclassify": "调整目录事项", "item.tag": "确认专题标签", "popularity.exclude": "移出热度榜", "popularity.put_back": "恢复进入热度榜", "item.card-save": "填写政策卡片", "item.card-discard": "放弃政策卡片草稿", "item.card-publish": "发布政策卡片", "item.card-withdraw": "撤下政策卡片", "exemplary.add": "添加优秀解读", "exemplary.remove": "移除优秀解读", "topic.create": "新建专题", "topic.edit": "修改专题", "topic.publish": "发布专题", "topic.archive": "归档专题", "topic.reopen": "恢复专题", "topic.delete": "删除专题草稿", "item.submit": "提交审核", "item.approve": "审核通过", "item.send_back": "退回修改",
    "policy-group.save": "编辑政策组合", "policy-group.publish": "发布政策组合", "policy-group.withdraw": "撤回政策组合",
    "item.sign": "签发", "item.return_to_draft": "撤回签发", "item.explain": "说明未同步解读的原因", "item.publish": "发布", "item.correct": "建立更正版本",
    "item.withdraw": "撤回", "item.relate": "建立关联", "item.unrelate": "取消关联", "item.import": "导入",
    "organisation.create": "新建机构", "organisation.edit": "修改机构", "organisation.activate": "启用机构",
    "organisation.deactivate": "停用机构", "user.create": "新建账号", "user.edit": "修改账号", "user.grant_role": "设置角色",
    "user.revoke_role": "取消角色", "user.activate": "启用账号", "user.deactivate": "停用账号", "user.reset_password": "重置密码",
    "user.change_role_days": "调整任职日期", "user.change_password": "修改密码", "user.reset_second_factor": "重置两步验证",
    "user.lift_lock": "解除登录锁定", "user.disclaim_sign_in": "声明非本人登录", "user.link_identity": "绑定统一身份认证",
    "user.unlink_identity": "解除统一身份认证绑定",
    "search.treat": "登记检索处理", "popular_search.exclude": "排除热门搜索", "popular_search.restore": "恢复热门搜索",
    "catalogue.create": "建立目录", "sample.load": "装入示例数据", "import.finish": "导入完成",
    "calendar.propose": "提出工作日安排", "calendar.approve": "启用工作日安排", "calendar.withdraw": "撤销工作日安排",
    "dictionary.change": "修改检索词典", "item.finding-mend": "按检查建议改正", "item.finding-strip": "公开文件清除附带信息",
    "item.finding-dismiss": "忽略检查提醒", "item.finding-override": "放行严重问题", "item.public-copies": "附件换为清除附带信息的公开文件",
    "item.table-upload": "上传补贴表", "item.table-columns": "确认补贴表的列", "item.table-accept": "补贴表放入草稿",
    "item.remark": "标注修改意见", "item.remark-answer": "办理修改意见", "item.remark-take-back": "撤回修改意见",
    "review_chain.set": "设置审核流程", "review_chain.drop": "取消审核流程", "digest.choose": "设置待办邮件", "delegation.create": "委托代理", "delegation.end": "结束代理",
    "request_settings.change": "修改依申请公开办理设置",
    "subscription.ask": "申请邮件订阅", "subscription.confirm": "确认邮件订阅", "subscription.change": "调整邮件订阅", "subscription.leave": "退订",
    "item.table-abandon": "放弃补贴表上传", "item.table-remove": "移除补贴表", "item.table-source": "下载原始补贴表",
    "item.supersede": "由新版本替代", "catalogue.adopt": "启用目录", "case.identity_read": "查看证件号码", "case.code_renewed": "重新发放查询码",
    "case.archive_pack": "导出归档材料", "case.document_add": "上传材料", "case.document_remove": "移除材料",
    "case.document_read": "查看材料", "case.redaction_save": "保存遮盖", "case.redaction_request": "提交生成遮盖件",
    "case.redaction_burnt": "生成遮盖件",
} | {f"case.{event}": row.label for event, row in TRANSITIONS.items()}  # fmt: skip
OBJECTS = {
    "item": "信息",
    "organisation": "机构",
    "user": "人员",
    "catalogue": "目录",
    "sample": "示例数据",
    "import_run": "导入批次",
    "searched_text": "检索词",
    "excluded_search": "热门搜索排除词",
    "dictionary": "检索词典",
    "review_chain": "审核流程",
    "delegation": "代理授权",
    "calendar_year": "工作日安排",
    "case": "办件",
    "followed_list": "邮件订阅的列表",
    "topic": "专题",
    "exemplary": "省市优秀解读",
    "policy_group": "政策组合",
}
DETAILS = {
    "title": "标题", "source": "来源", "index_number": "索引号", "copied_from": "复制自", "edition": "版次", "fields": "修改的要素", "name": "名称", "secrecy_basis": "保密审查结论",
    "remark": "意见", "scheduled_for": "定时发布", "interpretation_note": "未同步解读的说明", "signed_with": "一并签发的解读", "with_document": "随文件一并签发", "interpretation": "撤回签发的解读", "note": "说明", "reason": "原因", "kind": "类别", "target": "关联信息",
    "effective_on": "生效日期", "code": "代码", "user": "人员", "username": "用户名", "role": "角色", "issuer": "身份认证系统", "roles": "角色",
    "before": "原为", "after": "现为", "vocabularies": "词表版本", "matter": "事项序号", "number": "版次", "count": "数量", "sha256": "文件摘要", "sample": "示例编号", "key": "来源键",
    "origin": "来源", "added": "新增", "known": "已有", "rejected": "未导入", "relations": "建立关联",
    "text": "检索词", "step": "处理", "term": "词", "whole": "仅完全一致时", "public_reason": "公开原因", "version": "版本",
    "year": "年份", "sheet": "工作表", "columns": "列", "rows": "行数", "warnings": "已核对的提醒", "digest": "内容摘要",
    "rule": "规则", "part": "部分", "message": "问题", "justification": "理由", "acting_for": "代理", "opinion": "审核意见", "review_step": "环节", "chain": "审核流程", "steps": "审核环节", "distinct": "各级不同人员",
    "quote": "原文", "answer": "办理情况", "principal": "委托人", "delegate": "代理人", "starts_on": "开始", "ends_on": "结束", "occasion": "事由", "frequency": "接收方式", "changes": "变更", "whose": "证件",
    "seq": "办理记录序号", "on": "日期", "channel": "提交渠道", "tracking": "申请编号", "checked": "身份核验方式", "files": "文件数",
    "document": "材料编号", "documents": "材料编号", "copy": "遮盖件编号", "boxes": "遮盖处数", "revision": "修订次数",
    "replaced": "取代的版本", "branches": "目录类别数", "leaves": "目录事项数", "duties": "公开责任数",
}  # fmt: skip
FIELDS = {
    "title": "标题", "body": "正文", "summary": "内容概述", "keywords": "关键词", "content_source": "信息来源", "source_url": "来源链接",
    "document_number": "发文字号", "issuing_agencies": "发文机关", "document_date": "成文日期", "issued_on": "发文日期",
    "formed_on": "生成日期", "effective_from": "生效日期", "expires_on": "失效日期", "public_until": "公开截止日期", "normative": "规范性文件", "subjects": "主题分类",
    "genre": "体裁分类", "audiences": "服务对象", "life_cycle": "生命周期", "enquiry_agency": "咨询机构", "enquiry_phone": "咨询电话",
    "details": "本类要素", "display_name": "姓名", "phone": "办公电话", "email": "电子邮箱", "staff_number": "工号", "disclosure_attribute": "公开属性", "non_disclosure_reason": "不予主动公开的理由", "rows": "目录事项",
    "tags": "专题标签",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One record in words."""

    sequence: int
    at: datetime
    actor: str
    action: str
    object_type: str
    object_id: str
    organisation: str
    details: tuple[tuple[str, str], ...]


def described(records: Iterable[AuditRecord], bodies: dict[int, str] | None = None) -> list[Line]:
    """Put records into words; `bodies` names the organisations where they are to be shown."""
    return [
        Line(
            record.sequence,
            local(record.at),
            record.actor_name,
            ACTIONS.get(record.action, record.action),
            OBJECTS.get(record.object_type, record.object_type),
            record.object_id,
            (bodies or {}).get(record.organisation_id or 0, ""),
            tuple(
                (DETAILS.get(key, key), _words(record.action, key, value))
                for key, value in record.detail.items()
                if value not in ("", None, [])
            ),
        )
        for record in records
    ]


def _words(action: str, key: str, value: Any) -> str:
    if key == "fields":
        return "、".join(FIELDS.get(str(one), str(one)) for one in value)
    if action == "item.tag" and key in ("before", "after"):
        return "、".join(tag_label(str(one)) for one in value) or "无"
    if key == "reason":
        return vocabulary("withdrawal_reasons").label(str(value))
    if key == "channel":
        return Channel(value).label if value in set(Channel) else str(value)
    if key == "kind":
        return _kind(action, str(value))
    if key in ("chain", "steps"):
        known = review_steps()
        return " → ".join(known[one].label if one in known else str(one) for one in value)
    if key == "role":
        return _role(value)
    if key == "roles":
        return "、".join(_role(one[1] if isinstance(one, list) else one) for one in value)
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def _kind(action: str, code: str) -> str:
    """The kind of a document of a case, of a subsidy list or of a relation, as the action has it."""
    if action.startswith("case."):
        return KINDS.get(code, code)
    if action.startswith("item.table-"):
        return table_kinds()[code].label if code in table_kinds() else code
    return RelationKind(code).type.label if code in set(RelationKind) else code


def _role(code: Any) -> str:
    return Role(code).label if code in set(Role) else str(code)


@office_page()
def audit_log(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The log of one's bodies, or of all for the district office and administrators; newest first."""
    bodies = bodies_where(actor, Action.VIEW_AUDIT)
    if bodies == frozenset():
        raise Refused(can(actor, Action.VIEW_AUDIT, Subject(None)).reasons)
    records = AuditRecord.objects.all() if bodies is None else AuditRecord.objects.filter(organisation_id__in=bodies)
    page = paginate(records, ("-sequence",), request.GET, PAGE)
    names = dict(
        Organisation.objects.filter(pk__in={r.organisation_id for r in page.rows}).values_list("pk", "short_name")
    )
    context = {"page": page, "lines": described(page.rows, names), "section": "audit"}
    return show(request, actor, "audit.html", context)
