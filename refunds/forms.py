"""Making files of payments, and saying what became of them."""

from typing import Any

from django import forms

from core.forms import DayField
from core.models import BankAccount, LegalEntity
from refunds.models import PaymentChannel


class BatchForm(forms.Form):
    """Through which bank, and when."""

    paid_on = DayField(label="Carried out on")
    field_order = ("channel", "paid_on")

    def __init__(self, entity: LegalEntity, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = PaymentChannel.objects.filter(entity=entity, is_active=True).select_related("bank_account")
        self.fields["channel"] = forms.ModelChoiceField(rows, label="Paid through", empty_label=None)
        self.order_fields(self.field_order)


class ChannelForm(forms.Form):
    """How one of our banks takes files."""

    scheme = forms.ChoiceField(label="Format", choices=PaymentChannel.Scheme.choices)
    name = forms.CharField(label="Our name in the file", max_length=60)
    identifier = forms.CharField(
        label="Our number at the bank",
        max_length=35,
        required=False,
        help_text="Service user number for Bacs, the bank's ten characters for ACH. SEPA needs none.",
    )
    routing = forms.CharField(label="Our bank's routing number", max_length=9, required=False, help_text="For ACH.")
    field_order = ("bank_account", "scheme", "name", "identifier", "routing")

    def __init__(self, entity: LegalEntity, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = BankAccount.objects.filter(entity=entity, is_active=True)
        self.fields["bank_account"] = forms.ModelChoiceField(accounts, label="Our account", empty_label=None)
        self.order_fields(self.field_order)


class FailForm(forms.Form):
    """Why the bank sent a payment back."""

    failed_on = DayField(label="Came back on")
    reason = forms.CharField(label="Why", max_length=200)


class TakeBackForm(forms.Form):
    """Why an approved refund is not paid."""

    taken_back_on = DayField(label="On")
    reason = forms.CharField(label="Why it is not paid", max_length=300)


class CardForm(forms.Form):
    """What the provider says of a refund to a card."""

    reference = forms.CharField(label="Provider's reference", max_length=80)
    refunded_on = DayField(label="Given back on")


class KeepForm(forms.Form):
    """With whose consent money stays on account."""

    note = forms.CharField(label="Who agreed, and how", max_length=300)
