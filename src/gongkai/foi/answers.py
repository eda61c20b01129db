"""依申请公开答复选登: answers of general interest that the public may read, with nothing of the applicant in them (《条例》§44).

Nothing is put there with personal data in it: the same detectors as before publication look at both texts.
"""

from __future__ import annotations

from gongkai.foi.models import Case, CaseEvent
from gongkai.foi.recording import Wanted, act
from gongkai.foi.selectors import case_for
from gongkai.rules.access import Actor
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.findings import Severity
from gongkai.rules.reasons import Reason, Refused
from gongkai.text.checks import Material
from gongkai.text.checks.personal_data import personal_data


def log_answer(
    *, actor: Actor, case_id: int, question: str, answer: str, token: str = "", expected_seq: int | None = None
) -> CaseEvent:
    """Put a summary of question and answer before the public. Raises `NotVisible` for a foreign case, `Refused` for personal data, with
    every place."""
    case = case_for(actor, case_id)
    reasons = [
        *_personal("question", "申请内容", question, case),
        *_personal("answer", "答复摘要", answer, case),
    ]
    if reasons:
        raise Refused(reasons)
    data = {"question": question.strip(), "answer": answer.strip()}
    return act(
        actor=actor, case_id=case_id, wanted=Wanted(Event.LOG_ANSWER, data, token=token, expected_seq=expected_seq)
    )


def _personal(field: str, label: str, text: str, case: Case) -> list[Reason]:
    reasons = [
        Reason(
            "personal_data",
            f"{label}中有个人信息“{finding.text}”，请删去或者概括后再公开。",
            "《个人信息保护法》§25",
            field,
        )
        for finding in personal_data(Material(text))
        if finding.severity is Severity.SERIOUS
    ]
    if case.applicant.natural and case.applicant.name in text:
        reasons.append(Reason("applicant", f"{label}中出现了申请人的姓名，请删去。", "《个人信息保护法》§25", field))
    return reasons
