"""Open items: what a customer owes or is owed, one row for each line on the receivables account."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.fields import AmountField, CurrencyField
from core.money import Money
from core.scoping import ScopedModel
from ledger.guards import ITEM_GUARDS
from ledger.models.journal import JournalLine

SIGNS = {"debit": 1, "credit": -1}


class OpenItem(ScopedModel):
    """A journal line on the receivables account, with the document it stands for.

    It is the line: it has the line's id and the line's amount, so that all open items add up to the control account.
    `open_amount`, `settled_on` and `settled_recorded_at` are the only figures in the ledger that could be derived. The
    database keeps them when an allocation is written, refuses anybody else, and `check_ledger` proves them. A question
    about a past date uses them only to leave out what was settled by then.
    """

    class Kind(models.TextChoices):
        """The document behind the item."""

        INVOICE = "invoice", "Invoice"
        CREDIT_NOTE = "credit_note", "Credit note"
        DEBIT_NOTE = "debit_note", "Debit note"
        RECEIPT = "receipt", "Receipt"
        ADJUSTMENT = "adjustment", "Adjustment"
        OPENING = "opening", "Opening balance"

    class Side(models.TextChoices):
        """Whether the customer owes it or is owed it."""

        DEBIT = "debit", "Debit"
        CREDIT = "credit", "Credit"

    line = models.OneToOneField(JournalLine, primary_key=True, on_delete=models.PROTECT, related_name="item")
    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="open_items", db_index=False
    )
    number = models.CharField(max_length=60)
    kind = models.CharField(max_length=16, choices=Kind)
    side = models.CharField(max_length=6, choices=Side)
    document_on = models.DateField()
    due_on = models.DateField()
    posted_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    currency = CurrencyField()
    amount = AmountField()
    base_amount = AmountField(help_text="In the entity's currency, at the rate of the entry.")
    open_amount = AmountField(editable=False)
    settled_on = models.DateField(null=True, editable=False, help_text="The day from which nothing was left open.")
    settled_recorded_at = models.DateTimeField(null=True, editable=False)
    purchase_order = models.CharField(max_length=60, blank=True)
    reference = models.CharField(max_length=40, blank=True, help_text="Structured reference, such as RF18….")

    class Meta:
        ordering = ("due_on", "number")
        constraints = (
            models.UniqueConstraint(fields=("entity", "number", "kind"), name="a_document_number_is_taken_once"),
            models.CheckConstraint(condition=Q(amount__gt=0, base_amount__gte=0), name="an_item_has_an_amount"),
            models.CheckConstraint(
                condition=Q(open_amount__gte=0, open_amount__lte=F("amount")), name="never_allocated_beyond_its_amount"
            ),
            models.CheckConstraint(
                condition=Q(open_amount=0, settled_on__isnull=False, settled_recorded_at__isnull=False)
                | Q(open_amount__gt=0, settled_on=None, settled_recorded_at=None),
                name="settled_when_nothing_is_open",
            ),
        )
        indexes = (
            models.Index(
                fields=("entity", "customer"),
                include=(
                    "line", "currency", "side", "kind", "document_on", "due_on", "posted_on", "recorded_at",
                    "amount", "open_amount",
                ),
                condition=~Q(open_amount=0),
                name="item_open_now",
            ),
            models.Index(
                fields=("entity", "settled_on", "posted_on", "settled_recorded_at"),
                condition=Q(settled_on__isnull=False),
                name="item_settled",
            ),
            models.Index(fields=("customer", "posted_on"), name="item_customer_day"),
            models.Index(fields=("entity", "amount"), name="item_amount"),
            models.Index(
                fields=("entity", "reference"), condition=~Q(reference="") & ~Q(open_amount=0), name="item_reference"
            ),
        )  # fmt: skip
        triggers = ITEM_GUARDS

    def __str__(self) -> str:
        return self.document_label

    @property
    def document_label(self) -> str:
        """What a letter or a list calls it, such as “Invoice INV-2026-000123”."""
        return f"{self.get_kind_display()} {self.number}"

    @property
    def sign(self) -> int:
        """1 for what the customer owes, -1 for what they are owed."""
        return SIGNS[self.side]

    @property
    def money(self) -> Money:
        """Its amount as posted."""
        return Money(self.amount, self.currency)

    @property
    def open_money(self) -> Money:
        """What is left open of it now."""
        return Money(self.open_amount, self.currency)
