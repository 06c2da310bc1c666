"""Mails that follow calls: to the customer whom nobody reached, and to the manager about a difficult conversation."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from ar_collections.models import Call
from ar_collections.queries.asked import overdue_to_ask
from ar_collections.queries.calls import attempts_of
from ar_collections.queries.case_facts import why_not_written_to
from core import clock
from core.models import StoredFile
from core.money import Money, money
from core.papers import in_groups
from messaging.kinds import Context, Kind
from messaging.models import Message
from messaging.papers import letter_of

MISSED_YOU = "missed_you"
DIFFICULT = "difficult_conversation"


class MissedYou(Kind):
    """That we tried to call, what is overdue, and how to reach us."""

    label = "Tried to call you"
    sample: ClassVar[Context] = {
        "customer": "Brightwater Hotels",
        "contact": "Priya Nair",
        "document": "",
        "on": date(2026, 11, 20),
        "caller": "Sam Okafor",
        "amounts": [{"amount": money("39,160.00 GBP")}],
        "reference": "RF41 C104 20",
    }

    def still_true(self, message: Message) -> str | None:
        """Only while nobody was reached that day, nothing is held, and something is overdue."""
        _, was_reached = attempts_of(message.about, on=date.fromisoformat(message.context["on"]))
        if was_reached:
            return "They were reached after all."
        if held := why_not_written_to(message.about.pk, message.channel, clock.today(message.entity)):
            return held
        return None if _overdue(message) else "Nothing is overdue any more that could be asked for."

    def context(self, message: Message) -> Context:
        """Who called when, and what is overdue as it leaves."""
        return {
            "on": date.fromisoformat(message.context["on"]),
            "caller": message.context["caller"],
            "amounts": [{"amount": amount} for amount in _overdue(message)],
            "reference": in_groups(message.about.payment_reference),
        }

    def attachments(self, message: Message) -> Sequence[StoredFile]:
        """The letter itself, where it goes by post."""
        return letter_of(message, self.context(message))


class DifficultConversation(Kind):
    """What a collector wants the manager to know of a call."""

    label = "Difficult conversation"
    sample: ClassVar[Context] = {
        "customer": "Brightwater Hotels",
        "contact": "Maya Lind",
        "document": "",
        "caller": "Sam Okafor",
        "outcome": "Refuses to pay",
        "note": "Says that the service was down for a week and threatens to leave.",
        "link": "https://o2c.example/customers/7/calls/",
    }

    def context(self, message: Message) -> Context:
        """The call's own words."""
        call = Call.objects.select_related("agent").get(pk=message.context["call"], entity=message.entity_id)
        return {
            "caller": call.agent.name if call.agent else "",
            "outcome": call.get_outcome_display(),
            "note": call.note,
            "link": urljoin(str(settings.PUBLIC_URL), reverse("collections:customer_calls", args=[call.customer_id])),
        }


def _overdue(message: Message) -> list[Money]:
    return overdue_to_ask(message.about, clock.today(message.entity))
