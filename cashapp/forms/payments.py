"""What a person fills in about electronic payments: one by hand, a file, what became of one, payouts, the hours."""

from typing import Any
from zoneinfo import available_timezones

from django import forms

from cashapp.models import BankStatementLine, ElectronicPayment, PaymentFact, PaymentProvider
from cashapp.queries.payments import providers_of
from core.currencies import currency_codes
from core.forms import AmountField, CodeField, DayField, offer_choices, offer_rows
from core.models import LegalEntity, User
from customers.models import Customer

Kind = PaymentFact.Kind


def customers_of(by: User, entity: LegalEntity) -> Any:
    """The customers that the person may choose of."""
    rows = Customer.objects.visible_to(by).filter(entity=entity)
    return rows.select_related("entity", "terms")


class PaymentForm(forms.Form):
    """A payment that a provider or a payer tells of, by phone or mail."""

    method = forms.ChoiceField(label="How", choices=ElectronicPayment.Method)
    provider = forms.ModelChoiceField(
        PaymentProvider.objects.none(), required=False, label="Provider", empty_label="None: straight to the bank"
    )
    reference = forms.CharField(label="Its id", max_length=80, help_text="At the provider, or what the payer calls it.")
    customer = CodeField(Customer.objects.none(), source="customers:find", label="Customer", required=False)
    amount = AmountField(label="Amount", min_value=0, help_text="Without a surcharge.")
    surcharge = AmountField(label="Surcharge", min_value=0, required=False, help_text="What the card paid on top.")
    currency = forms.ChoiceField(label="Currency", choices=[])
    documents = forms.CharField(
        label="For", max_length=400, required=False, help_text="Numbers of invoices, separated by spaces or commas."
    )
    payer = forms.CharField(label="Payer", max_length=200, required=False)
    payer_email = forms.EmailField(label="Receipt goes to", required=False, help_text="Left empty: to the contacts.")
    received_at = forms.DateTimeField(
        label="Received at", widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )

    def __init__(self, *args: Any, by: User, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_rows(self, "customer", customers_of(by, entity))
        offer_rows(self, "provider", providers_of(entity))
        offer_choices(self, "currency", [(code, code) for code in currency_codes()])


class PaymentsFileForm(forms.Form):
    """A file of payments."""

    file = forms.FileField(
        label="File of payments",
        help_text="CSV or XLSX with a line of headings; the content tells the format.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
    )


class PayerForm(forms.Form):
    """Whose payment it is."""

    customer = CodeField(Customer.objects.none(), source="customers:find", label="Customer")

    def __init__(self, *args: Any, by: User, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_rows(self, "customer", customers_of(by, entity))


class ToldForm(forms.Form):
    """What the provider tells of a payment that is not posted."""

    kind = forms.ChoiceField(
        label="What happened",
        choices=[(kind.value, kind.label) for kind in (Kind.AUTHORISED, Kind.CAPTURED, Kind.FAILED)],
    )
    note = forms.CharField(label="Why, if it failed", max_length=200, required=False)


class TakenBackForm(forms.Form):
    """That all of a posted payment went back."""

    kind = forms.ChoiceField(
        label="What happened", choices=[(kind.value, kind.label) for kind in (Kind.REFUNDED, Kind.DISPUTED)]
    )
    reference = forms.CharField(label="Its id at the provider", max_length=80)
    reason = forms.CharField(label="Why", max_length=200)
    fee = AmountField(label="Fee of the provider", min_value=0, required=False)
    on = DayField(label="Counts from")


class PayoutForm(forms.Form):
    """A payout as the provider's report says it."""

    provider = forms.ModelChoiceField(PaymentProvider.objects.none(), label="Provider", empty_label=None)
    reference = forms.CharField(label="Its id", max_length=80)
    paid_on = DayField(label="Paid out on")
    gross = AmountField(label="Gross", min_value=0)
    fee = AmountField(label="Fee", min_value=0, required=False)
    currency = forms.ChoiceField(label="Currency", choices=[])
    payments = forms.CharField(
        label="Payments inside",
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text="Their ids, one a line. Left empty: the payout is kept without them.",
    )

    def __init__(self, *args: Any, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_rows(self, "provider", providers_of(entity))
        offer_choices(self, "currency", [(code, code) for code in currency_codes()])


class LineChoiceForm(forms.Form):
    """The bank line on which something arrived."""

    line = forms.ModelChoiceField(
        BankStatementLine.objects.none(), label="Bank line", empty_label=None, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, lines: list[BankStatementLine], **options: Any) -> None:
        super().__init__(*args, **options)
        rows = BankStatementLine.objects.filter(pk__in=[line.pk for line in lines])
        offer_rows(self, "line", rows.select_related("bank_account__entity"))


class ProviderForm(forms.Form):
    """Somebody who takes payments for us."""

    code = forms.SlugField(label="Code", max_length=20, help_text="As files and the API name it, such as stripe.")
    name = forms.CharField(label="Name", max_length=80)


class HoursForm(forms.Form):
    """When the team that posts payments works."""

    time_zone = forms.ChoiceField(label="Time zone of the team", choices=[])
    opens_at = forms.TimeField(label="Opens at", widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    closes_at = forms.TimeField(label="Closes at", widget=forms.TimeInput({"type": "time"}, format="%H:%M"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        zones = [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]
        offer_choices(self, "time_zone", zones)
