"""The bank line by which the bank took the money of returned debits off our account."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from core.guards import append_only
from core.scoping import ScopedModel
from directdebit.models.returns import ReturnedDebit


class ReturnSettlement(ScopedModel):
    """That a bank line holds the money of a returned debit, alone or with others of its day."""

    entity_path: ClassVar[str] = "returned__entity"

    returned = models.OneToOneField(ReturnedDebit, on_delete=models.PROTECT, related_name="settlement")
    line = models.ForeignKey("cashapp.BankStatementLine", on_delete=models.PROTECT, related_name="return_settlements")
    entry = models.ForeignKey("ledger.JournalEntry", on_delete=models.PROTECT, related_name="+")
    evidence = models.CharField(max_length=200)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = append_only("settlements of returned debits")

    def __str__(self) -> str:
        return f"{self.returned} on {self.line}"
