"""What open items in foreign currency were worth at the end of a month, item by item, and the entries that said so."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.fields import AmountField, CurrencyField
from core.guards import append_only
from core.scoping import ScopedModel
from ledger.models.items import OpenItem
from ledger.models.journal import JournalEntry


class Revaluation(ScopedModel):
    """An entry at the end of a month, and its reversal on the first of the next: some customers in one currency."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    month_end = models.DateField()
    currency = CurrencyField()
    rate = models.DecimalField(max_digits=18, decimal_places=8, help_text="The closing rate, to the books' currency.")
    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="revaluation")
    reversal = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="ended_revaluation")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-month_end", "currency", "pk")
        triggers: ClassVar = append_only("revaluations")
        constraints = (
            models.CheckConstraint(condition=~Q(entry=F("reversal")), name="a_revaluation_is_reversed_by_another"),
        )
        indexes = (models.Index(fields=("entity", "-month_end"), name="revaluations_by_month"),)

    def __str__(self) -> str:
        return f"Revaluation of {self.currency} at {self.month_end:%d %b %Y}"


class RevaluedItem(ScopedModel):
    """The working of one item: what was open, its value in the books, at the closing rate, and what that changed.

    Amounts carry the sign of the item: what a customer owes is positive. `posted` is the part of the difference that
    no earlier revaluation of the same month had posted.
    """

    entity_path: ClassVar[str] = "revaluation__entity"

    revaluation = models.ForeignKey(Revaluation, on_delete=models.PROTECT, related_name="items")
    item = models.ForeignKey(OpenItem, on_delete=models.PROTECT, related_name="revaluations")
    open_amount = AmountField(help_text="In the item's currency.")
    carried = AmountField(help_text="Its value in the books.")
    worth = AmountField(help_text="Its value at the closing rate.")
    posted = AmountField()

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = append_only("revalued items")
        constraints = (
            models.UniqueConstraint(fields=("revaluation", "item"), name="an_item_is_revalued_once_an_entry"),
        )

    def __str__(self) -> str:
        return f"{self.item.number} at {self.revaluation.rate.normalize():f}"
