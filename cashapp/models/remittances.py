"""Remittances as they came in. What a payer said never changes; which bank line it belongs to is a row of its own."""

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cashapp.models.statements import BankStatementLine
from core.fields import AmountField, CurrencyField
from core.guards import frozen_columns
from core.money import Money
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL
TOLD = (
    "entity_id", "file_id", "content_hash", "source", "file_format", "reference", "trace", "payer", "payer_code",
    "payer_account", "payee", "paid_on", "currency", "total", "memo", "taken_in_by_id", "taken_in_at",
)  # fmt: skip
LINE_TOLD = (
    "remittance_id", "position", "number", "purchase_order", "is_credit", "dated_on", "gross", "discount", "paid",
    "deductions", "note",
)  # fmt: skip


class Remittance(ScopedModel):
    """What a payer says that one payment is for."""

    class Source(models.TextChoices):
        """How it came to us."""

        UPLOADED = "uploaded", "Uploaded"
        PASTED = "pasted", "Pasted"
        API = "api", "API"
        FOLDER = "folder", "Drop folder"
        COMMAND = "command", "Command"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    content_hash = models.CharField(max_length=64, help_text="Of what it says, so that it is taken in once.")
    source = models.CharField(max_length=10, choices=Source)
    file_format = models.CharField(max_length=40)
    reference = models.CharField(max_length=80, blank=True, help_text="The payer's name for the advice.")
    trace = models.CharField(max_length=80, blank=True, help_text="The payment's number at the bank.")
    payer = models.CharField(max_length=200, blank=True)
    payer_code = models.CharField(max_length=60, blank=True, help_text="Our number of the customer, as the payer says.")
    payer_account = models.CharField(max_length=64, blank=True)
    payee = models.CharField(max_length=200, blank=True)
    paid_on = models.DateField()
    currency = CurrencyField()
    total = AmountField(null=True)
    memo = models.CharField(max_length=400, blank=True)
    findings = models.JSONField(default=list, help_text="What was noticed when it was read, in sentences.")
    customer = models.ForeignKey("customers.Customer", null=True, on_delete=models.PROTECT, related_name="remittances")
    is_certain = models.BooleanField(default=False, help_text="The customer is told by our own number.")
    taken_in_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    taken_in_at = models.DateTimeField(db_default=Now(), editable=False)
    given_up_at = models.DateTimeField(null=True, editable=False)
    given_up_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    given_up_reason = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        ordering = ("-paid_on", "-pk")
        triggers: ClassVar = [frozen_columns(TOLD, "remittances"), *never_removed("remittances")]
        constraints = (
            models.UniqueConstraint(fields=("entity", "content_hash"), name="a_remittance_is_taken_in_once"),
            models.CheckConstraint(
                condition=Q(given_up_at=None, given_up_by=None, given_up_reason="")
                | Q(given_up_at__isnull=False, given_up_by__isnull=False) & ~Q(given_up_reason=""),
                name="the_end_of_a_remittance_is_whole",
            ),
        )
        indexes = (
            models.Index(fields=("entity", "-paid_on"), name="remittances_by_day"),
            models.Index(fields=("entity", "currency", "total"), name="remittances_by_sum"),
        )

    def __str__(self) -> str:
        return self.reference or self.trace or f"{self.payer or 'Remittance'}, {self.paid_on:%d %b %Y}"

    @property
    def money(self) -> Money | None:
        """What is paid, as far as it is told."""
        return None if self.total is None else Money(self.total, self.currency)

    @property
    def is_given_up(self) -> bool:
        """Whether nobody waits for its money any more."""
        return self.given_up_at is not None


class RemittanceLine(ScopedModel):
    """One document that the payment is for. `item` is the document that it was recognised as, once there is one."""

    entity_path: ClassVar[str] = "remittance__entity"

    remittance = models.ForeignKey(Remittance, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    number = models.CharField(max_length=60, blank=True)
    purchase_order = models.CharField(max_length=60, blank=True)
    is_credit = models.BooleanField(default=False)
    dated_on = models.DateField(null=True)
    gross = AmountField(null=True)
    discount = AmountField(null=True)
    paid = AmountField(null=True)
    deductions = models.JSONField(
        default=list, encoder=DjangoJSONEncoder, help_text="Per deduction: amount, code, code_list, words and reason."
    )
    note = models.CharField(max_length=400, blank=True)
    item = models.ForeignKey("ledger.OpenItem", null=True, on_delete=models.PROTECT, related_name="remittance_lines")

    class Meta:
        ordering = ("remittance", "position")
        triggers: ClassVar = [frozen_columns(LINE_TOLD, "remittance lines"), *never_removed("remittance lines")]
        constraints = (
            models.UniqueConstraint(fields=("remittance", "position"), name="a_remittance_line_has_a_place"),
        )

    def __str__(self) -> str:
        return self.number or self.purchase_order or f"Line {self.position}"


class RemittanceTie(ScopedModel):
    """That a remittance is about a bank line. It ends when somebody takes the two apart."""

    entity_path: ClassVar[str] = "remittance__entity"

    remittance = models.ForeignKey(Remittance, on_delete=models.PROTECT, related_name="ties")
    line = models.ForeignKey(BankStatementLine, on_delete=models.PROTECT, related_name="remittance_ties")
    words = models.CharField(max_length=200, help_text="Why the two belong together.")
    tied_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    tied_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    end_reason = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [
            frozen_columns(("remittance_id", "line_id", "words", "tied_by_id"), "ties of remittances"),
            *never_removed("ties of remittances"),
        ]
        constraints = (
            models.UniqueConstraint(
                fields=("remittance",), condition=Q(ended_at=None), name="a_remittance_is_about_one_bank_line"
            ),
        )

    def __str__(self) -> str:
        return f"{self.remittance} for {self.line}"


class RemittanceMapping(ScopedModel):
    """How a payer's table is read, saved by a person under a name."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    columns = models.JSONField(help_text="What cashapp.remittances.mapping.RemittanceColumns.as_dict() gives.")
    saved_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("entity", "name"), name="one_remittance_mapping_of_a_name"),)

    def __str__(self) -> str:
        return self.name
