"""Invoices."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from customers.models import PaymentTerms
from invoicing.guards import issued_documents_stay, parts_of_issued_stay
from invoicing.models.documents import Document, DocumentLine, DocumentTax
from invoicing.models.products import Product


class Invoice(Document):
    """What a customer is billed for."""

    class Kind(models.TextChoices):
        """What gave rise to it."""

        ORDER = "order", "New order"
        RENEWAL = "renewal", "Renewal"
        ADDED_USERS = "added_users", "Added users"
        RECURRING = "recurring", "Recurring"
        USAGE = "usage", "Usage"
        OTHER = "other", "Other"

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.ORDER)
    terms = models.ForeignKey(PaymentTerms, on_delete=models.PROTECT, related_name="+", db_index=False)
    due_on = models.DateField(null=True, editable=False)
    reference = models.CharField(
        max_length=25, blank=True, editable=False, help_text="ISO 11649, made from the number: RF18…"
    )
    service_from = models.DateField(null=True, blank=True)
    service_until = models.DateField(null=True, blank=True)
    cost_centre = models.CharField(max_length=60, blank=True, default="", db_default="")
    is_final = models.BooleanField(
        default=False,
        db_default=False,
        help_text="The last invoice of a customer who leaves; collections follows it apart.",
    )
    is_consolidated = models.BooleanField(
        default=False, db_default=False, help_text="Bills several contracts or orders of a customer together."
    )
    billing_run = models.ForeignKey(
        "invoicing.BillingRun",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="invoices",
        db_index=False,
    )

    class Meta(Document.Meta):
        abstract = False
        ordering = ("-pk",)
        indexes = (
            models.Index(
                fields=("billing_run",), condition=Q(billing_run__isnull=False), name="invoices_of_a_billing_run"
            ),
            models.Index(fields=("entity", "-issued_on", "-id"), name="invoices_by_day"),
            models.Index(fields=("customer", "-issued_on"), name="invoices_of_a_customer"),
            models.Index(fields=("entity", "-id"), condition=Q(number=None), name="invoice_drafts"),
            models.Index(
                fields=("id",), condition=Q(number__isnull=False, pdf=None, is_imported=False), name="invoices_to_print"
            ),
        )
        constraints: ClassVar = [
            *Document.Meta.constraints,
            models.CheckConstraint(
                condition=Q(number=None, due_on=None) | Q(due_on__gte=F("issued_on")), name="due_on_or_after_its_day"
            ),
            models.CheckConstraint(
                condition=Q(service_until=None) | Q(service_until__gte=F("service_from")),
                name="invoice_service_ends_after_it_begins",
                violation_error_message="The service period can't end before it begins.",
            ),
        ]
        triggers = issued_documents_stay("invoices")


class InvoiceLine(DocumentLine):
    """A line of an invoice."""

    entity_path: ClassVar[str] = "invoice__entity"

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines", db_index=False)
    product = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    service_from = models.DateField(null=True, blank=True)
    service_until = models.DateField(null=True, blank=True)

    class Meta(DocumentLine.Meta):
        abstract = False
        ordering = ("invoice_id", "position")
        constraints: ClassVar = [
            *DocumentLine.Meta.constraints,
            models.UniqueConstraint(fields=("invoice", "position"), name="one_invoice_line_a_position"),
            models.CheckConstraint(
                condition=Q(service_until=None) | Q(service_until__gte=F("service_from")),
                name="line_service_ends_after_it_begins",
                violation_error_message="The service period can't end before it begins.",
            ),
        ]
        triggers = parts_of_issued_stay("invoices", "invoicing_invoice", "invoice_id")


class InvoiceTax(DocumentTax):
    """The tax of an invoice at one rate."""

    entity_path: ClassVar[str] = "invoice__entity"

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="taxes", db_index=False)

    class Meta(DocumentTax.Meta):
        abstract = False
        ordering = ("invoice_id", "-tax_rate__percent", "pk")
        verbose_name_plural = "invoice taxes"
        constraints = (models.UniqueConstraint(fields=("invoice", "tax_rate"), name="one_invoice_tax_a_rate"),)
        triggers = parts_of_issued_stay("invoices", "invoicing_invoice", "invoice_id")
