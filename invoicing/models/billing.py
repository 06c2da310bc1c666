"""What was billed for which days of a contract line."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce, Now

from core.scoping import ScopedModel
from invoicing.models.contracts import ContractLine
from invoicing.models.invoices import InvoiceLine


class BilledPeriod(ScopedModel):
    """Days of a contract line that an invoice line bills, as a draft already.

    Days that were credited (`credited_from` to the end) may be billed again; every other day is billed once, which
    the exclusion constraint keeps whatever runs side by side. A discarded draft gives its days back.
    """

    entity_path: ClassVar[str] = "line__contract__entity"

    line = models.ForeignKey(ContractLine, on_delete=models.PROTECT, related_name="billed")
    invoice_line = models.ForeignKey(InvoiceLine, on_delete=models.CASCADE, related_name="billed_periods")
    first_on = models.DateField()
    last_on = models.DateField()
    credited_from = models.DateField(null=True, editable=False, help_text="From this day on it was credited.")
    working = models.CharField(max_length=300, help_text="How the amount came about, for people.")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("line_id", "first_on", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="billed_days_run_forwards"),
            models.CheckConstraint(
                condition=Q(credited_from=None) | Q(credited_from__gte=F("first_on"), credited_from__lte=F("last_on")),
                name="credited_days_were_billed",
            ),
            ExclusionConstraint(
                name="a_day_of_a_contract_line_is_billed_once",
                expressions=[
                    ("line", RangeOperators.EQUAL),
                    (
                        Func(
                            F("first_on"),
                            Coalesce(F("credited_from"), F("last_on") + 1),
                            Value("[)"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        )

    def __str__(self) -> str:
        return f"{self.first_on} to {self.last_on}"
