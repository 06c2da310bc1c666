"""Telling administrators that an endpoint was given up."""

from django.db import transaction
from django.urls import reverse

from core.models import User
from core.permissions import require
from integrations.messages import GIVEN_UP
from integrations.models import WebhookDelivery, WebhookEndpoint
from messaging.actions import Draft, queue_messages
from messaging.models import Message
from messaging.recipients import Recipients


@transaction.atomic
def tell_administrators(*, by: User, endpoint: WebhookEndpoint, delivery: WebhookDelivery) -> list[Message]:
    """Write to everybody who looks after the company's settings, once for each time that it is given up.

    Every message stands with a customer; here it is the one whose document could not be told of.
    """
    require(by, "messaging.queue_message", endpoint.entity)
    held = User.objects.filter(
        role_grants__entity=endpoint.entity, role_grants__role="administrator", role_grants__ended_at=None
    )
    customer = delivery.event.customer
    customer.entity = endpoint.entity
    drafts = [
        Draft(
            kind=GIVEN_UP,
            key=f"{endpoint.pk}:{endpoint.disabled_at:%Y%m%d%H%M%S}:{person.pk}",
            customer=customer,
            recipients=Recipients(to=(person.email,), name=person.name),
            document="Webhook",
            document_url=reverse("integrations:endpoint", args=[endpoint.pk]),
            context={"endpoint": endpoint.pk},
        )
        for person in held.filter(is_active=True).distinct().order_by("pk")
    ]
    return queue_messages(by=by, drafts=drafts)
