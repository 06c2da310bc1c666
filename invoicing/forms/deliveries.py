"""How a document reached its customer without our mails and letters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django import forms

from core.forms import DayField
from core.keys import key_in


class DeliveryForm(forms.Form):
    """How, and on which day."""

    way = forms.CharField(max_length=200, label="How it arrived", help_text="For example: handed over at the meeting.")
    delivered_on = DayField(label="On")

    @classmethod
    def fresh(cls, today: date) -> DeliveryForm:
        """The form for a delivery of today."""
        return cls(initial={"delivered_on": today})


def ticked(values: Iterable[str]) -> dict[str, list[int]]:
    """The keys that were ticked, by the kind of document; what is none is left out."""
    found: dict[str, list[int]] = {"invoice": [], "credit_note": []}
    for value in values:
        kind, _, text = value.partition("-")
        key = key_in(text)
        if kind in found and key is not None:
            found[kind].append(key)
    return found
