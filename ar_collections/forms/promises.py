"""Taking, withdrawing and looking for promises."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from ar_collections.actions.promises import Pledge
from ar_collections.models import Promise
from core.forms import AmountField, DayField, offer_rows
from core.money import ZERO, round_to_currency
from customers.models import Contact, Customer
from ledger.models import OpenItem

STATES = [("open", "Open"), ("due", "Due today"), ("broken", "Broken"), ("ended", "Ended"), ("all", "All")]
INSTALMENTS = 6


class PromiseFilter(forms.Form):
    """Which promises a list shows."""

    state = forms.ChoiceField(choices=STATES, required=False, label="State")
    q = forms.CharField(required=False, label="Find")


class PromiseForm(forms.Form):
    """What the customer promised: documents with amounts, and one day or several."""

    contact = forms.ModelChoiceField(
        Contact.objects.none(), required=False, label="Who said it", empty_label="Somebody else"
    )
    said_by = forms.CharField(max_length=120, required=False, label="Name, if somebody else")
    channel = forms.ChoiceField(choices=Promise.Channel.choices, label="How")
    replaces = forms.ModelChoiceField(
        Promise.objects.none(), required=False, label="Takes the place of", empty_label="No other promise"
    )
    note = forms.CharField(max_length=400, required=False, label="Note", widget=forms.Textarea(attrs={"rows": 2}))
    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, customer: Customer, currency: str, items: Sequence[OpenItem], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.currency, self.items = currency, items
        offer_rows(self, "contact", customer.contacts.filter(is_active=True))
        offer_rows(self, "replaces", customer.promises.filter(outcome=""))
        for item in items:
            label = f"Of {item.number}"
            self.fields[f"take_{item.pk}"] = forms.BooleanField(required=False, label=item.number)
            self.fields[f"part_{item.pk}"] = AmountField(required=False, label=label, min_value=ZERO)
        for number in range(1, INSTALMENTS + 1):
            self.fields[f"due_{number}"] = DayField(
                required=number == 1, label="Pay by" if number == 1 else f"Instalment {number} by"
            )
            self.fields[f"amount_{number}"] = AmountField(
                required=False, label="Amount" if number == 1 else f"Amount of instalment {number}", min_value=ZERO
            )

    @property
    def rows(self) -> Iterable[tuple[OpenItem, Any, Any]]:
        """Each document with its tick and the field for a part."""
        for item in self.items:
            yield item, self[f"take_{item.pk}"], self[f"part_{item.pk}"]

    @property
    def instalments(self) -> Iterable[tuple[int, Any, Any]]:
        """Each payment with its day and amount."""
        for number in range(1, INSTALMENTS + 1):
            yield number, self[f"due_{number}"], self[f"amount_{number}"]

    def pledge(self) -> Pledge:
        """What was filled in. A single payment without an amount is all that was ticked."""
        facts = self.cleaned_data
        parts = [
            (item, self._amount(facts.get(f"part_{item.pk}") or getattr(item, "open_then", item.open_amount)))
            for item in self.items
            if facts.get(f"take_{item.pk}")
        ]
        ticked = sum((amount for _, amount in parts), ZERO)
        return Pledge(
            currency=self.currency,
            instalments=list(self._payments(ticked)),
            parts=parts,
            contact=facts["contact"],
            said_by=facts["said_by"],
            channel=Promise.Channel(facts["channel"]),
            note=facts["note"],
            replaces=facts["replaces"],
            request_id=str(facts["request_id"]),
        )

    def _payments(self, ticked: Decimal) -> Iterable[tuple[date, Decimal]]:
        for number in range(1, INSTALMENTS + 1):
            due_on, amount = self.cleaned_data.get(f"due_{number}"), self.cleaned_data.get(f"amount_{number}")
            if due_on is not None:
                yield due_on, self._amount(ticked if amount is None and number == 1 else amount or ZERO)

    def _amount(self, amount: Decimal) -> Decimal:
        return round_to_currency(amount, self.currency)


class WithdrawForm(forms.Form):
    """Why a promise is taken away."""

    reason = forms.CharField(max_length=400, label="Why")
