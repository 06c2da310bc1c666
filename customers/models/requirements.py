"""What a customer requires of its invoices, beside what its master data says."""

from django.db import models
from django.db.models import Q

from core.scoping import ScopedModel
from customers.models.attachments import CustomerFile
from customers.models.customer import Customer


class BillingRequirements(ScopedModel):
    """How the invoices of one customer have to look. A customer without a row has what the defaults say.

    Order number, language, currency and the way out stand in the customer's master data.
    """

    class Grouping(models.TextChoices):
        """What goes on one invoice when a billing run bills the customer."""

        CONTRACT = "contract", "One invoice a contract"
        CUSTOMER = "customer", "One invoice for all contracts"
        COST_CENTRE = "cost_centre", "One invoice a cost centre"

    class FileFormat(models.TextChoices):
        """Which structured invoice goes along."""

        NONE = "none", "PDF alone"
        FACTUR_X = "factur_x", "Factur-X: PDF with the data inside"
        XRECHNUNG = "xrechnung", "XRechnung (UBL)"
        PEPPOL = "peppol", "Peppol BIS 3 (UBL)"

    entity_path = "customer__entity"

    customer = models.OneToOneField(Customer, on_delete=models.PROTECT, related_name="billing_requirements")
    grouping = models.CharField(max_length=12, choices=Grouping, default=Grouping.CONTRACT)
    reference_text = models.CharField(
        max_length=300, blank=True, help_text="Printed on every invoice, such as our supplier number there."
    )
    file_format = models.CharField(max_length=10, choices=FileFormat, default=FileFormat.NONE)
    buyer_reference = models.CharField(
        max_length=60, blank=True, help_text="The buyer's reference in structured invoices, such as the Leitweg-ID."
    )
    electronic_scheme = models.CharField(
        max_length=4, blank=True, help_text="Kind of electronic address, such as 0088 for a GLN."
    )
    electronic_address = models.CharField(max_length=60, blank=True, help_text="Where structured invoices are sent.")
    files = models.ManyToManyField(CustomerFile, blank=True, related_name="+")
    portal_url = models.URLField(
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text="Where invoices are uploaded in the customer's own portal.",
    )
    portal_notes = models.TextField(
        max_length=1000,
        blank=True,
        default="",
        db_default="",
        help_text="What to know for uploading; never a password.",
    )
    sends_contract_papers = models.BooleanField(
        default=False, help_text="Order form and purchase order of the contract go along."
    )
    version = models.PositiveIntegerField(default=1, editable=False, help_text="Counts the changes of this row.")

    class Meta:
        verbose_name_plural = "billing requirements"
        constraints = (
            models.CheckConstraint(
                condition=Q(electronic_scheme="", electronic_address="")
                | ~Q(electronic_scheme="") & ~Q(electronic_address=""),
                name="an_electronic_address_has_its_kind",
                violation_error_message="An electronic address needs its kind, and a kind its address.",
            ),
            models.CheckConstraint(
                condition=~Q(file_format="xrechnung") | ~Q(buyer_reference=""),
                name="xrechnung_names_the_buyers_reference",
                violation_error_message="XRechnung needs the buyer's reference (Leitweg-ID).",
            ),
        )

    def __str__(self) -> str:
        return f"What {self.customer} requires"
