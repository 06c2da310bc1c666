"""What people fill in about messages and templates."""

from typing import Any

from django import forms

from messaging.addresses import AddressRefused, checked
from messaging.kinds import kinds
from messaging.rendering import Wording


class MessageFilter(forms.Form):
    """Narrows the outbox."""

    q = forms.CharField(label="Customer, document or address", required=False)
    kind = forms.ChoiceField(required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        choices = [("", "All kinds"), *((name, kind.label) for name, kind in kinds().items())]
        self.fields["kind"] = forms.ChoiceField(choices=choices, required=False)


class ReasonForm(forms.Form):
    """How a person knows what became of a message."""

    reason = forms.CharField(
        label="How do you know?",
        max_length=500,
        help_text="Such as “The mail server's log has it at 14:02” or “Jane at Acme doesn't have it”.",
    )


class ResendForm(forms.Form):
    """Where another copy goes."""

    to = forms.CharField(label="Addresses", max_length=2000, help_text="Several with commas between them.")
    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def clean_to(self) -> list[str]:
        """The addresses as a list."""
        try:
            return checked(self.cleaned_data["to"].replace(";", ",").split(","))
        except AddressRefused as refusal:
            raise forms.ValidationError(refusal.message) from None


class WordingForm(forms.Form):
    """What messages of a kind say in a language."""

    subject = forms.CharField(max_length=200, strip=True)
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "true"}), max_length=20_000)
    html = forms.CharField(
        label="HTML",
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "class": "is-code"}),
        max_length=50_000,
        help_text="It stands inside the frame with the company's name and address.",
    )

    def __init__(self, data: Any = None, *, wording: Wording | None = None, **options: Any) -> None:
        initial = {"subject": wording.subject, "text": wording.text, "html": wording.html} if wording else None
        super().__init__(data, initial=initial, **options)

    @property
    def wording(self) -> Wording:
        """The wording as it was typed, with plain line ends."""
        fields = self.cleaned_data
        return Wording(
            subject=fields["subject"],
            text=fields["text"].replace("\r\n", "\n").strip() + "\n",
            html=fields["html"].replace("\r\n", "\n").strip() + "\n",
        )
