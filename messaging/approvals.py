"""What colleagues are told about approvals: that one waits for them, and what was decided."""

from typing import ClassVar
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from controls.models import ApprovalRequest
from controls.queries import why_not
from core import clock
from core.models import User
from core.money import money
from messaging.kinds import Context, Kind
from messaging.models import Message

ASKED = "approval_asked"
DECIDED = "approval_decided"
TO_COLLEAGUES = (
    ASKED, DECIDED, "webhook_given_up", "difficult_conversation", "suspension_request", "suspension_restore",
    "suspension_told", "escalation_asked", "escalation_due", "escalation_answered",
)  # fmt: skip


class ApprovalAsked(Kind):
    """A request for approval on its way to somebody who may decide on it."""

    label = "Approval asked"
    sample: ClassVar[Context] = {
        "customer": "Brightwater Hotels",
        "contact": "Maya Lind",
        "document": "Credit note CN-2026-00012",
        "amount": money("1,200.00 GBP"),
        "asked_by": "Nora Field",
        "reason": "Ten licences were billed twice.",
        "effect": "The credit note is issued.",
        "link": "https://o2c.example/approvals/7/",
    }

    def still_true(self, message: Message) -> str | None:
        """Only what still waits, and for this person."""
        request = request_of(message)
        if not request.is_waiting(clock.today(request.entity)):
            return f"{request} waits no more."
        approver = User.objects.get(pk=message.context["approver"])
        return why_not(by=approver, request=request, as_of=clock.today(request.entity)) or None

    def context(self, message: Message) -> Context:
        """The request's own words."""
        request = request_of(message)
        return {
            "document": str(request),
            "amount": request.money,
            "asked_by": request.requested_by.name,
            "reason": request.reason,
            "effect": request.effect,
            "link": link_to(request),
        }


class ApprovalDecided(Kind):
    """A decision on its way to the person who asked."""

    label = "Approval decided"
    sample: ClassVar[Context] = {
        "customer": "Brightwater Hotels",
        "contact": "Nora Field",
        "document": "Credit note CN-2026-00012",
        "amount": money("1,200.00 GBP"),
        "decision": "declined",
        "decided_by": "Maya Lind",
        "comment": "The licences were used in May.",
        "link": "https://o2c.example/approvals/7/",
    }

    def context(self, message: Message) -> Context:
        """Who decided what, and their comment."""
        request = request_of(message)
        return {
            "document": str(request),
            "amount": request.money,
            "decision": request.get_decision_display().lower(),
            "decided_by": request.decided_by.name if request.decided_by else "",
            "comment": request.comment,
            "link": link_to(request),
        }


def request_of(message: Message) -> ApprovalRequest:
    """The request that a message is about."""
    rows = ApprovalRequest.objects.select_related("entity", "requested_by", "decided_by")
    return rows.get(pk=message.context["request"], entity=message.entity_id)


def link_to(request: ApprovalRequest) -> str:
    """The request's page in the queue, as a mail can name it."""
    return urljoin(str(settings.PUBLIC_URL), reverse("controls:approval", args=[request.pk]))
