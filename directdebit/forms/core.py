"""Forms of creditors, mandates and runs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms

from core.calendars import BusinessCalendar
from core.forms import DayField
from core.models import BankAccount, LegalEntity
from customers.models import Customer, CustomerBankAccount
from directdebit.models import Creditor, Mandate
from directdebit.schemes import Scheme


class CreditorForm(forms.Form):
    """Who the company is to a scheme."""

    code = forms.SlugField(max_length=20, label="Short name", help_text="Such as BACS-UK.")
    name = forms.CharField(max_length=60, label="Name", help_text="As payers read it on their statements.")
    scheme = forms.ChoiceField(choices=Scheme, label="Scheme")
    identifier = forms.CharField(
        max_length=35,
        label="Identification",
        help_text="Service user number, SEPA creditor identifier, or the bank's ten characters for ACH.",
    )
    bank_account = forms.ModelChoiceField(BankAccount.objects.none(), label="Collected into")
    notice_days = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=60,
        label="Days of notice",
        help_text="Left empty: as the scheme has it. Fewer only as agreed with the bank.",
    )
    provider = forms.ChoiceField(choices=Creditor.Provider, label="Leaves by")
    base_url = forms.URLField(required=False, label="Provider's address", assume_scheme="https")
    schedule = forms.CharField(required=False, max_length=120, label="Access PaySuite's schedule")
    creditor = forms.CharField(required=False, max_length=60, label="GoCardless's name for us")

    def __init__(self, *args: Any, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        accounts: Any = self.fields["bank_account"]
        accounts.queryset = BankAccount.objects.filter(entity=entity, is_active=True)


class MandateForm(forms.Form):
    """A payer's instruction."""

    creditor = forms.ModelChoiceField(Creditor.objects.none(), label="For", empty_label=None)
    bank_account = forms.ModelChoiceField(
        CustomerBankAccount.objects.none(),
        label="Drawn from",
        help_text="Accounts that the customer told us of. One that isn't verified can be released later.",
    )
    reference = forms.CharField(max_length=35, label="Reference", help_text="Bacs: up to 18 capitals and digits.")
    signed_on = DayField(label="Signed on")
    use = forms.ChoiceField(choices=Mandate.Use, label="May be used")

    def __init__(self, *args: Any, customer: Customer, **options: Any) -> None:
        super().__init__(*args, **options)
        creditors: Any = self.fields["creditor"]
        creditors.queryset = Creditor.objects.filter(entity=customer.entity, is_active=True)
        accounts: Any = self.fields["bank_account"]
        accounts.queryset = customer.bank_accounts.filter(is_active=True).exclude(
            source=CustomerBankAccount.Source.STATEMENT
        )


class AmendForm(forms.Form):
    """What changes in a mandate."""

    bank_account = forms.ModelChoiceField(
        CustomerBankAccount.objects.none(),
        label="Drawn from",
        empty_label=None,
        help_text="Verified accounts that the customer told us of.",
    )
    reference = forms.CharField(max_length=35, label="Reference", help_text="Only SEPA lets it change.")
    reason = forms.CharField(max_length=200, label="Who told of it, and how", widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, customer: Customer, **options: Any) -> None:
        super().__init__(*args, **options)
        accounts: Any = self.fields["bank_account"]
        accounts.queryset = customer.bank_accounts.filter(is_active=True, verified_at__isnull=False).exclude(
            source=CustomerBankAccount.Source.STATEMENT
        )


class SignedForm(forms.Form):
    """A mandate's form as the payer signed it."""

    file = forms.FileField(label="Signed form", help_text="A PDF or a picture of up to 10 MB.")


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(max_length=200, label="Why", widget=forms.Textarea(attrs={"rows": 2}))


class RunForm(forms.Form):
    """What a run collects."""

    creditor = forms.ModelChoiceField(Creditor.objects.none(), label="Collect by", empty_label=None)
    due_until = DayField(label="Items due until")
    collect_on = DayField(label="Debit payers on")
    request_id = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        creditors: Any = self.fields["creditor"]
        creditors.queryset = Creditor.objects.filter(entity=entity, is_active=True)

    @staticmethod
    def fresh(today: date, calendar: BusinessCalendar) -> dict[str, Any]:
        """What a new form shows: a debit in three weeks, on a day when the company works, of what is due by then."""
        day = calendar.roll_forward(today + timedelta(days=21))
        return {"due_until": day, "collect_on": day, "request_id": uuid4()}
