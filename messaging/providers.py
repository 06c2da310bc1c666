"""Events of mail providers, read by django-anymail: its views know each provider's format and check its secret.

Only their reading is used. What follows from an event is a named call here and no signal.
"""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType
from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.mailjet import MailjetTrackingWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from anymail.webhooks.sendgrid import SendGridTrackingWebhookView
from anymail.webhooks.sparkpost import SparkPostTrackingWebhookView
from django.http import HttpRequest

from core import clock
from messaging.actions import Report
from messaging.models import MailReport

PROVIDERS: dict[str, Any] = {
    "brevo": BrevoTrackingWebhookView,
    "mailgun": MailgunTrackingWebhookView,
    "mailjet": MailjetTrackingWebhookView,
    "postmark": PostmarkTrackingWebhookView,
    "sendgrid": SendGridTrackingWebhookView,
    "sparkpost": SparkPostTrackingWebhookView,
}
KINDS: dict[str, str] = {
    EventType.BOUNCED: MailReport.Kind.BOUNCED,
    EventType.REJECTED: MailReport.Kind.BOUNCED,
    EventType.FAILED: MailReport.Kind.BOUNCED,
    EventType.DEFERRED: MailReport.Kind.DELAYED,
    EventType.COMPLAINED: MailReport.Kind.COMPLAINED,
    EventType.DELIVERED: MailReport.Kind.DELIVERED,
    EventType.OPENED: MailReport.Kind.OPENED,
}
CLOCKS_DIFFER_BY = timedelta(minutes=5)


def reports_of(provider: str, request: HttpRequest) -> Iterator[Report]:
    """What a provider posts, once it has shown the secret. Raises SuspiciousOperation for a wrong one."""
    view = PROVIDERS[provider]()
    view.run_validators(request)
    for event in view.parse_events(request):
        if event.event_type in KINDS:
            yield _report(provider, event)


def _report(provider: str, event: AnymailTrackingEvent) -> Report:
    address = str(event.recipient or "").lower()
    detail = str(event.mta_response or event.description or event.reject_reason or "")
    happened_at = min(event.timestamp or clock.now(), clock.now() + CLOCKS_DIFFER_BY)
    return Report(
        source=provider,
        key=str(event.event_id or "")[:100] or _key_of(event, address),
        kind=KINDS[event.event_type],
        message_id=str(event.message_id or ""),
        address=address,
        detail=detail[:2000],
        happened_at=happened_at,
        is_trusted=True,
    )


def _key_of(event: AnymailTrackingEvent, address: str) -> str:
    """For events without an id of their own: the same words are the same event."""
    words = "\n".join((event.event_type, str(event.message_id), address, str(event.timestamp)))
    return hashlib.sha256(words.encode()).hexdigest()
