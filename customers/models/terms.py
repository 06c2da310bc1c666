"""Payment terms: when an invoice falls due, and until when a discount may be taken."""

from calendar import monthrange
from datetime import date, timedelta

from django.core.validators import MaxValueValidator
from django.db import models

from core.scoping import ScopedModel


class PaymentTerms(ScopedModel):
    """When customers have to pay, such as “30 days net, 2 % within 10 days”."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="payment_terms")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120, help_text="As printed on invoices.")
    net_days = models.PositiveSmallIntegerField(validators=[MaxValueValidator(365)])
    end_of_month = models.BooleanField(
        default=False, help_text="The days count from the end of the month in which the invoice is dated."
    )
    discount_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    discount_days = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("entity", "net_days", "code")
        verbose_name_plural = "payment terms"
        constraints = (
            models.UniqueConstraint(fields=("entity", "code"), name="one_payment_terms_a_code"),
            models.CheckConstraint(
                condition=models.Q(discount_percent__gte=0, discount_percent__lt=100),
                name="a_discount_is_a_part",
                violation_error_message="The discount lies between 0 and 100 per cent.",
            ),
            models.CheckConstraint(
                condition=models.Q(discount_days__lte=models.F("net_days")) | models.Q(end_of_month=True),
                name="a_discount_ends_before_the_due_date",
                violation_error_message="The discount can't run longer than the net days.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def due_on(self, day: date) -> date:
        """The day on which an invoice of that day falls due."""
        return self._counted_from(day) + timedelta(days=self.net_days)

    def discount_until(self, day: date) -> date | None:
        """The last day for the discount on an invoice of that day; None where the terms give none."""
        if not self.discount_percent:
            return None
        return min(day + timedelta(days=self.discount_days), self.due_on(day))

    def _counted_from(self, day: date) -> date:
        return day.replace(day=monthrange(day.year, day.month)[1]) if self.end_of_month else day
