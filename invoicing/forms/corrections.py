"""Forms of adjustments, refunds, and credits of many invoices."""

from __future__ import annotations

from typing import Any

from django import forms

from core.forms import AmountField
from customers.models import Customer, CustomerBankAccount
from invoicing.models import Adjustment, CreditNote
from ledger.models import OpenItem

FILE_HELP = "What shows that the reason is true; whoever decides opens it."
DIRECTIONS = [
    (OpenItem.Side.CREDIT.value, "The customer owes less"),
    (OpenItem.Side.DEBIT.value, "The customer owes more"),
]


class WithFile(forms.Form):
    """A form that takes a file along."""

    file = forms.FileField(required=False, label="File", help_text=FILE_HELP)
    request_id = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    @property
    def upload(self) -> tuple[str, bytes] | None:
        """The file's name and content."""
        given: Any = self.cleaned_data.get("file")
        return (str(given.name), given.read()) if given else None


class AdjustmentForm(WithFile):
    """How much more or less, and why."""

    side = forms.ChoiceField(choices=DIRECTIONS, label="Change", widget=forms.RadioSelect)
    amount = AmountField(min_value=0, label="Amount")
    reason_code = forms.ChoiceField(choices=Adjustment.Reason, label="Reason")
    reason = forms.CharField(max_length=300, label="In words")

    field_order = ("side", "amount", "reason_code", "reason", "file")


class RefundForm(WithFile):
    """How much, why, and to which account."""

    amount = AmountField(min_value=0, label="Amount")
    reason = forms.CharField(max_length=300, label="Reason", help_text="Whoever decides reads it first.")
    bank_account = forms.ModelChoiceField(
        CustomerBankAccount.objects.none(),
        required=False,
        label="Paid to",
        empty_label="Back to where the money came from",
        help_text="Only accounts that a second person verified.",
    )

    field_order = ("amount", "reason", "bank_account", "file")

    def __init__(self, customer: Customer, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        accounts: Any = self.fields["bank_account"]
        accounts.queryset = CustomerBankAccount.objects.filter(
            customer=customer, is_active=True, verified_at__isnull=False
        )


class BulkCreditForm(WithFile):
    """Why many invoices are credited."""

    reason_code = forms.ChoiceField(choices=CreditNote.Reason, label="Reason")
    reason = forms.CharField(max_length=300, label="In words", help_text="Printed on each credit note.")

    field_order = ("reason_code", "reason", "file")
