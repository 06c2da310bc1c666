"""Notices: what was decided to ask of a customer on a day, for which items, and what became of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.fields import AmountField, CurrencyField
from core.guards import frozen_columns
from core.money import Money
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL


class DunningNotice(ScopedModel):
    """One customer asked on one day: by message, by call or both, at the highest step that an item has reached.

    The database keeps it to one a day. Where the truth changed before the message left, `held_back` says why nothing
    was sent; its lines are free again then, so that the next review decides anew.
    """

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="dunning_notices", db_index=False
    )
    decided_on = models.DateField()
    step = models.ForeignKey("collections.Step", on_delete=models.PROTECT, related_name="+", db_index=False)
    message = models.OneToOneField(
        "messaging.Message", null=True, on_delete=models.PROTECT, related_name="dunning_notice"
    )
    asks_call = models.BooleanField(default=False)
    run = models.ForeignKey("core.Run", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField(db_default=Now(), editable=False)
    held_back = models.CharField(max_length=300, blank=True, help_text="Why nothing was sent after all.")
    held_back_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-decided_on", "-pk")
        triggers: ClassVar = [
            frozen_columns(
                ("entity_id", "customer_id", "decided_on", "step_id", "asks_call", "decided_by_id"), "notices"
            ),
            *never_removed("notices"),
        ]
        constraints = (
            models.UniqueConstraint(fields=("customer", "decided_on"), name="one_notice_a_customer_and_day"),
            models.CheckConstraint(
                condition=Q(held_back="", held_back_at=None) | ~Q(held_back="") & Q(held_back_at__isnull=False),
                name="what_was_held_back_says_when",
            ),
        )
        indexes = (
            models.Index(fields=("entity", "-decided_on", "customer"), name="notices_by_day"),
            models.Index(fields=("customer", "-decided_on"), name="notices_of_a_customer"),
        )

    def __str__(self) -> str:
        return f"{self.step.name}, {self.decided_on:%d %b %Y}"


class NoticeLine(ScopedModel):
    """An item in a notice. With a step it moves the item up its ladder; without one it is only named along.

    The database keeps every step of an item to once; a line that fell out before sending frees its step.
    """

    entity_path: ClassVar[str] = "notice__entity"

    notice = models.ForeignKey(DunningNotice, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey("ledger.OpenItem", on_delete=models.PROTECT, related_name="+", db_index=False)
    strategy = models.ForeignKey(
        "collections.Strategy", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    step_code = models.CharField(max_length=30, blank=True)
    step_day = models.SmallIntegerField(null=True)
    asked = AmountField(help_text="What was asked for: what is open less what is contested, promised or on its way.")
    currency = CurrencyField()
    fell_out = models.CharField(max_length=300, blank=True, help_text="Why it was left out at sending.")

    class Meta:
        ordering = ("notice", "pk")
        triggers: ClassVar = [
            frozen_columns(("notice_id", "item_id", "strategy_id", "step_code", "step_day", "currency"), "notices"),
            *never_removed("lines of notices"),
        ]
        constraints = (
            models.UniqueConstraint(fields=("notice", "item"), name="a_notice_names_an_item_once"),
            models.UniqueConstraint(
                fields=("item", "strategy", "step_code"),
                condition=Q(fell_out="") & ~Q(step_code=""),
                name="a_step_of_an_item_is_taken_once",
            ),
            models.CheckConstraint(
                condition=Q(strategy=None, step_code="", step_day=None)
                | Q(strategy__isnull=False, step_day__isnull=False) & ~Q(step_code=""),
                name="a_step_belongs_to_its_strategy",
            ),
        )
        indexes = (models.Index(fields=("item",), name="notices_of_an_item"),)

    def __str__(self) -> str:
        return f"{self.item.number}: {self.step_code or 'named along'}"

    @property
    def money(self) -> Money:
        """What was asked for."""
        return Money(self.asked, self.currency)
