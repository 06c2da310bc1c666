"""What administrators are told about webhooks."""

from typing import ClassVar
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from integrations.models import WebhookEndpoint
from messaging.kinds import Context, Kind
from messaging.models import Message

GIVEN_UP = "webhook_given_up"


class WebhookGivenUp(Kind):
    """An endpoint that failed for days is switched off."""

    label = "Webhook given up"
    sample: ClassVar[Context] = {
        "url": "https://erp.example/hooks/o2c",
        "days": 5,
        "link": "https://o2c.example/webhooks/7/",
    }

    def still_true(self, message: Message) -> str | None:
        """Somebody may have switched it on again."""
        endpoint = _endpoint(message)
        return f"{endpoint} was switched on again." if endpoint.is_active else None

    def context(self, message: Message) -> Context:
        """Which, and where to look."""
        endpoint = _endpoint(message)
        address = reverse("integrations:endpoint", args=[endpoint.pk])
        return {
            "url": endpoint.url,
            "days": settings.WEBHOOK_DAYS,
            "link": urljoin(str(settings.PUBLIC_URL), address),
        }


def _endpoint(message: Message) -> WebhookEndpoint:
    return WebhookEndpoint.objects.get(pk=message.context["endpoint"], entity=message.entity_id)
