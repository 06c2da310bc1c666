"""Writing a call down: one form for all that can follow from it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from ar_collections.actions import Claim
from ar_collections.actions.calls import CallLog
from ar_collections.actions.promises import Pledge
from ar_collections.calls import OF_PEOPLE, CallOutcome
from ar_collections.models import Call, Promise
from ar_collections.reasons import DISPUTABLE, DeductionReason
from core.forms import AmountField, DayField
from core.money import ZERO, Money
from customers.models import Contact, Customer
from ledger.models import OpenItem

VIEWS = [("today", "Today"), ("return", "To return"), ("open", "To write down"), ("all", "All")]
NEEDS = {
    CallOutcome.PROMISE: ("amount", "due_on"),
    CallOutcome.DISPUTE: ("item", "disputed", "reason"),
    CallOutcome.CALLBACK: ("next_on",),
}


class CallFilter(forms.Form):
    """Which calls a list shows."""

    view = forms.ChoiceField(choices=VIEWS, required=False, label="Calls")
    mine = forms.BooleanField(required=False, label="Only mine")
    q = forms.CharField(required=False, label="Find")


class CallForm(forms.Form):
    """How a call ended, with the promise, dispute or day to call back, and what was learnt about the contact."""

    outcome = forms.ChoiceField(
        choices=[(each.value, each.label) for each in OF_PEOPLE], widget=forms.RadioSelect, label="How it ended"
    )
    direction = forms.ChoiceField(choices=Call.Direction.choices, required=False, label="Call")
    contact = forms.ModelChoiceField(Contact.objects.none(), required=False, label="With", empty_label="Somebody else")
    amount = AmountField(required=False, label="Promised amount", min_value=ZERO)
    due_on = DayField(required=False, label="Pay by")
    items = forms.ModelMultipleChoiceField(
        OpenItem.objects.none(), required=False, label="For these documents", widget=forms.CheckboxSelectMultiple
    )
    item = forms.ModelChoiceField(OpenItem.objects.none(), required=False, label="Disputed document")
    disputed = AmountField(required=False, label="Disputed amount", min_value=ZERO)
    reason = forms.ChoiceField(choices=[("", "Why"), *DISPUTABLE], required=False, label="Reason")
    next_on = DayField(required=False, label="Call back on")
    note = forms.CharField(max_length=1000, required=False, label="Note", widget=forms.Textarea(attrs={"rows": 2}))
    is_difficult = forms.BooleanField(required=False, label="Difficult: tell the manager")
    name = forms.CharField(max_length=120, required=False, label="Name")
    phone = forms.CharField(max_length=40, required=False, label="Telephone")
    email = forms.EmailField(required=False, label="E-mail")
    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, customer: Customer, items: Sequence[OpenItem], contacts: Sequence[Contact], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.customer, self.offered = customer, items
        self.currency = items[0].currency if items else customer.currency
        self._offer("contact", Contact.objects, contacts)
        self._offer("items", OpenItem.objects, [item for item in items if item.currency == self.currency])
        self._offer("item", OpenItem.objects, items)

    def _offer(self, name: str, manager: Any, rows: Sequence[Any]) -> None:
        """These rows, which are read already: the field reads them again only to check what was chosen."""
        field: Any = self.fields[name]
        field.queryset = manager.filter(pk__in=[row.pk for row in rows])
        empty = [] if field.empty_label is None else [("", field.empty_label)]
        field.choices = [*empty, *((row.pk, field.label_from_instance(row)) for row in rows)]

    def clean(self) -> dict[str, Any]:
        """An outcome needs what it is about."""
        facts = super().clean() or self.cleaned_data
        for name in NEEDS.get(CallOutcome(facts.get("outcome") or ""), ()):
            if not facts.get(name) and name not in self.errors:
                self.add_error(name, "Needed for this outcome.")
        return facts

    def log(self, told: Call | None = None) -> CallLog:
        """What was filled in."""
        facts = self.cleaned_data
        outcome = CallOutcome(facts["outcome"])
        return CallLog(
            outcome=outcome,
            direction=Call.Direction(facts["direction"] or (told.direction if told else Call.Direction.OUT)),
            contact=facts["contact"],
            note=facts["note"],
            is_difficult=facts["is_difficult"],
            next_on=facts["next_on"],
            pledge=self._pledge(facts) if outcome == CallOutcome.PROMISE else None,
            claim=self._claim(facts) if outcome == CallOutcome.DISPUTE else None,
            correction={name: facts[name] for name in ("name", "phone", "email")},
            told=told,
            request_id=str(facts["request_id"]),
        )

    def _pledge(self, facts: Mapping[str, Any]) -> Pledge:
        """The ticked documents, the oldest first, as far as the amount reaches; without ticks whatever is oldest."""
        left, parts = facts["amount"], []
        for item in facts["items"]:
            if left > 0:
                parts.append((item, min(left, item.open_amount)))
                left -= item.open_amount
        contact = facts["contact"]
        return Pledge(
            currency=self.currency,
            instalments=[(facts["due_on"], facts["amount"])],
            parts=parts if left <= 0 else (),
            contact=contact,
            said_by=facts["name"] or (contact.name if contact else self.customer.name),
            channel=Promise.Channel.PHONE,
            note=facts["note"][:400],
        )

    def _claim(self, facts: Mapping[str, Any]) -> tuple[OpenItem, Claim]:
        item: OpenItem = facts["item"]
        money = Money(facts["disputed"], item.currency)
        return item, Claim(DeductionReason(facts["reason"]), money, facts["note"][:400])
