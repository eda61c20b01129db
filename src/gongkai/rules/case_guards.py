"""Why an event must not happen to a case now, all reasons at once.

Roles are asked of `case_events.may`. Nothing here reads a clock: the day of asking is a fact among the others. 《条例》§30–§36, 国办函〔2020〕109号.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from gongkai.rules.case_clocks import CORRECTION_NOTICE_DAYS, consultation_due
from gongkai.rules.case_events import TRANSITIONS, CaseEvent, Field, state_reasons
from gongkai.rules.case_facts import CaseFacts
from gongkai.rules.case_particulars import Asked, due_day, fee_amount
from gongkai.rules.clock import LONGEST_EXTENSION
from gongkai.rules.reasons import Reason
from gongkai.rules.receipt import receipt_reasons

LONGEST_TEXT = 5000


def refusals(asked: Asked) -> list[Reason]:
    """Every reason against it; empty: it may happen."""
    reasons = state_reasons(asked.event, asked.facts.state)
    if reasons:
        return reasons  # the other guards speak of a state that is not there
    reasons = [*_particulars(asked), *_day(asked)]
    for guard in _GUARDS.get(asked.event, ()):
        reasons += guard(asked)
    return reasons


# --- particulars -------------------------------------------------------------------------------------------------------
def _particulars(asked: Asked) -> Iterator[Reason]:
    for known in TRANSITIONS[asked.event].fields:
        value = asked.data.get(known.name)
        if known.required and value in (None, "", []):
            verb = "选择" if known.kind in ("choice", "consultation", "body", "remedy", "case") else "填写"
            yield Reason("missing", f"请{verb}{known.label}。", TRANSITIONS[asked.event].article, known.name)
        elif value not in (None, ""):
            yield from _value_reasons(known, value)


def _value_reasons(known: Field, value: Any) -> Iterator[Reason]:
    if known.kind == "date":
        try:
            date.fromisoformat(str(value))
        except ValueError:
            yield Reason("date", f"{known.label}应当是日期，格式为 2026-01-29。", field=known.name)
    elif known.kind in ("days", "count"):
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 100_000:
            yield Reason("number", f"{known.label}应当是不小于 1 的整数。", field=known.name)
    elif known.kind == "choice":
        if value not in dict(known.choices):
            yield Reason("choice", f"请选择{known.label}。", field=known.name)
    elif known.kind in ("text", "long"):
        longest = 200 if known.kind == "text" else LONGEST_TEXT
        if len(str(value)) > longest:
            yield Reason(
                "too_long", f"{known.label}不能超过 {longest} 字，现有 {len(str(value))} 字。", field=known.name
            )


def _day(asked: Asked) -> Iterator[Reason]:
    row = TRANSITIONS[asked.event]
    if asked.on > asked.today:
        yield Reason("future", f"{row.day or '发生日期'}晚于今天，请核对。", row.article, "effective_on")
    received = asked.facts.received_on
    before = asked.event not in (CaseEvent.CONFIRM_RECEIPT, CaseEvent.VOID, CaseEvent.NOTE, CaseEvent.SUPERVISE)
    if before and received and asked.on < received:
        message = f"{row.day or '发生日期'}（{asked.on:%Y-%m-%d}）早于收到申请的日期（{received:%Y-%m-%d}），请核对。"
        yield Reason("before_receipt", message, row.article, "effective_on")


# --- guards ------------------------------------------------------------------------------------------------------------
_Guard = Callable[[Asked], Iterable[Reason]]


def _confirmed_day(asked: Asked) -> Iterator[Reason]:
    submitted = asked.facts.submitted_on or asked.on
    if asked.on <= asked.today:
        for reason in receipt_reasons(asked.channel, asked.on, submitted, asked.today):
            yield Reason(reason.code, reason.message, reason.article, "effective_on")


def _received(asked: Asked) -> Iterator[Reason]:
    if asked.facts.received_on is None:
        yield Reason("received_on", "没有收到日期，请先确认收到。", "《条例》§31", "effective_on")


def _correct_once(asked: Asked) -> Iterator[Reason]:
    if asked.facts.correction is not None:
        yield Reason("correction_once", "补正只能一次性告知，本件已经发过补正通知。", "《条例》§30")
    received = asked.facts.received_on
    if received is None:
        return
    last = asked.calendar.add(received, CORRECTION_NOTICE_DAYS)
    if asked.on > last.day:
        message = (
            f"补正通知应当在收到申请之日起 7 个工作日内（{last.day:%Y-%m-%d}前）发出，期限已过；请按现有内容办理。"
        )
        yield Reason("correction_late", message, "《条例》§30", "effective_on")
    reply_by = asked.day("reply_by")
    if reply_by and reply_by <= asked.on:
        yield Reason("reply_by", "补正期限应当晚于通知发出之日，并给申请人合理的时间。", "《条例》§30", "reply_by")


def _correction_came(asked: Asked) -> Iterator[Reason]:
    known = asked.facts.correction
    if known is None:
        yield Reason("no_correction", "本件没有发过补正通知。", "《条例》§30")
        return
    if known.replied_on is not None:
        yield Reason("corrected", "本件已经登记过补正。", "《条例》§30")
    if asked.on < known.notified_on:
        yield Reason(
            "before_notice",
            f"收到补正的日期早于补正通知发出之日（{known.notified_on:%Y-%m-%d}），请核对。",
            "《条例》§30",
            "effective_on",
        )
    if (known.lapsed_on or asked.on > known.reply_by) and not str(asked.data.get("justified") or "").strip():
        message = (
            f"补正期限（{known.reply_by:%Y-%m-%d}）已过；申请人有正当理由的，请写明理由，没有正当理由的视为放弃申请。"
        )
        yield Reason("correction_lapsed", message, "《条例》§30", "justified")


def _after(name: str, day: Callable[[CaseFacts], date | None], article: str) -> _Guard:
    def guard(asked: Asked) -> Iterator[Reason]:
        last = day(asked.facts)
        if last is None or asked.today <= last:
            until = f"（{last:%Y-%m-%d}）" if last else ""
            yield Reason("not_lapsed", f"{name}{until}尚未届满。", article)

    return guard


def _not_answered(asked: Asked) -> Iterator[Reason]:
    if asked.answer_waiting:
        message = "申请人已经网上提交，尚待与申请人确认收到，期限不因此届满；请先登记收到。"
        yield Reason("answer_waiting", message, "《条例》§31")


def _consultation_known(asked: Asked) -> Iterator[Reason]:
    known = asked.facts.consultation(int(asked.data.get("consultation") or 0))
    if known is None:
        yield Reason("consultation", "请选择征求意见对象。", "《条例》§32", "consultation")
        return
    if asked.event is CaseEvent.SERVE_CONSULTATION and known.served_on:
        yield Reason("served", "已登记过征求意见书送达。", "《条例》§32", "consultation")
    if asked.event is CaseEvent.RECEIVE_OPINION and known.replied_on:
        yield Reason("replied", "该对象的意见已经登记。", "《条例》§32", "consultation")
    if asked.event is CaseEvent.OPINION_LAPSED and not known.open:
        yield Reason("replied", "该对象的意见已经收悉或者逾期。", "《条例》§32", "consultation")
    if asked.on < known.sent_on:
        yield Reason(
            "before_sent",
            f"日期早于征求意见书发出之日（{known.sent_on:%Y-%m-%d}），请核对。",
            "《条例》§32",
            "effective_on",
        )
    if known.served_on and asked.on < known.served_on:
        yield Reason(
            "before_served",
            f"日期早于对方收到征求意见书之日（{known.served_on:%Y-%m-%d}），请核对。",
            "《条例》§32",
            "effective_on",
        )


def _opinion_over(asked: Asked) -> Iterator[Reason]:
    known = asked.facts.consultation(int(asked.data.get("consultation") or 0))
    due = consultation_due(known, asked.calendar) if known else None
    if due is None or asked.today <= due:
        yield Reason("not_lapsed", "征求意见的 15 个工作日尚未届满，或者尚未登记对方收到的日期。", "《条例》§32")


def _in_time(what: str, article: str = "《条例》§33") -> _Guard:
    def guard(asked: Asked) -> Iterator[Reason]:
        due = due_day(asked)
        if due and asked.on > due:
            yield Reason(
                "too_late", f"答复期限已于{due:%Y-%m-%d}届满，不能再{what}；请尽快答复。", article, "effective_on"
            )

    return guard


def _extend_once(asked: Asked) -> Iterator[Reason]:
    known = asked.facts.extension
    if known and known.served_on:
        yield Reason("extended", "答复期限只能延长一次，本件已经延长。", "《条例》§33")
    elif known:
        yield Reason("extension_pending", "本件已有延期申请正在办理。", "《条例》§33")
    days = asked.data.get("days")
    if isinstance(days, int) and days > LONGEST_EXTENSION:
        yield Reason("days", f"延长的期限最长不得超过 {LONGEST_EXTENSION} 个工作日。", "《条例》§33", "days")


def _extension_asked(asked: Asked) -> Iterator[Reason]:
    known = asked.facts.extension
    if known is None:
        yield Reason("no_extension", "没有等待批准的延期申请。", "《条例》§33")
    elif known.approved_on:
        yield Reason("approved", "延期申请已经批准。", "《条例》§33")
    elif asked.actor_id is not None and known.requested_by == asked.actor_id:
        yield Reason("self_approval", "不能批准自己提出的延期申请，请由工作机构负责人办理。", "《条例》§33")


def _extension_pending(asked: Asked) -> Iterator[Reason]:
    known = asked.facts.extension
    if known is None or known.approved_on:
        yield Reason("no_extension", "没有等待批准的延期申请。", "《条例》§33")


def _extension_agreed(asked: Asked) -> Iterator[Reason]:
    known = asked.facts.extension
    if known is None or known.approved_on is None:
        yield Reason("not_approved", "延期须先经工作机构负责人同意。", "《条例》§33")
    elif known.served_on:
        yield Reason("served", "延期已经告知申请人。", "《条例》§33")
    elif asked.on < known.approved_on:
        yield Reason(
            "before_approval",
            f"告知日期早于批准日期（{known.approved_on:%Y-%m-%d}），请核对。",
            "《条例》§33",
            "effective_on",
        )


def _reasons_once(asked: Asked) -> Iterator[Reason]:
    if asked.facts.reasons is not None:
        yield Reason("asked", "本件已经要求过说明理由。", "《条例》§35")
    reply_by = asked.day("reply_by")
    if reply_by and reply_by <= asked.on:
        yield Reason("reply_by", "说明理由的期限应当晚于通知发出之日。", "《条例》§35", "reply_by")


def _reasonable(asked: Asked) -> Iterator[Reason]:
    if asked.facts.reasons is None or not asked.facts.reasons.reasonable:
        message = "申请人说明理由并经认定合理后，才能确定延迟答复的期限；一般延期请使用“提请延期”。"
        yield Reason("not_reasonable", message, "《条例》§35")
    until = asked.day("until")
    if until and until <= asked.on:
        yield Reason("until", "延迟答复的日期应当晚于告知之日。", "《条例》§35", "until")


def _fee_allowed(asked: Asked) -> Iterator[Reason]:
    if not asked.fee_enabled:
        message = "本机关没有启用信息处理费；需要收取的，请经单位决定后，在依申请公开办理设置中启用。"
        yield Reason("fee_off", message, "国办函〔2020〕109号")
    if asked.facts.fee is not None:
        yield Reason("fee_once", "本件已经发过收费通知，按件、按量只能选择一种。", "国办函〔2020〕109号")
    quantity = asked.data.get("quantity")
    if isinstance(quantity, int) and not isinstance(quantity, bool) and quantity > 0 and fee_amount(asked) == 0:
        yield Reason("no_fee", "按所填件数（页数）不需要缴费，无需发收费通知。", "国办函〔2020〕109号", "quantity")


def _paid_in_time(asked: Asked) -> Iterator[Reason]:
    known = asked.facts.fee
    if known and asked.on > known.pay_by:
        message = f"缴费期限已于{known.pay_by:%Y-%m-%d}届满，视为放弃申请，不能再登记缴费；已收的款项请按规定退还。"
        yield Reason("paid_late", message, "国办函〔2020〕109号", "effective_on")
    if known and asked.on < known.notified_on:
        yield Reason(
            "before_notice", "缴费日期早于申请人收到收费通知的日期，请核对。", "国办函〔2020〕109号", "effective_on"
        )


def _drafted(asked: Asked) -> Iterator[Reason]:
    if asked.facts.draft is None:
        yield Reason("no_draft", "还没有拟稿，请先拟写答复。", "《条例》§36")
    elif asked.facts.draft_is_stale:
        yield Reason("stale_draft", "拟稿之后案件情况有变化，请重新核对并保存拟稿。", "《条例》§36")
    waiting = asked.facts.open_consultations
    if waiting:
        names = "、".join(one.name for one in waiting)
        yield Reason("consulting", f"尚在征求意见：{names}；收到意见或者期限届满后再送审。", "《条例》§32—§34")
    extension = asked.facts.extension
    if extension and extension.approved_on and not extension.served_on:
        yield Reason(
            "extension_not_told",
            "延期已经批准，但还没有告知申请人，请先办理“送达延期告知”。",
            "《条例》§33",
        )
    yield from asked.decision_reasons


def _another(verb: str) -> _Guard:
    def guard(asked: Asked) -> Iterator[Reason]:
        if asked.actor_id is not None and asked.facts.draft and asked.facts.draft.by == asked.actor_id:
            yield Reason("self_approval", f"不能{verb}自己拟写的答复，请由其他人员办理。", "《条例》§17")

    return guard


def _signed_fresh(asked: Asked) -> Iterator[Reason]:
    if asked.facts.draft_is_stale:
        yield Reason("stale_draft", "审核之后案件情况有变化，请退回重新核对拟稿。", "《条例》§36")
    yield from asked.decision_reasons


def _served_after(asked: Asked) -> Iterator[Reason]:
    decided = asked.facts.decided_on
    if decided and asked.on < decided:
        yield Reason(
            "before_decision", f"送达日期早于答复日期（{decided:%Y-%m-%d}），请核对。", "《条例》§36", "effective_on"
        )
    if asked.data.get("way") == "post" and not str(asked.data.get("proof") or "").strip():
        message = "邮寄须通过邮政企业，请填写邮件号码；其他快递不能作为送达方式。"
        yield Reason("post_proof", message, "国办公开办函〔2016〕235号", "proof")


def _delivered_once(asked: Asked) -> Iterator[Reason]:
    if asked.facts.delivered_on:
        yield Reason("delivered", "已登记过签收。", "国办公开办函〔2016〕235号")
    if asked.facts.served_on and asked.on < asked.facts.served_on:
        yield Reason("before_service", "签收日期早于交邮日期，请核对。", "国办公开办函〔2016〕235号", "effective_on")


def _two_parts(asked: Asked) -> Iterator[Reason]:
    parts = [line for line in str(asked.data.get("parts") or "").splitlines() if line.strip()]
    if len(parts) < 2:
        yield Reason("parts", "请至少写出两项内容，每行一项。", "国办函〔2020〕109号", "parts")
    if len(parts) > 50:
        yield Reason("parts", "一次最多拆分为 50 项。", "国办函〔2020〕109号", "parts")


def _unit_day(asked: Asked) -> Iterator[Reason]:
    due = asked.day("due_on")
    if due and due < asked.today:
        yield Reason("due_on", "承办期限早于今天，请核对。", "", "due_on")


def _supervised(asked: Asked) -> Iterator[Reason]:
    if not any(one.replied_on is None for one in asked.facts.supervisions):
        yield Reason("no_supervision", "没有等待回复的督办。", "《条例》§47")


def _reply_later(asked: Asked) -> Iterator[Reason]:
    reply_by = asked.day("reply_by")
    if reply_by and reply_by < asked.today:
        yield Reason("reply_by", "回复期限早于今天，请核对。", "《条例》§47", "reply_by")


def _once(known: Callable[[CaseFacts], object], message: str) -> _Guard:
    def guard(asked: Asked) -> Iterator[Reason]:
        if known(asked.facts):
            yield Reason("done", message)

    return guard


def _remedy_open(asked: Asked) -> Iterator[Reason]:
    if int(asked.data.get("remedy") or 0) not in asked.open_remedies:
        yield Reason("remedy", "请选择尚未审结的复议、诉讼案件。", "《条例》§51", "remedy")


_GUARDS: Mapping[CaseEvent, tuple[_Guard, ...]] = {
    CaseEvent.CONFIRM_RECEIPT: (_confirmed_day,),
    CaseEvent.REGISTER: (_received,),
    CaseEvent.ASSIGN: (_unit_day,),
    CaseEvent.SPLIT: (_two_parts,),
    CaseEvent.SEND_CORRECTION_NOTICE: (_correct_once,),
    CaseEvent.RECEIVE_CORRECTION: (_correction_came,),
    CaseEvent.CORRECTION_LAPSED: (
        _after("补正期限", lambda f: f.correction.reply_by if f.correction else None, "《条例》§30"), _not_answered,
    ),
    CaseEvent.SEND_CONSULTATION: (_in_time("征求意见"),),
    CaseEvent.SERVE_CONSULTATION: (_consultation_known,),
    CaseEvent.RECEIVE_OPINION: (_consultation_known,),
    CaseEvent.OPINION_LAPSED: (_consultation_known, _opinion_over),
    CaseEvent.REQUEST_EXTENSION: (_extend_once, _in_time("提请延期")),
    CaseEvent.APPROVE_EXTENSION: (_extension_asked, _in_time("批准延期")),
    CaseEvent.REFUSE_EXTENSION: (_extension_pending,),
    CaseEvent.SERVE_EXTENSION: (_extension_agreed, _in_time("告知延期")),
    CaseEvent.REQUEST_REASONS: (_reasons_once, _in_time("要求说明理由", "《条例》§35")),
    CaseEvent.REASONS_LAPSED: (
        _after("说明理由的期限", lambda f: f.reasons.reply_by if f.reasons else None, "《条例》§35"), _not_answered,
    ),
    CaseEvent.DEFER: (_reasonable, _in_time("确定延迟答复期限", "《条例》§35")),
    CaseEvent.SEND_FEE_NOTICE: (_fee_allowed, _in_time("发收费通知", "国办函〔2020〕109号")),
    CaseEvent.RECEIVE_PAYMENT: (_paid_in_time,),
    CaseEvent.PAYMENT_LAPSED: (_after("缴费期限", lambda f: f.fee.pay_by if f.fee else None, "国办函〔2020〕109号"),),
    CaseEvent.SEND_FOR_REVIEW: (_drafted,),
    CaseEvent.APPROVE: (_signed_fresh, _another("审核")),
    CaseEvent.SIGN: (_signed_fresh, _another("签发")),
    CaseEvent.SERVE: (_served_after,),
    CaseEvent.RECORD_DELIVERY: (_delivered_once,),
    CaseEvent.ARCHIVE: (_once(lambda f: f.archived_on, "本件已经归档。"),),
    CaseEvent.SUPERVISE: (_reply_later,),
    CaseEvent.REPLY_SUPERVISION: (_supervised,),
    CaseEvent.DECIDE_REMEDY: (_remedy_open,),
    CaseEvent.PROPOSE_PROMOTION: (_once(lambda f: f.promoted, "本件已经建议转为主动公开。"),),
    CaseEvent.LOG_ANSWER: (_once(lambda f: f.logged, "本件的答复摘要已经公开。"),),
}  # fmt: skip
