"""What a person fills in to undo, move or record a receipt."""

from decimal import Decimal
from typing import Any

from django import forms

from core.forms import AmountField, CodeField, DayField, offer_rows
from core.models import BankAccount, LegalEntity, User
from customers.models import Customer


class ReasonForm(forms.Form):
    """Why something is undone, and from which day."""

    reason = forms.CharField(max_length=200, label="Why")
    on = DayField(label="Counts from")


class MoveForm(ReasonForm):
    """To whom a receipt, or a part of it, is given."""

    customer = CodeField(Customer.objects.none(), source="customers:find", label="To customer")
    amount = AmountField(required=False, label="Amount", help_text="Left empty: all of it, taken off what it pays.")

    field_order = ("customer", "amount", "reason", "on")

    def __init__(self, *args: Any, by: User, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        customers = Customer.objects.visible_to(by).filter(entity=entity)
        offer_rows(self, "customer", customers.select_related("entity", "terms"))


class ExchangeForm(forms.Form):
    """Which document of another currency money on account settles, how much of it, and at which rate."""

    document = forms.CharField(max_length=60, label="Document")
    amount = AmountField(
        required=False,
        label="Amount",
        help_text="In the document's currency. Left empty: as much as the money is worth.",
    )
    rate = forms.DecimalField(
        required=False,
        max_digits=18,
        decimal_places=8,
        min_value=Decimal("1E-8"),
        label="Rate agreed",
        help_text="This receipt's currency for 1 of the document's. Left empty: the bank's, else the day's.",
    )
    on = DayField(label="Counts from")
    request_id = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class ReceiptForm(forms.Form):
    """Money that no bank statement tells of: a cheque, a card, cash."""

    customer = CodeField(Customer.objects.none(), source="customers:find", label="Customer")
    bank_account = forms.ModelChoiceField(BankAccount.objects.none(), label="Paid into")
    amount = AmountField(label="Amount")
    received_on = DayField(label="Received on")
    text = forms.CharField(max_length=140, required=False, label="Text", help_text="Such as the number of the cheque.")
    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: User, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        customers = Customer.objects.visible_to(by).filter(entity=entity)
        accounts = BankAccount.objects.filter(entity=entity, is_active=True).order_by("-is_default", "name")
        offer_rows(self, "customer", customers.select_related("entity", "terms"))
        offer_rows(self, "bank_account", accounts)
