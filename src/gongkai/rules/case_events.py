"""What can happen to a case (办件), as one table: from which states, by whom, on which article, with which particulars, leading where.

《条例》§29–§45. A row without target leaves the state as it is: consultations, extensions and supervision go on beside the drafting. Who may is
told by roles in three places: in the body that answers, in a unit that works on it (承办单位), and anywhere (主管部门的监督, §46–47).
What else must be true is in `case_guards`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gongkai.rules.access import Actor, Role
from gongkai.rules.case_states import CaseState
from gongkai.rules.reasons import Reason


class CaseEvent(StrEnum):
    """事项."""

    SUBMIT = "submit"
    CONFIRM_RECEIPT = "confirm_receipt"
    REGISTER = "register"
    VOID = "void"
    CLAIM = "claim"
    ASSIGN = "assign"
    GIVE_OPINION = "give_opinion"
    GIVE_BACK = "give_back"
    SPLIT = "split"
    TRANSFER = "transfer"
    SEND_CORRECTION_NOTICE = "send_correction_notice"
    RECEIVE_CORRECTION = "receive_correction"
    CORRECTION_LAPSED = "correction_lapsed"
    SEND_CONSULTATION = "send_consultation"
    SERVE_CONSULTATION = "serve_consultation"
    RECEIVE_OPINION = "receive_opinion"
    OPINION_LAPSED = "opinion_lapsed"
    REQUEST_EXTENSION = "request_extension"
    APPROVE_EXTENSION = "approve_extension"
    REFUSE_EXTENSION = "refuse_extension"
    SERVE_EXTENSION = "serve_extension"
    REQUEST_REASONS = "request_reasons"
    RECEIVE_REASONS = "receive_reasons"
    REASONS_LAPSED = "reasons_lapsed"
    DEFER = "defer"
    SEND_FEE_NOTICE = "send_fee_notice"
    RECEIVE_PAYMENT = "receive_payment"
    PAYMENT_LAPSED = "payment_lapsed"
    RECORD_SEARCH = "record_search"
    LINK_SAME = "link_same"
    DRAFT = "draft"
    SEND_FOR_REVIEW = "send_for_review"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    SIGN = "sign"
    SERVE = "serve"
    RECORD_DELIVERY = "record_delivery"
    WITHDRAW = "withdraw"
    ARCHIVE = "archive"
    SUPERVISE = "supervise"
    REPLY_SUPERVISION = "reply_supervision"
    FILE_REMEDY = "file_remedy"
    DECIDE_REMEDY = "decide_remedy"
    REHANDLE = "rehandle"
    SUPPLEMENT = "supplement"
    PROPOSE_PROMOTION = "propose_promotion"
    LOG_ANSWER = "log_answer"
    NOTE = "note"
    RECOMPUTE = "recompute"

    @property
    def label(self) -> str:
        """What the office calls it."""
        return TRANSITIONS[self].label


@dataclass(frozen=True, slots=True)
class Field:
    """One particular of an event: its name in the record, its label, what it is and whether it must be given."""

    name: str
    label: str
    kind: str = "text"
    """text, long, date, days, count, flag, choice, consultation, body, remedy."""
    required: bool = True
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Transition:
    """One row."""

    event: CaseEvent
    label: str
    sources: tuple[CaseState, ...]
    target: CaseState | None
    article: str
    roles: frozenset[Role] = frozenset()
    """In the body that answers."""
    unit_roles: frozenset[Role] = frozenset()
    """In a unit it is assigned to."""
    any_roles: frozenset[Role] = frozenset()
    """Anywhere."""
    fields: tuple[Field, ...] = ()
    day: str = ""
    """What the day of the event is, where it may be another than today; empty: it is today."""
    files: str = ""
    """Kind of the documents that may come with it."""
    letter: str = ""
    """Code of the letter it makes (`letter_types`)."""
    told: str = ""
    """What the applicant reads of it; empty: nothing. `{…}` are names of fields, and `{day}`."""
    own_page: bool = False
    """Whether it has a page of its own in the office instead of the general form."""
    help: str = ""

    @property
    def by_system(self) -> bool:
        """Whether only the passing of time brings it about."""
        return not (self.roles or self.unit_roles or self.any_roles)


_C, _R, _L, _S, _H, _D, _A = Role
DESK = frozenset({_C, _R, _S, _H, _D})
"""Who handles cases in the body that answers; 区公开办 handles those of the district government, where the role is held."""
HEADS = frozenset({_S, _H})
"""政府信息公开工作机构负责人, and those who sign."""
REVIEWERS = frozenset({_R, _L, _H, _D})
UNIT = frozenset({_C, _R, _S, _H})
SUPERVISORS = frozenset({_D})
VIEWERS = frozenset({_C, _R, _L, _S, _H, _D})
"""Who may see a case of the body. Administrators of the system see none: applicants' data are not theirs to read (《个人信息保护法》§6)."""

_NEW = (CaseState.AWAITING_CONFIRMATION, CaseState.AWAITING_REGISTRATION)
_WORK = (CaseState.IN_PROGRESS,)
_DRAFTED = (CaseState.AWAITING_REVIEW, CaseState.AWAITING_SIGN_OFF)
_UNDECIDED = tuple(state for state in CaseState if state.undecided)
_ACCEPTED = tuple(state for state in _UNDECIDED if state not in _NEW)
_OPEN = tuple(state for state in CaseState if state.open)
_DONE = (CaseState.CLOSED,)
_ENDED = (CaseState.CLOSED, CaseState.WITHDRAWN)
_ALL = tuple(CaseState)

_PARTIES = (
    ("third_party", "第三方（商业秘密、个人隐私，§32）"),
    ("co_producer", "共同制作机关（§34）"),
    ("other_agency", "其他机关（§33）"),
)
OPINIONS = (("agrees", "同意公开"), ("objects", "不同意公开"), ("partly", "部分同意"))
_CONFIRMED = (("phone", "电话"), ("text", "短信"), ("mail", "电子邮件"), ("in_person", "当面"), ("other", "其他方式"))
WAYS = (
    ("in_person", "当面领取（直接送达）"),
    ("agent", "委托送达"),
    ("post", "邮政企业寄送"),
    ("online", "网上答复"),
    ("mail", "电子邮件"),
    ("fax", "传真"),
)
REMEDIES = (
    ("reconsideration", "行政复议"),
    ("direct_litigation", "行政诉讼（未经复议直接起诉）"),
    ("litigation_after_reconsideration", "行政诉讼（复议后起诉）"),
    ("complaint", "投诉、举报"),
)
RESULTS = (("upheld", "结果维持"), ("corrected", "结果纠正"), ("other", "其他结果"))
_CONSULTATION = Field("consultation", "征求意见对象", "consultation")
_REASON = Field("reason", "理由", "long")


def _row(event: CaseEvent, label: str, sources: tuple[CaseState, ...], target: CaseState | None, article: str, **more: object) -> Transition:  # fmt: skip
    return Transition(event, label, sources, target, article, **more)  # type: ignore[arg-type]


_E, _T = CaseEvent, CaseState
_ROWS = (
    _row(_E.SUBMIT, "提交", (), None, "《条例》§29", own_page=True, told="已提交申请。"),
    _row(
        _E.CONFIRM_RECEIPT, "确认收到", (_T.AWAITING_CONFIRMATION,), _T.AWAITING_REGISTRATION, "《条例》§31",
        roles=DESK, day="双方确认之日", told="已与您确认收到申请，收到日期为{day}。",
        fields=(Field("how", "确认方式", "choice", choices=_CONFIRMED), Field("with_whom", "与谁确认", required=False)),
        help="互联网、传真和平常信函提交的申请，双方确认之日为收到之日，答复期限自次日起算。",
    ),
    _row(
        _E.REGISTER, "登记", (_T.AWAITING_REGISTRATION,), _T.IN_PROGRESS, "《条例》§45", roles=DESK,
        letter="receipt_notice", told="已登记，开始办理。",
        help="登记后生成登记编号和登记回执，开始计算答复期限。",
    ),
    _row(
        _E.VOID, "作废", _NEW, _T.VOID, "《条例》§29", roles=frozenset({_R, _S, _H, _D}), fields=(_REASON,),
        told="您提交的内容未作为政府信息公开申请受理：{reason}",
        help="仅用于测试、误投和不含任何申请内容的提交；不属于政府信息的，应当登记后依法答复。",
    ),
    _row(_E.CLAIM, "领办", _ACCEPTED, None, "《条例》§45", roles=DESK, unit_roles=UNIT),
    _row(
        _E.ASSIGN, "交办", _WORK, None, "《条例》§45", roles=DESK, letter="assignment_notice",
        fields=(
            Field("body", "承办单位", "body"),
            Field("lead", "承办方式", "choice", choices=(("lead", "牵头承办"), ("assist", "协办"))),
            Field("due_on", "承办期限", "date", help="默认为交办后第 5 个工作日。", required=False),
            Field("remark", "交办意见", "long", required=False),
        ),
    ),
    _row(
        _E.GIVE_OPINION, "提交承办意见", _ACCEPTED, None, "《条例》§45", unit_roles=UNIT, files="opinion",
        fields=(Field("opinion", "承办意见", "long", help="写明检索情况、是否掌握、能否公开及依据。"),),
    ),
    _row(_E.GIVE_BACK, "退回交办", _ACCEPTED, None, "《条例》§45", unit_roles=UNIT, fields=(_REASON,)),
    _row(
        _E.SPLIT, "拆分", _WORK, None, "国办函〔2020〕109号 一事一申请", roles=DESK,
        fields=(Field("parts", "拆分后的各项内容", "long", help="每行一项；本件保留第一项，其余各项分别登记为新的办件，收到日期不变。"),),
        told="您的申请包含多项内容，已按“一事一申请”拆分办理。",
    ),
    _row(
        _E.TRANSFER, "转送", (*_NEW, *_WORK), _T.AWAITING_REGISTRATION, "《条例》§10、§36（五）", roles=DESK, day="转送之日",
        fields=(
            Field("body", "转送至", "body"), _REASON,
            Field("consent", "申请人同意转送的情况", help="写明何时、以何种方式征得申请人同意。"),
        ),
        letter="transfer_notice", told="经您同意，申请已转送{body}办理，答复期限自该机关收到之日起计算。",
    ),
    _row(
        _E.SEND_CORRECTION_NOTICE, "发补正通知", _WORK, _T.AWAITING_CORRECTION, "《条例》§30", roles=DESK,
        day="通知发出之日", letter="correction_notice",
        fields=(
            Field("items", "需要补正的事项", "long", help="逐项写明哪里不明确。"),
            Field("guidance", "指导和释明", "long", False, "怎样补充才便于查找，可以举例。"),
            Field("reply_by", "补正期限", "date", help="合理的期限，一般不少于 10 个工作日。"),
        ),
        told="需要您补正：{items}（请在{reply_by}前补正；收到补正后重新计算答复期限）。",
        help="自收到申请之日起 7 个工作日内一次性告知，只能告知一次。",
    ),
    _row(
        _E.RECEIVE_CORRECTION, "收到补正", (_T.AWAITING_CORRECTION, _T.IN_PROGRESS), _T.IN_PROGRESS, "《条例》§30",
        roles=DESK, day="收到补正之日", files="correction",
        fields=(
            Field("content", "补正内容", "long"),
            Field("still_unclear", "补正后仍不明确", "flag", False),
            Field("justified", "逾期补正的正当理由", required=False, help="仅在补正期限届满后收到时填写。"),
        ),
        told="已收到您的补正，答复期限自收到补正之日起重新计算。",
    ),
    _row(_E.CORRECTION_LAPSED, "补正逾期", (_T.AWAITING_CORRECTION,), _T.IN_PROGRESS, "《条例》§30", told="补正期限已届满。"),
    _row(
        _E.SEND_CONSULTATION, "发征求意见", _WORK, None, "《条例》§32—§34", roles=DESK, day="征求意见书发出之日",
        fields=(
            Field("party", "征求对象", "choice", choices=_PARTIES),
            Field("name", "名称（姓名）"),
            Field("address", "送达地址或者方式", required=False),
            Field("asked", "征求意见的内容", "long"),
        ),
        letter="consultation", told="正在征求第三方或者其他机关的意见，征求意见所需时间不计入答复期限。",
    ),
    _row(
        _E.SERVE_CONSULTATION, "征求意见书送达", _ACCEPTED, None, "《条例》§32", roles=DESK, day="对方收到之日", files="proof",
        fields=(_CONSULTATION,), help="第三方和机关的 15 个工作日自其收到征求意见书之日起计算。",
    ),
    _row(
        _E.RECEIVE_OPINION, "意见收悉", _ACCEPTED, None, "《条例》§32、§34", roles=DESK, day="收到意见之日", files="opinion",
        fields=(
            _CONSULTATION, Field("opinion", "意见", "choice", choices=OPINIONS),
            Field("content", "意见内容和理由", "long", required=False),
        ),
        told="征求意见已有回复。",
    ),
    _row(_E.OPINION_LAPSED, "意见逾期", _ACCEPTED, None, "《条例》§32、§34", fields=(_CONSULTATION,), told="征求意见期限已届满。"),
    _row(
        _E.REQUEST_EXTENSION, "提请延期", (*_WORK, *_DRAFTED), None, "《条例》§33", roles=DESK,
        fields=(Field("days", "延长的工作日数", "days", help="最长 20 个工作日，只能延长一次。"), _REASON),
    ),
    _row(
        _E.APPROVE_EXTENSION, "批准延期", (*_WORK, *_DRAFTED), None, "《条例》§33", roles=HEADS,
        help="须经政府信息公开工作机构负责人同意，并在原期限届满前告知申请人。",
    ),
    _row(_E.REFUSE_EXTENSION, "不同意延期", (*_WORK, *_DRAFTED), None, "《条例》§33", roles=HEADS, fields=(_REASON,)),
    _row(
        _E.SERVE_EXTENSION, "送达延期告知", (*_WORK, *_DRAFTED), None, "《条例》§33", roles=DESK, day="告知申请人之日", files="proof",
        letter="extension_notice", told="答复期限延长{days}个工作日：{reason}",
    ),
    _row(
        _E.REQUEST_REASONS, "要求说明理由", _WORK, _T.AWAITING_REASONS, "《条例》§35", roles=DESK, day="通知发出之日",
        letter="reason_request",
        fields=(
            Field("facts", "数量、频次明显超过合理范围的情况", "long"),
            Field("reply_by", "说明理由的期限", "date"),
        ),
        told="请您在{reply_by}前说明理由：{facts}",
    ),
    _row(
        _E.RECEIVE_REASONS, "收到理由说明", (_T.AWAITING_REASONS,), _T.IN_PROGRESS, "《条例》§35", roles=DESK, day="收到之日",
        files="correction",
        fields=(
            Field("content", "申请人的理由", "long"),
            Field("reasonable", "认定", "choice", choices=(("yes", "理由合理"), ("no", "理由不合理"))),
        ),
        told="已收到您的理由说明。",
    ),
    _row(_E.REASONS_LAPSED, "说明理由逾期", (_T.AWAITING_REASONS,), _T.IN_PROGRESS, "《条例》§35", told="说明理由的期限已届满。"),
    _row(
        _E.DEFER, "确定延迟答复期限", _WORK, None, "《条例》§35", roles=HEADS, day="告知申请人之日", letter="deferral_notice",
        fields=(Field("until", "延迟答复至", "date"), _REASON), told="将在{until}前答复：{reason}",
    ),
    _row(
        _E.SEND_FEE_NOTICE, "发收费通知", _WORK, _T.AWAITING_PAYMENT, "《条例》§42、国办函〔2020〕109号", roles=HEADS,
        day="申请人收到通知之日", letter="fee_notice",
        fields=(
            Field("basis", "计费方式", "choice", choices=(("items", "按件"), ("pages", "按量"))),
            Field("quantity", "件数或者页数", "count", help="按件：该申请人本月累计申请件数；按量：本次提供的页数。"),
            Field("account", "缴纳方式", "long"),
        ),
        told="需要您缴纳信息处理费{amount}元，请在{pay_by}前缴纳；全部缴纳的次日起重新计算答复期限，逾期未缴视为放弃申请。",
    ),
    _row(
        _E.RECEIVE_PAYMENT, "缴费", (_T.AWAITING_PAYMENT,), _T.IN_PROGRESS, "国办函〔2020〕109号", roles=DESK, day="缴清之日",
        files="proof", fields=(Field("receipt", "票据号码"),), told="已收到您缴纳的信息处理费，答复期限自次日起重新计算。",
    ),
    _row(_E.PAYMENT_LAPSED, "缴费逾期", (_T.AWAITING_PAYMENT,), _T.IN_PROGRESS, "国办函〔2020〕109号", told="缴费期限已届满。"),
    _row(
        _E.RECORD_SEARCH, "登记检索情况", _ACCEPTED, None, "《条例》§36（四）", roles=DESK, unit_roles=UNIT, day="检索之日", files="other",
        fields=(
            Field("scope", "检索范围"), Field("method", "检索方式"), Field("keywords", "关键词"),
            Field("result", "检索结果", "long"), Field("by", "检索人"),
        ),
    ),
    _row(
        _E.LINK_SAME, "关联相同办件", (*_ACCEPTED, *_ENDED), None, "《条例》§36（六）、§44", roles=DESK, own_page=True,
        fields=(Field("same", "相同内容的办件", "case"),),
    ),
    _row(_E.DRAFT, "拟稿", _WORK, None, "《条例》§36", roles=DESK, own_page=True),
    _row(_E.SEND_FOR_REVIEW, "送审", _WORK, _T.AWAITING_REVIEW, "《条例》§17、§45", roles=DESK),
    _row(
        _E.APPROVE, "审核通过", (_T.AWAITING_REVIEW,), _T.AWAITING_SIGN_OFF, "《条例》§17", roles=REVIEWERS,
        fields=(Field("opinion", "审核意见", "long", required=False),),
    ),
    _row(
        _E.SEND_BACK, "退回修改", _DRAFTED, _T.IN_PROGRESS, "《条例》§17", roles=REVIEWERS | HEADS,
        fields=(Field("remark", "修改意见", "long"),),
    ),
    _row(
        _E.SIGN, "签发", (_T.AWAITING_SIGN_OFF,), _T.AWAITING_SERVICE, "《条例》§36", roles=HEADS, told="已作出答复。",
        help="签发后生成正式文书并编号，不能再修改。",
    ),
    _row(
        _E.SERVE, "送达", (_T.AWAITING_SERVICE,), _T.CLOSED, "国办公开办函〔2016〕235号", roles=DESK, day="交邮、签收或者发出之日", files="proof",
        fields=(
            Field("way", "送达方式", "choice", choices=WAYS),
            Field("proof", "凭证号码", required=False, help="邮政企业寄送的填写邮件号码；当面领取的填写签收人。"),
        ),
        letter="service_receipt", told="答复已送达（{way}）。",
        help="直接送达、委托送达以签收当日，邮寄以交邮当日为答复时间；邮寄须通过邮政企业。",
    ),
    _row(
        _E.RECORD_DELIVERY, "登记签收", _DONE, None, "国办公开办函〔2016〕235号", roles=DESK, day="签收之日", files="proof",
        fields=(Field("proof", "签收人或者凭证"),), told="答复已由收件人签收。",
    ),
    _row(
        _E.WITHDRAW, "申请人撤回", _UNDECIDED, _T.WITHDRAWN, "《条例》§36", roles=DESK, day="申请人撤回之日", files="other",
        fields=(Field("statement", "撤回的意思表示", "long", help="写明申请人何时、以何种方式表示撤回。"),), told="您已撤回申请。",
    ),
    _row(_E.ARCHIVE, "归档", _ENDED, None, "《条例》§45", roles=DESK),
    _row(
        _E.SUPERVISE, "督办", _OPEN, None, "《条例》§46、§47", any_roles=SUPERVISORS, letter="supervision_notice",
        fields=(Field("content", "督办事项和要求", "long"), Field("reply_by", "回复期限", "date")),
    ),
    _row(
        _E.REPLY_SUPERVISION, "督办回复", _OPEN + _DONE, None, "《条例》§47", roles=DESK, unit_roles=UNIT, letter="supervision_reply",
        fields=(Field("content", "办理情况", "long"),),
    ),
    _row(
        _E.FILE_REMEDY, "登记复议、诉讼、投诉", _OPEN + _ENDED, None, "《条例》§51", roles=DESK, day="提起之日", files="other",
        fields=(
            Field("kind", "种类", "choice", choices=REMEDIES), Field("authority", "受理机关"),
            Field("number", "案号", required=False),
            Field("copy_received_on", "收到申请书（起诉状）副本之日", "date", False, "填写后计算答复、答辩期限。"),
        ),
    ),
    _row(
        _E.DECIDE_REMEDY, "登记复议、诉讼结果", _OPEN + _ENDED, None, "《条例》§51", roles=DESK, day="作出之日", files="other",
        fields=(
            Field("remedy", "复议、诉讼案件", "remedy"), Field("result", "结果", "choice", choices=RESULTS),
            Field("rehandle_by", "责令重新办理的期限", "date", required=False),
            Field("note", "主要内容", "long", required=False),
        ),
    ),
    _row(
        _E.REHANDLE, "重新办理", _DONE, None, "《行政复议法》§77、《行政诉讼法》§71", roles=DESK, day="收到决定（判决）之日",
        fields=(Field("order", "责令重新办理的文书"), Field("due_on", "重新答复的期限", "date")),
        told="依照复议决定或者判决，重新办理您的申请。",
    ),
    _row(
        _E.SUPPLEMENT, "补充、更正答复", _DONE, None, "《条例》§41", roles=HEADS, letter="supplement",
        fields=(Field("content", "补充或者更正的内容", "long"), _REASON), told="已作出补充（更正）答复。",
    ),
    _row(
        _E.PROPOSE_PROMOTION, "建议转主动公开", _ENDED, None, "《条例》§44", roles=DESK, own_page=True, fields=(_REASON,),
    ),
    _row(
        _E.LOG_ANSWER, "公开答复摘要", _DONE, None, "《条例》§44", roles=HEADS, own_page=True,
        fields=(Field("question", "去标识化的申请内容", "long"), Field("answer", "去标识化的答复摘要", "long")),
    ),
    _row(_E.NOTE, "备注", _ALL, None, "", roles=DESK, unit_roles=UNIT, fields=(Field("text", "备注", "long"),), files="other"),
    _row(_E.RECOMPUTE, "期限重算", _OPEN, None, "《条例》§33", told="因工作日安排公布或者调整，答复期限重新计算。"),
)  # fmt: skip

TRANSITIONS: Mapping[CaseEvent, Transition] = {row.event: row for row in _ROWS}
"""The whole table; every event has one row."""


@dataclass(frozen=True, slots=True)
class CaseSubject:
    """Whose a case is: the body that answers, and the units that have it in hand now or had it."""

    organisation_id: int
    state: CaseState
    units: frozenset[int] = frozenset()
    """Units whose assignment is open."""
    former_units: frozenset[int] = frozenset()


def sees(actor: Actor, subject: CaseSubject) -> bool:
    """Whether the case exists for this actor; else pages answer 404."""
    if actor.all_roles & SUPERVISORS:
        return True
    return any(
        actor.roles_in(body) & VIEWERS for body in (subject.organisation_id, *subject.units, *subject.former_units)
    )


def may(actor: Actor, event: CaseEvent, subject: CaseSubject) -> list[Reason]:
    """Why the actor's roles do not allow the event; empty when they do. States and guards are asked of `case_guards`."""
    row = TRANSITIONS[event]
    if actor.roles_in(subject.organisation_id) & row.roles or actor.all_roles & row.any_roles:
        return []
    if any(actor.roles_in(unit) & row.unit_roles for unit in subject.units):
        return []
    if row.by_system:
        return [Reason("role", f"“{row.label}”由系统按期限自动记录，不需要人工办理。", row.article)]
    who = "、".join(role.label for role in Role if role in row.roles | row.unit_roles | row.any_roles)
    where = "承办单位的" if row.unit_roles and not row.roles else ""
    return [Reason("role", f"您的角色不能办理“{row.label}”，请联系{where}{who}。", row.article)]


def state_reasons(event: CaseEvent, state: CaseState) -> list[Reason]:
    """Why the state does not allow the event."""
    row = TRANSITIONS[event]
    if state in row.sources:
        return []
    sources = "、".join(f"“{one.label}”" for one in row.sources)
    return [Reason("state", f"当前状态为“{state.label}”，不能{row.label}；只有{sources}时可以。", row.article, "state")]


def permitted(roles: frozenset[Role], state: CaseState, *, unit: bool = False) -> tuple[CaseEvent, ...]:
    """The events that a holder of `roles` may cause in `state`, in the body that answers or (`unit`) in a unit; for the generated table."""
    return tuple(
        row.event
        for row in _ROWS
        if state in row.sources and roles & ((row.unit_roles if unit else row.roles) | row.any_roles)
    )


def permitted_table_markdown() -> str:
    """For `docs/domain/case-events.md`: for each role and state exactly which events are permitted; a test compares them."""
    lines = []
    for title, unit in (("答复机关", False), ("承办单位", True)):
        lines += [f"## {title}", "", "| 角色 | 状态 | 可以办理的事项 |", "|---|---|---|"]
        for role in Role:
            for state in CaseState:
                events = permitted(frozenset({role}), state, unit=unit)
                if events:
                    names = "、".join(event.label for event in events)
                    lines.append(f"| {role.label} | {state.label} | {names} |")
        lines.append("")
    return "\n".join(lines)


def transition_table_markdown() -> str:
    """The table of events for the same page."""
    lines = ["| 事项 | 从 | 到 | 可办理的角色 | 依据 |", "|---|---|---|---|---|"]
    for row in _ROWS:
        sources = "、".join(state.label for state in row.sources) or "—"
        target = row.target.label if row.target else "（不变）"
        who = [
            *(role.label for role in Role if role in row.roles),
            *(f"承办单位{role.label}" for role in Role if role in row.unit_roles),
            *(f"{role.label}（监督）" for role in Role if role in row.any_roles),
        ]
        lines.append(
            f"| {row.label} `{row.event}` | {sources} | {target} | {'、'.join(who) or '系统'} | {row.article} |"
        )
    return "\n".join(lines) + "\n"
