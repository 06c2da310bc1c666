"""Papers at a contract: what was signed, and the quotes for its renewal. Both only grow."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.fields import AmountField
from core.guards import append_only
from core.scoping import ScopedModel
from invoicing.models.contracts import Contract


class ContractFile(ScopedModel):
    """A file attached to a contract, with what it is."""

    class Kind(models.TextChoices):
        """What the file is."""

        SIGNED = "signed", "Signed contract"
        ORDER_FORM = "order_form", "Order form"
        PURCHASE_ORDER = "purchase_order", "Purchase order"
        NOTICE = "notice", "Notice"
        OTHER = "other", "Other"

    entity_path: ClassVar[str] = "contract__entity"

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.OTHER)
    note = models.CharField(max_length=200, blank=True)
    attached_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    attached_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = append_only("files of contracts")

    def __str__(self) -> str:
        return self.file.name


class RenewalQuote(ScopedModel):
    """What a customer was offered for the next term: a PDF that was sent, and its total."""

    entity_path: ClassVar[str] = "contract__entity"

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="quotes")
    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    valid_until = models.DateField()
    percent = models.DecimalField(max_digits=6, decimal_places=3, help_text="How much prices rise.")
    net = AmountField(help_text="For the whole term before tax, in the contract's currency, without usage.")
    quoted_on = models.DateField()
    request_id = models.CharField(max_length=64, help_text="Of the form that asked; each makes one quote.")
    quoted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    quoted_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="a_quoted_term_runs_forwards"),
            models.UniqueConstraint(fields=("contract", "request_id"), name="a_quote_is_made_once"),
        )
        triggers: ClassVar = append_only("quotes")

    def __str__(self) -> str:
        return f"Quote for {self.contract.number} from {self.starts_on}"
