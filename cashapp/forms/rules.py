"""What a manager fills in about rules, tolerances, taxes and payer groups."""

from datetime import date
from typing import Any

from django import forms

from ar_collections.reasons import DeductionReason
from cashapp.actions.payer_groups import Declared
from cashapp.actions.tolerances import Bounds
from cashapp.models import PayerGroup, RuleVersion, WithholdingPattern
from cashapp.queries.precision import PrecisionQuestion
from cashapp.wordings import Wording
from core.fields import validate_currency
from core.forms import AmountField, CodeField, DayField, offer_choices, offer_rows
from core.models import BankAccount, LegalEntity, User
from customers.models import Customer


class CustomerForm(forms.Form):
    """Offers the customers of a company that the person sees."""

    customer = CodeField(Customer.objects.none(), source="customers:find", label="Customer", required=False)

    def __init__(self, *args: Any, by: User, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        customers = Customer.objects.visible_to(by).filter(entity=entity)
        offer_rows(self, "customer", customers.select_related("entity", "terms"))


class PayerGroupForm(CustomerForm):
    """Who pays for others."""

    kind = forms.ChoiceField(choices=PayerGroup.Kind.choices, label="It is their")
    name = forms.CharField(max_length=200, label="Name", help_text="As the bank writes it.")
    account = forms.CharField(
        max_length=64, required=False, label="Account", help_text="IBAN or number. Left empty, the name must do."
    )
    note = forms.CharField(max_length=400, required=False, label="Why", help_text="Such as the contract.")

    field_order = ("kind", "name", "account", "customer", "note")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["customer"].label = "Its own code"
        self.fields["customer"].help_text = "Where the payer is a customer too."

    def declared(self) -> Declared:
        """What was filled in."""
        facts = self.cleaned_data
        kind = PayerGroup.Kind(facts["kind"])
        return Declared(kind, facts["name"], facts["account"], facts["customer"], facts["note"])


class MemberForm(CustomerForm):
    """For whom a payer pays, from when on."""

    from_on = DayField(label="From")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["customer"].required = True


class EndForm(forms.Form):
    """Why something ends."""

    reason = forms.CharField(max_length=200, label="Why")


class ToleranceForm(forms.Form):
    """How much may be missing."""

    currency = forms.CharField(max_length=3, label="Currency")
    segment = forms.ChoiceField(required=False, label="Class of customers")
    amount = AmountField(label="At most", min_value=0)
    percent = forms.DecimalField(label="And at most, in % of the document", max_digits=5, decimal_places=2, min_value=0)
    monthly_cap = AmountField(label="For a customer in a month", min_value=0)
    settles_by_itself = forms.BooleanField(required=False, label="Let the matcher settle it without asking")

    def __init__(self, *args: Any, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = Customer.objects.filter(entity=entity).exclude(segment="").order_by("segment")
        segments = rows.values_list("segment", flat=True).distinct()
        offer_choices(self, "segment", [("", "Everybody"), *((each, each) for each in segments)])

    def clean_currency(self) -> str:
        """In capitals, and one that there is."""
        currency = str(self.cleaned_data["currency"]).upper()
        validate_currency(currency)
        return currency

    def bounds(self) -> Bounds:
        """What was filled in."""
        return Bounds(**self.cleaned_data)


class WithholdingForm(CustomerForm):
    """A tax that customers keep back."""

    name = forms.CharField(max_length=80, label="Name", help_text="Such as Withholding tax India.")
    country = forms.CharField(max_length=2, required=False, label="Country", help_text="Two letters; or a customer.")
    percent = forms.DecimalField(label="Per cent", max_digits=5, decimal_places=2, min_value=0, max_value=100)
    base = forms.ChoiceField(choices=WithholdingPattern.Base.choices, label="Of")

    field_order = ("name", "country", "customer", "percent", "base")


class RuleForm(CustomerForm):
    """A rule in its conditions and its effect."""

    name = forms.CharField(max_length=80, label="Name")
    payer = forms.CharField(
        max_length=120, required=False, label="Payer contains", help_text="Whole words; * stands for anything between."
    )
    text = forms.CharField(max_length=200, required=False, label="Text contains")
    account = forms.CharField(max_length=64, required=False, label="From the account")
    bank_account = forms.ModelChoiceField(BankAccount.objects.none(), required=False, label="Into", empty_label="Any")
    amount_from = AmountField(required=False, label="Amount from", min_value=0)
    amount_to = AmountField(required=False, label="Amount to", min_value=0)
    effect = forms.ChoiceField(choices=RuleVersion.Effect.choices, label="Then")
    reason = forms.ChoiceField(choices=[("", "–"), *DeductionReason.choices], required=False, label="Reason")

    field_order = (
        "name", "payer", "text", "account", "bank_account", "amount_from", "amount_to", "effect", "customer", "reason",
    )  # fmt: skip

    def __init__(self, *args: Any, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, entity=entity, **options)
        accounts = BankAccount.objects.filter(entity=entity, is_active=True).order_by("name")
        offer_rows(self, "bank_account", accounts)

    def wording(self) -> Wording:
        """What was filled in, but for the name."""
        facts = {name: value for name, value in self.cleaned_data.items() if name != "name"}
        return Wording(**{**facts, "effect": RuleVersion.Effect(facts["effect"])})


class SpanForm(forms.Form):
    """Some days, the last month to begin with."""

    from_on = DayField(label="From")
    until_on = DayField(label="To")


class PrecisionForm(SpanForm):
    """Of which days and account the figures are."""

    bank_account = forms.ModelChoiceField(
        BankAccount.objects.none(), required=False, label="Bank account", empty_label="All"
    )

    def __init__(self, *args: Any, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_rows(self, "bank_account", BankAccount.objects.filter(entity=entity))

    def question(self, entity: LegalEntity, rule: str, kind: str, otherwise: tuple[date, date]) -> PrecisionQuestion:
        """What is asked; the given days where nothing sensible is."""
        if not self.is_valid():
            return PrecisionQuestion(entity, *otherwise, rule=rule, kind=kind)
        account = self.cleaned_data["bank_account"]
        days = (self.cleaned_data["from_on"], self.cleaned_data["until_on"])
        return PrecisionQuestion(entity, *days, account.pk if account else None, rule, kind)
