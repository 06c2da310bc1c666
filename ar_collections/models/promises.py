"""Promises to pay: who said what will be paid when, of which items, and what the ledger says became of it."""

from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from ar_collections.promises import OPEN_ENDED, Outcome
from core.fields import AmountField, CurrencyField
from core.guards import append_only, frozen_columns
from core.money import Money
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL
SAID = """
    entity_id customer_id currency amount taken_on taken_at taken_by_id contact_id said_by channel note replaces_id
    due_on until_on kept_from request_id
""".split()


class Promise(ScopedModel):
    """What a customer said they will pay, in one or several instalments, of one or several items.

    What was said never changes. What became of it is decided by the ledger, night by night, so it may change as long as
    money comes or is taken back. A promise that was withdrawn or replaced is decided for good.
    """

    Outcome = Outcome

    class Channel(models.TextChoices):
        """How it was said."""

        PHONE = "phone", "Telephone"
        EMAIL = "email", "E-mail"
        MEETING = "meeting", "Meeting"
        PORTAL = "portal", "Portal"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="promises")
    currency = CurrencyField()
    amount = AmountField()
    due_on = models.DateField(help_text="The day of the last instalment.")
    until_on = models.DateField(help_text="That day with its grace.")
    kept_from = models.DecimalField(
        max_digits=4, decimal_places=3, default=Decimal("0.99"), help_text="Share from which it counts as kept."
    )
    contact = models.ForeignKey("customers.Contact", null=True, on_delete=models.PROTECT, related_name="+")
    said_by = models.CharField(max_length=120, help_text="Who said it, as they are called.")
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.PHONE)
    note = models.CharField(max_length=400, blank=True)
    taken_on = models.DateField()
    taken_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(db_default=Now(), editable=False)
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    request_id = models.UUIDField(null=True, unique=True, editable=False, help_text="Of the form that took it.")
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN, blank=True)
    received = AmountField(default=0, help_text="What came of it up to the day of the judgement.")
    judged_on = models.DateField(null=True, help_text="Up to which day the ledger was asked.")
    ended_on = models.DateField(null=True, help_text="From which day it holds nothing back any more.")
    withdrawn_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=400, blank=True, help_text="Why it was withdrawn.")

    class Meta:
        ordering = ("due_on", "pk")
        triggers: ClassVar = [
            frozen_columns(SAID, "promises"),
            *never_removed("promises"),
            pgtrigger.Protect(
                name="decided_by_people_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__outcome__in=("withdrawn", "replaced")),
            ),
        ]
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_promise_has_an_amount"),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("taken_on"), until_on__gte=F("due_on")), name="a_promise_is_for_a_day_to_come"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", ended_on=None) | ~Q(outcome="") & Q(ended_on__isnull=False),
                name="a_promise_that_ended_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="withdrawn") | Q(withdrawn_by__isnull=False) & ~Q(reason=""),
                name="a_withdrawn_promise_says_why",
            ),
        )
        indexes = (
            models.Index(fields=("entity", "due_on"), condition=Q(outcome=""), name="promises_that_are_open"),
            models.Index(fields=("entity", "outcome", "ended_on"), name="promises_by_outcome"),
            models.Index(fields=("customer", "-id"), name="promises_of_a_customer"),
        )

    def __str__(self) -> str:
        return f"{self.money} by {self.due_on:%d %b %Y}, {self.customer}"

    @property
    def money(self) -> Money:
        """What was promised, all instalments together."""
        return Money(self.amount, self.currency)

    @property
    def is_open(self) -> bool:
        """Whether its last word isn't spoken."""
        return self.outcome == Outcome.OPEN

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether it still holds something back, or counts as broken."""
        return self.outcome in OPEN_ENDED


class PromiseInstalment(ScopedModel):
    """One payment of a promise. A promise of a single payment has one."""

    entity_path: ClassVar[str] = "promise__entity"
    Outcome = Outcome

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    until_on = models.DateField(help_text="The day with its grace: money of that day still keeps it.")
    remind_on = models.DateField(null=True, help_text="The business day before; none where it was promised so late.")
    amount = AmountField()
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN, blank=True)

    class Meta:
        ordering = ("promise", "number")
        triggers: ClassVar = [
            frozen_columns(("promise_id", "number", "due_on", "until_on", "remind_on", "amount"), "instalments"),
            *never_removed("instalments"),
        ]
        constraints = (
            models.UniqueConstraint(fields=("promise", "number"), name="one_instalment_a_number"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="an_instalment_has_an_amount"),
        )
        indexes = (
            models.Index(fields=("remind_on",), condition=Q(outcome=""), name="instalments_to_remind_of"),
            models.Index(fields=("until_on",), condition=Q(outcome=""), name="instalments_to_judge"),
        )

    def __str__(self) -> str:
        return f"{self.money} by {self.due_on:%d %b %Y}"

    @property
    def money(self) -> Money:
        """What was promised for the day."""
        return Money(self.amount, self.promise.currency)


class PromiseItem(ScopedModel):
    """How much of an open item a promise is about, and what was open of it when it was given."""

    entity_path: ClassVar[str] = "promise__entity"

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="items")
    item = models.ForeignKey("ledger.OpenItem", on_delete=models.PROTECT, related_name="promises")
    amount = AmountField()
    open_before = AmountField()

    class Meta:
        ordering = ("promise", "pk")
        triggers: ClassVar = append_only("items of promises")
        constraints = (
            models.UniqueConstraint(fields=("promise", "item"), name="a_promise_names_an_item_once"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=F("open_before")), name="no_more_is_promised_than_was_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.money} of {self.item.number}"

    @property
    def money(self) -> Money:
        """What was promised of it."""
        return Money(self.amount, self.item.currency)
