"""The states of a case (办件): whose turn it is, and nothing else. Lateness is reckoned, outcome and service are apart (《条例》§45)."""

from __future__ import annotations

from enum import StrEnum


class CaseState(StrEnum):
    """状态."""

    AWAITING_CONFIRMATION = "awaiting_confirmation"
    AWAITING_REGISTRATION = "awaiting_registration"
    IN_PROGRESS = "in_progress"
    AWAITING_CORRECTION = "awaiting_correction"
    AWAITING_REASONS = "awaiting_reasons"
    AWAITING_PAYMENT = "awaiting_payment"
    AWAITING_REVIEW = "awaiting_review"
    AWAITING_SIGN_OFF = "awaiting_sign_off"
    AWAITING_SERVICE = "awaiting_service"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    VOID = "void"

    @property
    def label(self) -> str:
        """What the office calls it."""
        return _LABELS[self][0]

    @property
    def public_label(self) -> str:
        """What the applicant reads."""
        return _LABELS[self][1]

    @property
    def open(self) -> bool:
        """Whether something is still to be done."""
        return self not in (CaseState.CLOSED, CaseState.WITHDRAWN, CaseState.VOID)

    @property
    def undecided(self) -> bool:
        """Whether the answer has not been signed."""
        return self.open and self is not CaseState.AWAITING_SERVICE

    @property
    def waits_for_applicant(self) -> bool:
        """Whether it is the applicant's turn."""
        return self in (CaseState.AWAITING_CORRECTION, CaseState.AWAITING_REASONS, CaseState.AWAITING_PAYMENT)


_LABELS = {
    CaseState.AWAITING_CONFIRMATION: ("待确认收到", "已提交，等待工作人员与您确认"),
    CaseState.AWAITING_REGISTRATION: ("待登记", "已收到，正在登记"),
    CaseState.IN_PROGRESS: ("办理中", "办理中"),
    CaseState.AWAITING_CORRECTION: ("待补正", "等待您补正"),
    CaseState.AWAITING_REASONS: ("待说明理由", "等待您说明理由"),
    CaseState.AWAITING_PAYMENT: ("待缴费", "等待您缴费"),
    CaseState.AWAITING_REVIEW: ("待审核", "办理中"),
    CaseState.AWAITING_SIGN_OFF: ("待签发", "办理中"),
    CaseState.AWAITING_SERVICE: ("待送达", "已作出答复，正在送达"),
    CaseState.CLOSED: ("已办结", "已答复"),
    CaseState.WITHDRAWN: ("已撤回", "您已撤回申请"),
    CaseState.VOID: ("已作废", "未作为申请受理"),
}
