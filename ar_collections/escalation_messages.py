"""Mails about escalations: to the manager who answers, again when the day has come, and to whoever raised it."""

from datetime import date
from typing import ClassVar
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from ar_collections.models import Escalation
from messaging.kinds import Context, Kind
from messaging.models import Message

ASKED, REMINDED, ANSWERED = "escalation_asked", "escalation_due", "escalation_answered"


class EscalationAsked(Kind):
    """A customer laid before a manager, with the summary."""

    label = "Escalation: an answer is asked"
    sample: ClassVar[Context] = {
        "customer": "Brightwater Hotels",
        "contact": "Maya Lind",
        "document": "",
        "raised_by": "Colin Marsh",
        "why": "Promises broken again",
        "note": "They hang up.",
        "advice": "Hand over to lawyers",
        "because": "The oldest document is 83 days past due, and 2 promises were broken.",
        "answer_by": date(2026, 11, 27),
        "link": "https://o2c.example/escalations/7/",
    }

    def still_true(self, message: Message) -> str | None:
        """Only while nobody has answered."""
        row = _escalation(message)
        return None if row.is_open else f"{row.answered_by} answered on {row.answered_on:%d %b %Y}."

    def context(self, message: Message) -> Context:
        """The escalation's own words."""
        row = _escalation(message)
        return {
            "raised_by": row.raised_by.name,
            "why": row.get_trigger_display(),
            "note": row.note,
            "advice": row.get_advice_display(),
            "because": row.because,
            "answer_by": row.answer_by,
            "link": _link(row),
        }


class EscalationDue(EscalationAsked):
    """That the day of the answer has come."""

    label = "Escalation: the answer is due"


class EscalationAnswered(Kind):
    """The answer, to whoever raised it."""

    label = "Escalation: answered"
    sample: ClassVar[Context] = {
        "customer": "Brightwater Hotels",
        "contact": "Colin Marsh",
        "document": "",
        "answered_by": "Maya Lind",
        "decision": "Begin the suspension",
        "answer": "Name Sven as the service owner.",
        "link": "https://o2c.example/escalations/7/",
    }

    def context(self, message: Message) -> Context:
        """The answer's own words."""
        row = _escalation(message)
        return {
            "answered_by": row.answered_by.name if row.answered_by else "",
            "decision": row.get_decision_display(),
            "answer": row.answer,
            "link": _link(row),
        }


def _escalation(message: Message) -> Escalation:
    rows = Escalation.objects.filter(entity=message.entity_id).select_related("raised_by", "answered_by", "customer")
    return rows.get(pk=message.context["escalation"])


def _link(row: Escalation) -> str:
    return urljoin(str(settings.PUBLIC_URL), reverse("collections:escalation", args=[row.pk]))
