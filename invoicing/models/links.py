"""The customer's link: one address for each invoice, which opens it and its credit notes without a login, and
everybody who used it.

The key in the address is worked out of the server's secret and the link's own number, so that every mail about the
invoice carries the same one; stored is only the key's hash. A stolen table opens nothing.
"""

import hashlib
from base64 import urlsafe_b64encode
from datetime import datetime
from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from core.guards import append_only, frozen_columns
from core.scoping import ScopedModel
from invoicing.models.credit_notes import CreditNote
from invoicing.models.invoices import Invoice

SALT = "invoicing.models.links.InvoiceLink"


def hash_of(key: str) -> str:
    """What is stored of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


class InvoiceLink(ScopedModel):
    """What opens one invoice with its credit notes to whoever holds the link, until it expires or is revoked."""

    entity_path = "invoice__entity"

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="links")
    number = models.UUIDField(default=uuid4, editable=False)
    key_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = [frozen_columns(("invoice_id", "number", "key_hash", "made_at"), "links")]
        constraints = (
            models.UniqueConstraint(fields=("invoice",), condition=Q(revoked_at=None), name="one_link_an_invoice"),
        )

    def __str__(self) -> str:
        return f"Link to {self.invoice}"

    @property
    def key(self) -> str:
        """What the address holds: 43 letters that nobody can guess."""
        digest = salted_hmac(SALT, self.number.hex, algorithm="sha256").digest()
        return urlsafe_b64encode(digest).decode().rstrip("=")

    def is_open_at(self, moment: datetime) -> bool:
        """Whether it lets somebody in."""
        return self.revoked_at is None and moment < self.expires_at


class LinkAccess(ScopedModel):
    """Somebody used a link. Colleagues who are signed in are named and count for nothing."""

    entity_path = "link__invoice__entity"

    class Kind(models.TextChoices):
        OPENED = "opened", "Opened"
        PDF = "pdf", "PDF downloaded"
        XML = "xml", "Structured invoice downloaded"
        REFUSED = "refused", "Refused: expired or revoked"

    link = models.ForeignKey(InvoiceLink, on_delete=models.PROTECT, related_name="accesses")
    credit_note = models.ForeignKey(
        CreditNote,
        null=True,
        on_delete=models.PROTECT,
        related_name="accesses",
        help_text="What was opened; empty: the invoice.",
    )
    kind = models.CharField(max_length=8, choices=Kind)
    network = models.CharField(max_length=50, blank=True, help_text="The address without its last part.")
    user_agent = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", help_text="A colleague."
    )
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = append_only("uses of a link")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%d %B %Y %H:%M}"
