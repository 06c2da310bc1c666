"""What a person fills in about cheques, searches, corrections and accepted proposals."""

import re
from typing import Any

from django import forms

from cashapp.electronic import Named
from cashapp.forms.payments import customers_of
from cashapp.models import SearchStep
from cashapp.queries.searching import people_with_cash
from core.currencies import currency_codes
from core.forms import AmountField, CodeField, DayField, offer_choices, offer_rows
from core.models import BankAccount, LegalEntity, User
from customers.models import Customer

Kind = SearchStep.Kind
BETWEEN = re.compile(r"[\s,;]+")


def named(text: str) -> list[Named]:
    """Numbers of documents out of a line that somebody typed."""
    return [Named(number) for number in BETWEEN.split(text) if number]


class ChequeForm(forms.Form):
    """A cheque as it lies on the table."""

    number = forms.CharField(label="Number", max_length=20)
    drawer = forms.CharField(label="Drawer", max_length=200, help_text="As printed on it.")
    drawn_on = forms.CharField(label="Bank", max_length=120, help_text="With branch or sort code.")
    amount = AmountField(label="Amount", min_value=0)
    currency = forms.ChoiceField(label="Currency", choices=[])
    received_on = DayField(label="Received on")
    payable_from = DayField(label="Dated", help_text="A later day makes it post-dated.")
    customer = CodeField(
        Customer.objects.none(), source="customers:find", label="Customer", required=False, help_text="If known."
    )
    documents = forms.CharField(label="For", max_length=400, required=False, help_text="Numbers of invoices.")

    def __init__(self, *args: Any, by: User, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_rows(self, "customer", customers_of(by, entity))
        offer_choices(self, "currency", [(code, code) for code in currency_codes()])


class SlipForm(forms.Form):
    """Into which account the chosen cheques go."""

    bank_account = forms.ModelChoiceField(BankAccount.objects.none(), label="Paid into", empty_label=None)

    def __init__(self, *args: Any, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        accounts = BankAccount.objects.filter(entity=entity, is_active=True).order_by("-is_default", "name")
        offer_rows(self, "bank_account", accounts)


class DepositForm(forms.Form):
    """When a slip goes to the bank."""

    on = DayField(label="Paid in on")


class BounceForm(forms.Form):
    """That the bank gave a cheque back."""

    on = DayField(label="Given back on")
    reason = forms.CharField(label="Why", max_length=200, help_text="As the bank says, such as: refer to drawer.")
    fee = AmountField(label="Fee of the bank", min_value=0, required=False)


class StepForm(forms.Form):
    """What was tried, and when somebody goes on."""

    kind = forms.ChoiceField(
        label="What",
        choices=[
            (kind.value, kind.label)
            for kind in (Kind.NOTE, Kind.CALLED, Kind.WROTE, Kind.ASKED_BANK, Kind.ASKED_COLLEAGUE)
        ],
    )
    text = forms.CharField(label="What came of it", max_length=400)
    next_step_on = DayField(label="Go on", required=False)


class ReminderForm(forms.Form):
    """When somebody looks again after the payer was asked."""

    next_step_on = DayField(label="Look again", required=False)


class ReviewForm(forms.Form):
    """What becomes of money that waits for long."""

    text = forms.CharField(label="What becomes of it", max_length=400)


class OwnerForm(forms.Form):
    """Who looks after the chosen sums."""

    owner = forms.ModelChoiceField(User.objects.none(), label="Give to", empty_label=None)

    def __init__(self, *args: Any, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        people = [person.pk for person in people_with_cash(entity)]
        offer_rows(self, "owner", User.objects.filter(pk__in=people).order_by("name"))


class CorrectionForm(forms.Form):
    """Where misapplied money belongs."""

    customer = CodeField(Customer.objects.none(), source="customers:find", label="Belongs to")
    documents = forms.CharField(
        label="Pays", max_length=400, required=False, help_text="Numbers of invoices. Left empty: it waits on account."
    )
    reason = forms.CharField(label="Why", max_length=200, help_text="Both customers’ pages show it.")
    on = DayField(label="Counts from")

    def __init__(self, *args: Any, by: User, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_rows(self, "customer", customers_of(by, entity))


class AcceptForm(forms.Form):
    """The list that was looked at."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)
