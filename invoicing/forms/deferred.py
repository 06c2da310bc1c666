"""What is asked about deferred income, and which month is released."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms

from core.forms import SEPARATOR, Combobox, DayField
from core.models import LegalEntity
from invoicing.models import DeferralMovement

GROUPINGS = [("customer", "Customer"), ("invoice", "Invoice"), ("month", "Month")]


class CustomerCode(forms.CharField):
    """A customer's code, typed or chosen from what is found while somebody types."""

    def __init__(self) -> None:
        super().__init__(required=False, label="Customer", widget=Combobox("customers:find"))

    def to_python(self, value: Any) -> str:
        """The code out of “C-10420 · Brightwater Hotels”."""
        return str(super().to_python(value)).split(SEPARATOR)[0].strip()


class KnownAtForm(forms.Form):
    """A question that can be asked as of a moment."""

    known_at = forms.DateTimeField(
        required=False,
        label="As known at",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )

    def moment(self, entity: LegalEntity) -> datetime | None:
        """The moment in the company's time."""
        given: datetime | None = self.cleaned_data.get("known_at")
        return given.replace(tzinfo=entity.zone) if given else None


class DeferredForm(KnownAtForm):
    """The question in the address of the page."""

    by = forms.ChoiceField(choices=GROUPINGS, required=False, label="Rows")
    from_on = DayField(required=False, label="Movements from")
    as_at = DayField(required=False, label="Balance as at")
    customer = CustomerCode()

    field_order = ("by", "from_on", "as_at", "known_at", "customer")


class MovementsForm(KnownAtForm):
    """Which movements are listed."""

    kind = forms.ChoiceField(choices=[("", "All"), *DeferralMovement.Kind.choices], required=False, label="Kind")
    from_on = DayField(required=False, label="From")
    until = DayField(required=False, label="until")
    customer = CustomerCode()
    invoice = forms.CharField(required=False, max_length=60, label="Invoice")
    currency = forms.CharField(required=False, max_length=3, label="Currency")

    field_order = ("kind", "from_on", "until", "customer", "invoice", "currency", "known_at")


class ReleaseForm(forms.Form):
    """A month, by any of its days."""

    month_on = DayField(label="Month", help_text="Any day of it.")
    late_reason = forms.CharField(
        required=False,
        max_length=200,
        label="Reason",
        help_text="Needed where the month is soft-locked; it stands on the entries.",
    )

    @property
    def month(self) -> date:
        """The first day of the month."""
        chosen: date = self.cleaned_data["month_on"]
        return chosen.replace(day=1)
