"""The outbox: one row per e-mail or letter, written in the transaction that decided to send it.

The key says what the message is about, so the same decision taken twice finds the first row. The states a message may
pass through are a table in the database, because the promise “never sent twice” rests on them:

    queued → claimed → sending → sent
                                 unconfirmed   the sender died between handing over and recording; a person decides
                                 failed        the mail server said no, and will say so again
                                 bounced       it refused the address
    claimed → to_print → sent                  letters: printed and posted by a person

Only a claimed message may begin to be sent, only one sender can hold a claim, and “sending” is committed before the
first byte of the message leaves. What stands at “sending” is therefore never picked up again by a program.
"""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.guards import frozen_columns
from core.scoping import ScopedModel
from customers.models import Customer
from messaging.models.templates import TemplateVersion

NEXT_STATES: dict[str, frozenset[str]] = {
    "queued": frozenset({"claimed", "cancelled"}),
    "claimed": frozenset({"queued", "sending", "to_print", "cancelled", "failed"}),
    "sending": frozenset({"sent", "queued", "failed", "bounced", "unconfirmed"}),
    "to_print": frozenset({"sent", "cancelled"}),
    "unconfirmed": frozenset({"sent", "queued", "failed", "bounced"}),
    "sent": frozenset({"bounced"}),
    "failed": frozenset(),
    "bounced": frozenset(),
    "cancelled": frozenset(),
}


def key_of(customer: Customer | None, kind: str, key: str) -> str:
    """What tells a message from every other of its company."""
    return f"{kind}:{customer.pk if customer else 0}:{key}"


def only_known_ways() -> pgtrigger.Trigger:
    """Let a message go from state to state only as NEXT_STATES says."""
    ways = ", ".join(f"'{old}>{new}'" for old, news in NEXT_STATES.items() for new in sorted(news))
    return pgtrigger.Trigger(
        name="only_known_ways",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""
            IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ({ways}) THEN
                RAISE EXCEPTION 'o2c: a message that is % cannot become %', OLD.state, NEW.state
                    USING ERRCODE = 'restrict_violation';
            END IF;
            IF OLD.state IN ('sent', 'bounced') AND (NEW.subject, NEW.text, NEW.html, NEW.to_addresses,
                    NEW.cc_addresses, NEW.sent_at) IS DISTINCT FROM (OLD.subject, OLD.text, OLD.html,
                    OLD.to_addresses, OLD.cc_addresses, OLD.sent_at) THEN
                RAISE EXCEPTION 'o2c: what was sent is not written anew' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        """,
    )


class Message(ScopedModel):
    """An e-mail or letter to a customer or colleague, from the decision to send it until what became of it is known."""

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        CLAIMED = "claimed", "Being prepared"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        TO_PRINT = "to_print", "To print"
        UNCONFIRMED = "unconfirmed", "Unconfirmed"
        FAILED = "failed", "Failed"
        BOUNCED = "bounced", "Bounced"
        CANCELLED = "cancelled", "Not sent"

    class Channel(models.TextChoices):
        EMAIL = "email", "E-mail"
        PRINT = "print", "Letter"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=160, help_text="What it is about: customer, item or stage, and date.")
    customer = models.ForeignKey(
        "customers.Customer",
        null=True,
        on_delete=models.PROTECT,
        related_name="messages",
        db_index=False,
        help_text="None where a colleague is written to about no customer.",
    )
    channel = models.CharField(max_length=6, choices=Channel, default=Channel.EMAIL)
    language = models.CharField(max_length=8, default="en")
    to_addresses = ArrayField(models.CharField(max_length=320), default=list)
    cc_addresses = ArrayField(models.CharField(max_length=320), default=list, blank=True)
    to_name = models.CharField(max_length=120, blank=True, help_text="Whom the message greets.")
    reply_to = models.CharField(max_length=320, blank=True)
    document = models.CharField(max_length=80, blank=True, help_text="What it carries, such as INV-2026-000012.")
    document_url = models.CharField(max_length=200, blank=True, help_text="Where people here see the document.")
    context = models.JSONField(
        default=dict, encoder=DjangoJSONEncoder, help_text="What the kind needs to find and to describe its object."
    )

    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    template_version = models.ForeignKey(
        TemplateVersion, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    reason = models.TextField(blank=True, help_text="Why it was not sent, or what the mail server said.")
    queued_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    queued_at = models.DateTimeField(db_default=Now(), editable=False)
    not_before = models.DateTimeField()
    claimed_by = models.CharField(max_length=80, blank=True)
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    message_id = models.CharField(max_length=120, blank=True, help_text="The Message-ID header, the same at each try.")
    sent_at = models.DateTimeField(null=True)
    resend_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="resends")

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = [
            only_known_ways(),
            frozen_columns(("entity_id", "kind", "key", "customer_id", "channel", "message_id"), "messages"),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]
        indexes = (
            models.Index(fields=("not_before", "id"), condition=Q(state="queued"), name="messages_due"),
            models.Index(fields=("claimed_at",), condition=Q(state__in=("claimed", "sending")), name="messages_held"),
            models.Index(fields=("entity", "-id"), name="messages_of_an_entity"),
            models.Index(fields=("entity", "state", "-id"), name="messages_by_state"),
            models.Index(fields=("customer", "-id"), name="messages_of_a_customer"),
            models.Index(fields=("message_id",), name="messages_by_message_id"),
            models.Index(fields=("entity", "document"), condition=~Q(document=""), name="messages_about_a_document"),
        )
        constraints = (
            models.UniqueConstraint(fields=("entity", "key"), name="a_message_is_queued_once"),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
                name="what_was_sent_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("claimed", "sending")) | ~Q(claimed_by=""), name="a_claim_has_its_sender"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind.replace('_', ' ')} {self.document}".strip()

    @property
    def about(self) -> Customer:
        """The customer that it is about. Kinds ask for it whose messages always have one."""
        if self.customer is None:
            raise LookupError(f"{self} is about no customer.")
        return self.customer

    @property
    def addressee(self) -> str:
        """Whom it is written to, in a name."""
        return self.customer.name if self.customer else self.to_name

    @property
    def may_be_cancelled(self) -> bool:
        """Nothing of it has left yet."""
        return self.state in {self.State.QUEUED, self.State.CLAIMED, self.State.TO_PRINT}

    @property
    def may_be_resent(self) -> bool:
        """What became of it is known, so another copy is a decision and not an accident."""
        return self.state in {self.State.SENT, self.State.FAILED, self.State.BOUNCED, self.State.CANCELLED}


class MessageAttachment(ScopedModel):
    """A file that a message carries."""

    entity_path = "message__entity"

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    is_made = models.BooleanField(default=False, help_text="Made for the message as it left, and anew at each try.")

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("message", "file"), name="a_file_is_attached_once"),)

    def __str__(self) -> str:
        return str(self.file)
