"""What the passing of time brings about in a case: periods of applicants and consulted parties that are over without an answer.

《条例》§30 (correction), §32 (a third party that is silent leaves the decision to the body), §34 (a co-producing body that is silent consents),
§35 (reasons); 国办函〔2020〕109号 (payment). Each lapses at the end of its last day, so it is asked about on a later one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gongkai.rules.calendar import WorkingDays
from gongkai.rules.case_clocks import consultation_due
from gongkai.rules.case_events import CaseEvent
from gongkai.rules.case_facts import CaseFacts
from gongkai.rules.case_states import CaseState

DEEMED_CONSENT, BODY_DECIDES = "deemed_consent", "body_decides"
SILENCE = {"co_producer": DEEMED_CONSENT}
"""What silence means by the kind of party: 视为同意公开 (§34); for all others the body decides by the law (§32, §33)."""


@dataclass(frozen=True, slots=True)
class Lapse:
    """One event that is due: which, its last day (the day that counts in law), and its particulars."""

    event: CaseEvent
    on: date
    data: Mapping[str, Any] = field(default_factory=dict)


def lapsed(facts: CaseFacts, calendar: WorkingDays, today: date) -> tuple[Lapse, ...]:
    """What has lapsed before `today` and is not recorded yet, in the order of the last days."""
    found = []
    waiting = (
        (CaseState.AWAITING_CORRECTION, CaseEvent.CORRECTION_LAPSED, facts.correction and facts.correction.reply_by),
        (CaseState.AWAITING_REASONS, CaseEvent.REASONS_LAPSED, facts.reasons and facts.reasons.reply_by),
        (CaseState.AWAITING_PAYMENT, CaseEvent.PAYMENT_LAPSED, facts.fee and facts.fee.pay_by),
    )
    for state, event, last in waiting:
        if facts.state is state and last and last < today:
            found.append(Lapse(event, last))
    for known in facts.open_consultations:
        due = consultation_due(known, calendar)
        if due and due < today:
            data = {"consultation": known.seq, "effect": SILENCE.get(known.party, BODY_DECIDES)}
            found.append(Lapse(CaseEvent.OPINION_LAPSED, due, data))
    return tuple(sorted(found, key=lambda one: (one.on, int(one.data.get("consultation", 0)))))
