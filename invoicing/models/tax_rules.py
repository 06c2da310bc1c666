"""Which tax rate a sale carries, by where the buyer is, its tax status and the class of what is sold."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Value

from core.guards import frozen_columns
from core.scoping import ScopedModel
from customers.models import Customer
from invoicing.models.products import TaxClass

EU = "EU"
ELSEWHERE = "ZZ"
place_shape = RegexValidator(
    r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$", "Use a country such as GB, a state such as US-NY, EU or ZZ."
)


class TaxRule(ScopedModel):
    """A rule holds from one day until another and never changes but for its end: a new rule is a new row."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="tax_rules", db_index=False)
    place = models.CharField(
        max_length=6, validators=[place_shape], help_text="A country, a state such as US-NY, EU (other members) or ZZ."
    )
    tax_status = models.CharField(max_length=16, choices=Customer.TaxStatus)
    tax_class = models.CharField(max_length=10, choices=TaxClass, blank=True, help_text="Left empty: whatever is sold.")
    rate_code = models.CharField(max_length=12, help_text="Code of a tax rate, such as S20.")
    needs_certificate = models.BooleanField(
        default=False, help_text="Only with a certificate that holds where the goods or services go."
    )
    note = models.CharField(max_length=200, blank=True, help_text="Why, for whoever looks at the rule.")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("entity", "place", "tax_status", "tax_class", "-valid_from")
        triggers = (
            frozen_columns(
                ("entity_id", "place", "tax_status", "tax_class", "rate_code", "needs_certificate", "valid_from"),
                "tax rules",
            ),
        )
        constraints: ClassVar = (
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="a_tax_rule_ends_after_it_begins",
                violation_error_message="The rule can't end before it begins.",
            ),
            ExclusionConstraint(
                name="one_tax_rule_a_day",
                expressions=[
                    ("entity", RangeOperators.EQUAL),
                    ("place", RangeOperators.EQUAL),
                    ("tax_status", RangeOperators.EQUAL),
                    ("tax_class", RangeOperators.EQUAL),
                    (
                        Func(
                            F("valid_from"),
                            F("valid_until"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="Another rule holds for the same on one of these days. End it first.",
            ),
        )

    def __str__(self) -> str:
        sold = self.get_tax_class_display().lower() if self.tax_class else "everything"
        return f"{self.place}, {self.get_tax_status_display().partition(':')[0].lower()}, {sold}: {self.rate_code}"
