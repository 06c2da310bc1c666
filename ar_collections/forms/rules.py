"""Changing the rules of collection."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms

from ar_collections.rules import Rules

SHARES = ("kept_from", "risk_to_30", "risk_to_60", "risk_to_90", "risk_beyond")


def _per_cent(label: str, help_text: str = "", least: int = 0) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=least, max_value=100, max_digits=4, decimal_places=1, help_text=help_text
    )


class RulesForm(forms.Form):
    """The figures, shares as per cent."""

    grace_days = forms.IntegerField(
        label="Days of grace",
        min_value=0,
        max_value=30,
        help_text="Business days that a promised payment may be on its way.",
    )
    kept_from = _per_cent("Kept from", "Per cent of the amount. What was promised before keeps its own.", 1)
    most_in_a_row = forms.IntegerField(
        label="Promises in a row", min_value=1, max_value=20, help_text="About one document; the next is a manager’s."
    )
    latest_after_due = forms.IntegerField(
        label="Days after the due date",
        min_value=0,
        max_value=366,
        help_text="To a later day a manager agrees, unless it is soon.",
    )
    soon_days = forms.IntegerField(
        label="Soon is within", min_value=0, max_value=366, help_text="Days from the promise on."
    )
    daily_target = forms.IntegerField(
        label="Customers to call a day", min_value=1, max_value=500, help_text="Different ones, each counted once."
    )
    risk_to_30 = _per_cent("1 to 30 days", "Per cent that mostly isn’t paid without being asked for.")
    risk_to_60 = _per_cent("31 to 60 days")
    risk_to_90 = _per_cent("61 to 90 days")
    risk_beyond = _per_cent("Over 90 days")
    reason = forms.CharField(label="Why they change", max_length=300)

    def __init__(self, data: Any = None, *, rules: Rules) -> None:
        self.before = rules
        super().__init__(data, initial={name: _shown(name, getattr(rules, name)) for name in Rules.names()})

    def rules(self) -> Rules:
        """What was filled in."""
        facts = self.cleaned_data
        return replace(
            self.before, **{name: facts[name] / 100 if name in SHARES else facts[name] for name in Rules.names()}
        )


def _shown(name: str, value: Any) -> Any:
    return (value * 100).quantize(Decimal("0.1")) if name in SHARES else value
