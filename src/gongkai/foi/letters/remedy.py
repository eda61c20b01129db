"""The remedy clause of a letter, by the rules (`gongkai.rules.remedies`): never written by hand."""

from __future__ import annotations

from gongkai.foi.letters.facts import LetterFacts
from gongkai.rules.letter_types import LetterRemedy
from gongkai.rules.outcomes import RemedyRule, outcomes
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.remedies import NO_REMEDY, RemedyNotice, remedy_notice


def letter_remedy(letter: LetterFacts) -> RemedyNotice:
    """The clause; `NO_REMEDY` for a letter of procedure, whatever else is known.

    Raises `Refused` when the letter must tell a remedy and the day, the body, the outcome or the channel is missing.
    """
    kind = letter.type
    if kind.remedy is LetterRemedy.NONE:
        return NO_REMEDY
    reasons = []
    if letter.decided_on is None:
        reasons.append(
            Reason("decided_on", "请填写成文日期，救济告知按该日期确定。", "《行政复议法》§20", "decided_on")
        )
    if letter.remedy_body is None:
        message = "没有本机关的机构类别，不能确定复议机关，请在机构信息中补充。"
        reasons.append(Reason("remedy_body", message, "《行政复议法》§24", "remedy_body"))
    rule, grounds = RemedyRule.DIRECT, list[str]()
    if kind.remedy in (LetterRemedy.OUTCOME, LetterRemedy.CASE):
        outcome = outcomes().get(letter.decision.outcome) if letter.decision else None
        if outcome is None or letter.decision is None:
            reasons.append(Reason("outcome", "请选择办理结果。", "《条例》§36", "outcome"))
        else:
            rule, grounds = outcome.remedy, [part.ground for part in letter.decision.severed]
    if reasons or letter.decided_on is None or letter.remedy_body is None:
        raise Refused(reasons)
    return remedy_notice(
        rule, letter.remedy_body, letter.decided_on, grounds=grounds, online=letter.online, act=kind.act
    )
