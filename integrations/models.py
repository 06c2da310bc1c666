"""Webhooks: who wants to hear of what, what happened, and every attempt to tell it."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from core.guards import append_only, frozen_columns
from core.scoping import ScopedModel

SALT = "integrations.models.WebhookEndpoint"


class EventKind(models.TextChoices):
    """What other systems can hear of."""

    ISSUED = "invoice.issued", "Invoice issued"
    CREDITED = "invoice.credited", "Invoice credited"
    PAID = "invoice.paid", "Invoice paid"
    OVERDUE = "invoice.overdue", "Invoice overdue"


class WebhookEndpoint(ScopedModel):
    """An address of another system that is told what happens in one company.

    Its secret is worked out of the server's own and the number here, so it stands nowhere and is shown once.
    """

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="webhook_endpoints")
    url = models.URLField(max_length=500, verbose_name="address")
    number = models.UUIDField(default=uuid4, editable=False)
    is_active = models.BooleanField(default=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    disabled_at = models.DateTimeField(null=True, editable=False, help_text="When it was given up by itself.")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("entity", "url"),
                name="an_address_is_told_once",
                violation_error_message="This address is known already.",
            ),
        )

    def __str__(self) -> str:
        return self.url

    @property
    def events(self) -> list[str]:
        """The kinds that it hears of."""
        return sorted(interest.kind for interest in self.interests.all())

    @property
    def secret(self) -> str:
        """What requests are signed with."""
        digest = salted_hmac(SALT, f"{self.pk}:{self.number.hex}", algorithm="sha256").digest()
        return "whsec_" + urlsafe_b64encode(digest).decode().rstrip("=")

    def signature_of(self, timestamp: int, body: bytes) -> str:
        """The header that proves where a request comes from, and when: HMAC-SHA-256 over “timestamp.body”."""
        signed = f"{timestamp}.".encode() + body
        return "v1=" + hmac.new(self.secret.encode(), signed, hashlib.sha256).hexdigest()


class WebhookInterest(ScopedModel):
    """A kind of event that an endpoint hears of: what happens from the moment on at which it was asked for."""

    entity_path = "endpoint__entity"

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.PROTECT, related_name="interests")
    kind = models.CharField(max_length=20, choices=EventKind)
    since = models.DateTimeField(help_text="When it was chosen, or the endpoint was switched on again.")

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("endpoint", "kind"), name="an_endpoint_hears_of_a_kind_once"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.endpoint}"


class WebhookScan(ScopedModel):
    """How far an entity's ledger was looked through for events."""

    entity = models.OneToOneField("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    looked_at = models.DateTimeField()
    floor = models.BigIntegerField(default=0, help_text="Items up to this id were looked at for an hour.")
    mark = models.BigIntegerField(default=0, help_text="The next floor.")
    marked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.entity} until {self.looked_at:%d %B %Y %H:%M}"


class WebhookEvent(ScopedModel):
    """Something that happened to a document, told in the words in which it is sent. Each once."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20, choices=EventKind)
    document = models.CharField(max_length=60, help_text="The number of the invoice or credit note.")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.UUIDField(default=uuid4, unique=True, editable=False)
    data = models.JSONField()
    found_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = append_only("webhook events")
        constraints = (
            models.UniqueConstraint(fields=("entity", "kind", "document"), name="an_event_is_told_once_a_document"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.document}"

    @property
    def body(self) -> bytes:
        """What is sent. The same event is the same bytes at each try."""
        told = {
            "id": str(self.number),
            "type": self.kind,
            "found_at": self.found_at.isoformat(),
            "company": self.entity.code,
            "data": self.data,
        }
        return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()


class WebhookDelivery(ScopedModel):
    """An event on its way to one endpoint."""

    entity_path = "event__entity"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Being sent"
        DELIVERED = "delivered", "Delivered"
        GIVEN_UP = "given_up", "Given up"

    event = models.ForeignKey(WebhookEvent, on_delete=models.PROTECT, related_name="deliveries")
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.PROTECT, related_name="deliveries")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempt_count = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = [frozen_columns(("event_id", "endpoint_id"), "deliveries")]
        indexes = (
            models.Index(
                fields=("due_at", "id"), condition=Q(state__in=("waiting", "sending")), name="webhooks_that_are_due"
            ),
        )
        constraints = (models.UniqueConstraint(fields=("event", "endpoint"), name="an_endpoint_is_told_once"),)

    def __str__(self) -> str:
        return f"{self.event} to {self.endpoint}"


class WebhookAttempt(ScopedModel):
    """One request and its answer."""

    entity_path = "delivery__event__entity"

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.PROTECT, related_name="attempts")
    status = models.PositiveSmallIntegerField(null=True, help_text="None: there was no answer.")
    error = models.CharField(max_length=300, blank=True)
    request = models.TextField(help_text="Body as it was sent, its beginning.")
    answer = models.TextField(blank=True, help_text="Its beginning.")
    milliseconds = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = append_only("attempts of webhooks")

    def __str__(self) -> str:
        return f"{self.status or self.error}"
