"""Forms of the controls."""

from typing import Any

from django import forms

from controls.models import Authority
from core.forms import AmountField
from core.models import LegalEntity, User
from core.roles import GRANTABLE


class CommentForm(forms.Form):
    """What the person who decides has to say."""

    comment = forms.CharField(
        required=False,
        max_length=2000,
        label="Comment",
        help_text="Needed when you decline.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class LimitForm(forms.Form):
    """Up to which amount a role, or one person, decides alone."""

    kind = forms.ChoiceField(choices=Authority, label="Decides on")
    role = forms.ChoiceField(choices=[("", "One person"), *GRANTABLE], required=False, label="Role")
    person = forms.ModelChoiceField(
        User.objects.none(), required=False, label="Person", empty_label="Everybody in the role"
    )
    currency = forms.CharField(max_length=3, label="Currency")
    amount = AmountField(required=False, min_value=0, label="Up to", help_text="Empty: without limit.")
    reason = forms.CharField(max_length=500, label="Why", help_text="Kept in the audit trail.")

    def __init__(self, *args: Any, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        person: Any = self.fields["person"]
        held = User.objects.filter(role_grants__entity=entity, role_grants__ended_at=None, is_active=True)
        person.queryset = held.distinct().order_by("name")
        self.fields["currency"].initial = entity.currency

    def clean(self) -> dict[str, Any]:
        """A role or a person, not both."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(cleaned.get("role")) == bool(cleaned.get("person")):
            self.add_error("person", "Choose a role or one person.")
        cleaned["currency"] = str(cleaned.get("currency", "")).upper()
        return cleaned


class EndForm(forms.Form):
    """Why a limit ends."""

    reason = forms.CharField(max_length=500, label="Why", help_text="Kept in the audit trail.")
