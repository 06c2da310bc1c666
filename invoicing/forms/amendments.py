"""The forms of amendments: one for each kind, with only what it needs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms

from core.forms import AmountField, CodeField, DayField
from invoicing.amending import AmendmentDraft
from invoicing.models import Amendment, Contract, ContractLine, Product
from invoicing.queries.amending import lines_of

Kind = Amendment.Kind
FIGURE = forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "class": "num"})
FIELDS: dict[str, tuple[str, ...]] = {
    Kind.ADD: ("position", "product", "quantity", "unit_price", "effective_on"),
    Kind.REMOVE: ("position", "quantity", "effective_on"),
    Kind.PRICE: ("position", "unit_price", "percent", "effective_on"),
    Kind.UPGRADE: ("position", "product", "quantity", "unit_price", "effective_on"),
    Kind.EARLY_END: ("position", "last_on"),
    Kind.BUY_OUT: ("unit_price", "effective_on"),
}
NEEDED: dict[str, tuple[str, ...]] = {
    Kind.ADD: ("quantity",),
    Kind.REMOVE: ("quantity",),
    Kind.UPGRADE: ("product",),
    Kind.BUY_OUT: ("unit_price",),
}
NO_LINE: dict[str, str] = {
    Kind.ADD: "A product that isn't there yet",
    Kind.PRICE: "All lines",
    Kind.EARLY_END: "The whole contract",
}
TITLES: dict[str, str] = {
    Kind.ADD: "Add users or a product",
    Kind.REMOVE: "Remove users",
    Kind.PRICE: "Change prices",
    Kind.UPGRADE: "Upgrade",
    Kind.EARLY_END: "End early",
    Kind.BUY_OUT: "Buy the lease out",
}


class AmendmentForm(forms.Form):
    """A change of a contract."""

    position = forms.TypedChoiceField(coerce=int, empty_value=None, required=False, label="Line")
    product = CodeField(Product.objects.none(), source="invoicing:find_products", required=False, label="Product")
    quantity = AmountField(required=False, decimal_places=4, label="How many", widget=FIGURE)
    unit_price = AmountField(required=False, decimal_places=6, label="Price of a unit", widget=FIGURE)
    percent = AmountField(required=False, decimal_places=3, label="or change by %", widget=FIGURE)
    effective_on = DayField(label="From", help_text="The first day on which it counts.")
    last_on = DayField(label="Last day", help_text="The last day that is billed.")
    reason = forms.CharField(required=False, max_length=300, label="Reason")
    request_id = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, contract: Contract, kind: str, *args: Any, **options: Any) -> None:
        options.setdefault("initial", {"request_id": uuid4().hex})
        super().__init__(*args, **options)
        self.kind = kind
        for name in {*self.fields} - {*FIELDS[kind], "reason", "request_id"}:
            del self.fields[name]
        if "position" in self.fields:
            self._offer_lines(contract)
        if "product" in self.fields:
            product: Any = self.fields["product"]
            product.queryset = Product.objects.filter(entity=contract.entity, is_active=True)
        for name in NEEDED.get(kind, ()):
            self.fields[name].required = True
        if kind == Kind.BUY_OUT:
            self.fields["unit_price"].label = "Residual value"

    def _offer_lines(self, contract: Contract) -> None:
        position: Any = self.fields["position"]
        offered = [(line.position, _words(line)) for line in lines_of(contract) if not line.never_ran]
        none = NO_LINE.get(self.kind)
        position.choices = [("", none), *offered] if none else offered
        position.required = none is None

    def draft(self) -> AmendmentDraft:
        """What was written, for the action."""
        facts = dict(self.cleaned_data)
        last_on, request_id = facts.pop("last_on", None), facts.pop("request_id")
        if last_on is not None:
            facts["effective_on"] = last_on + timedelta(days=1)
        return AmendmentDraft(kind=self.kind, source_id=request_id, **facts)


def _words(line: ContractLine) -> str:
    until = f"{line.ends_on:%d %b %Y}" if line.ends_on else "open end"
    return f"{line.position}. {line.description}: {line.quantity.normalize():f}, {line.starts_on:%d %b %Y} to {until}"


class ReadingForm(forms.Form):
    """What was used on a day."""

    position = forms.TypedChoiceField(coerce=int, label="Line")
    used_on = DayField(label="Day")
    quantity = AmountField(decimal_places=4, label="Quantity", help_text="Negative to correct.", widget=FIGURE)
    source_id = forms.CharField(
        required=False, max_length=120, label="Id", help_text="Of the meter or system; left empty, one is given."
    )
    request_id = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, contract: Contract, *args: Any, **options: Any) -> None:
        options.setdefault("initial", {"request_id": uuid4().hex})
        super().__init__(*args, **options)
        position: Any = self.fields["position"]
        metered = [line for line in lines_of(contract) if line.cycle == ContractLine.Cycle.USAGE]
        position.choices = [(line.position, _words(line)) for line in metered]


class QuoteForm(forms.Form):
    """A quote for the next term."""

    percent = AmountField(required=False, decimal_places=3, label="Prices rise by %", widget=FIGURE)
    valid_until = DayField(label="Valid until")
    request_id = forms.CharField(max_length=64, widget=forms.HiddenInput)


class RenewForm(forms.Form):
    """The decision to go on."""

    percent = AmountField(required=False, decimal_places=3, label="Prices rise by %", widget=FIGURE)
    request_id = forms.CharField(max_length=64, widget=forms.HiddenInput)


class NoticeForm(forms.Form):
    """That it isn't to go on."""

    given_on = DayField(label="Notice given on")
    reason = forms.CharField(required=False, max_length=300, label="Reason")
